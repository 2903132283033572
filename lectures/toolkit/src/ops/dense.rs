//! The linear layer. On the CPU product and bias are one operation.

use dfdx::prelude::*;

use super::bias::{BiasOps, add_rows, bias_add};
use crate::gemm::{View, parallel_product};
use crate::own::{own, with_parameters};
use crate::tape::open;
use crate::tensor::{Matrix, Vector};

/// Linear layers.
pub trait DenseOps: Device<f32> {
    /// `y = x · w + b`: (n, in), (in, out) and (out,) give (n, out).
    fn linear<T: Tape<f32, Self>>(
        x: Matrix<Self, T>,
        weight: &Matrix<Self>,
        bias: &Vector<Self>,
    ) -> Matrix<Self, T> {
        linear(x, weight, bias)
    }

    /// [`DenseOps::linear`] of a network's first layer: `x` is data and needs no gradient. `tape` records the rest.
    fn linear_of_data<T: Tape<f32, Self>>(
        x: Matrix<Self>,
        weight: &Matrix<Self>,
        bias: &Vector<Self>,
        tape: T,
    ) -> Matrix<Self, T> {
        Self::linear(x.put_tape(tape), weight, bias)
    }
}

#[cfg(feature = "cuda")]
impl DenseOps for Cuda {}

/// [`DenseOps::linear`] from dfdx's operations: a product, then a sum.
pub fn linear<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    weight: &Matrix<D>,
    bias: &Vector<D>,
) -> Matrix<D, T> {
    bias_add(x.matmul(weight.retaped::<T>()), bias)
}

impl DenseOps for Cpu {
    fn linear<T: Tape<f32, Cpu>>(
        x: Matrix<Cpu, T>,
        weight: &Matrix<Cpu>,
        bias: &Vector<Cpu>,
    ) -> Matrix<Cpu, T> {
        fused(x, weight, bias, true)
    }

    fn linear_of_data<T: Tape<f32, Cpu>>(
        x: Matrix<Cpu>,
        weight: &Matrix<Cpu>,
        bias: &Vector<Cpu>,
        tape: T,
    ) -> Matrix<Cpu, T> {
        fused(x.put_tape(tape), weight, bias, false)
    }
}

/// See [`DenseOps::linear`]; `wanted` says whether the gradient of `x` is.
fn fused<T: Tape<f32, Cpu>>(
    x: Matrix<Cpu, T>,
    weight: &Matrix<Cpu>,
    bias: &Vector<Cpu>,
    wanted: bool,
) -> Matrix<Cpu, T> {
    let ((n, inputs), (rows, outputs)) = (*x.shape(), *weight.shape());
    assert_eq!(inputs, rows, "linear: {inputs} features, weights for {rows}");
    assert_eq!(outputs, bias.shape().0, "linear: {outputs} units, but a bias of {}", bias.shape().0);
    if let Some(linear) = own(|own| own.linear) {
        return with_parameters(x, (weight, bias), linear);
    }
    if n == 1 && wanted {
        return single_row(x, weight, bias);
    }
    let (x, features, tape) = open(x);
    let (weight, weights, weight_tape) = open(weight.retaped::<T>());
    let (bias, offsets, bias_tape) = open(bias.retaped::<T>());
    let mut tape = tape.merge(weight_tape).merge(bias_tape);
    let mut y = offsets.repeat(n);
    parallel_product(View::rows(&features, inputs), View::rows(&weights, outputs), 1.0, &mut y);
    let y: Matrix<Cpu> = x.device().tensor_from_vec(y, (n, outputs));
    if T::OWNS_TAPE {
        let (x, weight, bias, output) = (x.ghost(), weight.ghost(), bias.ghost(), y.ghost());
        tape.add_backward_op(move |gradients| {
            let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
            let d_rows = View::rows(&d_y, outputs);
            let d_weight = gradients.get_or_alloc_mut(&weight)?;
            parallel_product(View::rows(&features, inputs).transposed(), d_rows, 1.0, d_weight);
            add_rows(gradients.get_or_alloc_mut(&bias)?, &d_y);
            if wanted {
                let d_x = gradients.get_or_alloc_mut(&x)?;
                parallel_product(d_rows, View::rows(&weights, outputs).transposed(), 1.0, d_x);
            }
            **gradients.get_or_alloc_mut(&output)? = d_y;
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// [`fused`] of a single example: dfdx's own product reads the weights where they are, and each of them is used once, so that
/// copying them would take longer than the rest.
fn single_row<T: Tape<f32, Cpu>>(
    x: Matrix<Cpu, T>,
    weight: &Matrix<Cpu>,
    bias: &Vector<Cpu>,
) -> Matrix<Cpu, T> {
    Cpu::bias_add(x.matmul(weight.retaped::<T>()), bias)
}
