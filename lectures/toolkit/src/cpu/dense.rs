//! The linear layer: product and bias in one operation.

use dfdx::prelude::*;

use super::elementwise::add_rows;
use crate::gemm::{View, parallel_product};
use crate::tape::open;
use crate::tensor::{Matrix, Vector};

/// See [`crate::ops::LayerOps::linear`]; `wanted` says whether the gradient of `x` is.
pub(crate) fn linear<T: Tape<f32, Cpu>>(
    x: Matrix<Cpu, T>,
    weight: &Matrix<Cpu>,
    bias: &Vector<Cpu>,
    wanted: bool,
) -> Matrix<Cpu, T> {
    let ((n, inputs), (rows, outputs)) = (*x.shape(), *weight.shape());
    assert_eq!(inputs, rows, "linear: {inputs} features, weights for {rows}");
    assert_eq!(outputs, bias.shape().0, "linear: {outputs} units, but a bias of {}", bias.shape().0);
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

/// [`linear`] of a single example: dfdx's own product reads the weights where they are, and each of them is used once, so that
/// copying them would take longer than the rest.
fn single_row<T: Tape<f32, Cpu>>(
    x: Matrix<Cpu, T>,
    weight: &Matrix<Cpu>,
    bias: &Vector<Cpu>,
) -> Matrix<Cpu, T> {
    super::elementwise::bias_add(x.matmul(weight.retaped::<T>()), bias)
}
