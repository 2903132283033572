//! Rows of a table, and one step of sequences: copies of rows, whose gradients are sums of rows.

use dfdx::prelude::*;

use crate::tape::{add_assign, values};
use crate::tensor::{Indices, Matrix, Sequences};

/// How many elements are copied in the time that finding a single one takes: dfdx lends no slice of a tensor.
const COPIED: usize = 8;

/// See [`crate::ops::LayerOps::embedding`].
pub(crate) fn embedding<T: Tape<f32, Cpu>>(table: Matrix<Cpu, T>, indices: &Indices<Cpu>) -> Matrix<Cpu, T> {
    let (table, mut tape) = table.contiguous().split_tape();
    let (rows, width) = *table.shape();
    let indices = indices.as_vec();
    if let Some(row) = indices.iter().find(|&&row| row >= rows) {
        panic!("embedding: row {row} of a table of {rows}");
    }
    let mut y = Vec::with_capacity(indices.len() * width);
    if indices.len() < rows / COPIED {
        indices.iter().for_each(|&row| y.extend((0..width).map(|column| table[[row, column]])));
    } else {
        let table = values(&table);
        indices.iter().for_each(|row| y.extend_from_slice(&table[row * width..(row + 1) * width]));
    }
    let y: Matrix<Cpu> = table.device().tensor_from_vec(y, (indices.len(), width));
    if T::OWNS_TAPE {
        let (table, output) = (table.ghost(), y.ghost());
        tape.add_backward_op(move |gradients| {
            let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
            let d_table = gradients.get_or_alloc_mut(&table)?;
            for (row, d_row) in indices.iter().zip(d_y.chunks_exact(width)) {
                add_assign(&mut d_table[row * width..(row + 1) * width], d_row);
            }
            **gradients.get_or_alloc_mut(&output)? = d_y;
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// See [`crate::ops::LayerOps::time_step`].
pub(crate) fn time_step<T: Tape<f32, Cpu>>(x: Sequences<Cpu, T>, step: usize) -> Matrix<Cpu, T> {
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
            d_y.chunks_exact(width).enumerate().for_each(|(row, d_row)| add_assign(&mut d_x[at(row)], d_row));
            **gradients.get_or_alloc_mut(&output)? = d_y;
            Ok(())
        });
    }
    y.put_tape(tape)
}
