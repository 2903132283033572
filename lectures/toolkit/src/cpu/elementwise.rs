//! Activations and the addition of a bias, with vector instructions and on all threads.

use dfdx::prelude::*;
use rayon::prelude::*;

use super::{BLOCK, least};
use crate::tape::{add_assign, open, values};
use crate::tensor::Vector;

/// An element-wise function `y = f(x)` whose derivative `slope(y)` follows from its value.
pub(crate) fn unary<S: Shape, T: Tape<f32, Cpu>>(
    x: Tensor<S, f32, Cpu, T>,
    f: impl Fn(f32) -> f32 + Sync,
    slope: impl Fn(f32) -> f32 + Sync + 'static,
) -> Tensor<S, f32, Cpu, T> {
    let (x, mut elements, mut tape) = open(x);
    elements.par_chunks_mut(BLOCK).for_each(|block| block.iter_mut().for_each(|x| *x = f(*x)));
    let y: Tensor<S, f32, Cpu> = x.device().tensor_from_vec(elements, *x.shape());
    if T::OWNS_TAPE {
        let (x, output) = (x.ghost(), y.clone());
        tape.add_backward_op(move |gradients| {
            let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
            let y = values(&output);
            let d_x = gradients.get_or_alloc_mut(&x)?.par_chunks_mut(BLOCK);
            d_x.zip(d_y.par_chunks(BLOCK)).zip(y.par_chunks(BLOCK)).for_each(|((d_x, d_y), y)| {
                d_x.iter_mut().zip(d_y).zip(y).for_each(|((d_x, d_y), y)| *d_x += d_y * slope(*y));
            });
            **gradients.get_or_alloc_mut(&output)? = d_y;
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// See [`crate::ops::LayerOps::bias_add`].
pub(crate) fn bias_add<S: Shape, T: Tape<f32, Cpu>>(
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

/// Adds every row of `rows` to `sum`.
pub(crate) fn add_rows(sum: &mut [f32], rows: &[f32]) {
    rows.chunks_exact(sum.len()).for_each(|row| add_assign(sum, row));
}
