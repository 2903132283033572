//! One step of all sequences: a copy of rows.

use dfdx::prelude::*;

use crate::tape::{add_assign, values};
use crate::tensor::{Indices, Matrix, Sequences};

/// Steps of sequences.
pub trait TimeStepOps: Device<f32> {
    /// `x[:, step, :]`: (n, steps, c) gives (n, c).
    fn time_step<T: Tape<f32, Self>>(x: Sequences<Self, T>, step: usize) -> Matrix<Self, T> {
        time_step(x, step)
    }
}

#[cfg(feature = "cuda")]
impl TimeStepOps for Cuda {}

/// [`TimeStepOps::time_step`] from dfdx's operations: one row is selected of each sequence.
pub fn time_step<D: Device<f32>, T: Tape<f32, D>>(x: Sequences<D, T>, step: usize) -> Matrix<D, T> {
    let (n, _, _) = *x.shape();
    let step: Indices<D> = x.device().tensor_from_vec(vec![step; n], (n,));
    x.select(step)
}

impl TimeStepOps for Cpu {
    fn time_step<T: Tape<f32, Cpu>>(x: Sequences<Cpu, T>, step: usize) -> Matrix<Cpu, T> {
        let (n, steps, width) = *x.shape();
        assert!(step < steps, "time_step: step {step} of {steps}");
        let (x, mut tape) = x.contiguous().split_tape();
        let at = move |row: usize| (row * steps + step) * width..(row * steps + step + 1) * width;
        let sequences = values(&x);
        let y: Vec<f32> = (0..n).flat_map(|row| &sequences[at(row)]).copied().collect();
        let y: Matrix<Cpu> = x.device().tensor_from_vec(y, (n, width));
        if T::OWNS_TAPE {
            let (x, output) = (x.ghost(), y.ghost());
            tape.add_backward_op(move |gradients| {
                let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
                let d_x = gradients.get_or_alloc_mut(&x)?;
                d_y.chunks_exact(width)
                    .enumerate()
                    .for_each(|(row, d_row)| add_assign(&mut d_x[at(row)], d_row));
                **gradients.get_or_alloc_mut(&output)? = d_y;
                Ok(())
            });
        }
        y.put_tape(tape)
    }
}
