//! The addition of a bias to every row.

use dfdx::prelude::*;
use rayon::prelude::*;

use crate::axes::merge_leading_axes;
use crate::tape::{add_assign, open};
use crate::tensor::Vector;
use crate::threads::least;

/// Biases.
pub trait BiasOps: Device<f32> {
    /// Adds `bias` (c,) along the last axis: (…, c) stays (…, c).
    fn bias_add<S: Shape, T: Tape<f32, Self>>(
        x: Tensor<S, f32, Self, T>,
        bias: &Vector<Self>,
    ) -> Tensor<S, f32, Self, T> {
        bias_add(x, bias)
    }
}

#[cfg(feature = "cuda")]
impl BiasOps for Cuda {}

/// [`BiasOps::bias_add`] from dfdx's operations: broadcast, then add.
pub fn bias_add<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<S, f32, D, T>,
    bias: &Vector<D>,
) -> Tensor<S, f32, D, T> {
    let shape = *x.shape();
    let rows = merge_leading_axes(x);
    let offsets = bias.retaped::<T>().broadcast_like::<_, Axis<0>>(rows.shape());
    (rows + offsets).reshape_like(&shape)
}

impl BiasOps for Cpu {
    fn bias_add<S: Shape, T: Tape<f32, Cpu>>(
        x: Tensor<S, f32, Cpu, T>,
        bias: &Vector<Cpu>,
    ) -> Tensor<S, f32, Cpu, T> {
        let width = bias.shape().0;
        let last = x.shape().concrete().into_iter().last();
        assert_eq!(last, Some(width), "bias_add: a last axis of {last:?}, a bias of {width}");
        let (x, mut elements, tape) = open(x);
        let (bias, offsets, bias_tape) = open(bias.retaped::<T>());
        let mut tape = tape.merge(bias_tape);
        elements.par_chunks_mut(width).with_min_len(least(width)).for_each(|row| add_assign(row, &offsets));
        let y: Tensor<S, f32, Cpu> = x.device().tensor_from_vec(elements, *x.shape());
        if T::OWNS_TAPE {
            let (x, bias, output) = (x.ghost(), bias.ghost(), y.ghost());
            tape.add_backward_op(move |gradients| {
                let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
                add_assign(gradients.get_or_alloc_mut(&x)?, &d_y);
                add_rows(gradients.get_or_alloc_mut(&bias)?, &d_y);
                **gradients.get_or_alloc_mut(&output)? = d_y;
                Ok(())
            });
        }
        y.put_tape(tape)
    }
}

/// Adds every row of `rows` to `sum`.
pub(super) fn add_rows(sum: &mut [f32], rows: &[f32]) {
    rows.chunks_exact(sum.len()).for_each(|row| add_assign(sum, row));
}
