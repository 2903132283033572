//! Rows of a table: copies, whose gradients are sums of rows.

use dfdx::prelude::*;

use crate::tape::{add_assign, values};
use crate::tensor::{Indices, Matrix};

/// Embeddings.
pub trait EmbeddingOps: Device<f32> {
    /// The rows `indices` of a table: (rows, width) and (n,) give (n, width). The gradient is scattered back, and rows
    /// that occur twice get both. For tables too large for a dense gradient see [`crate::sparse::SparseTable`].
    fn embedding<T: Tape<f32, Self>>(table: Matrix<Self, T>, indices: &Indices<Self>) -> Matrix<Self, T> {
        embedding(table, indices)
    }
}

#[cfg(feature = "cuda")]
impl EmbeddingOps for Cuda {}

/// [`EmbeddingOps::embedding`] from dfdx's operations: its `gather`.
pub fn embedding<D: Device<f32>, T: Tape<f32, D>>(table: Matrix<D, T>, indices: &Indices<D>) -> Matrix<D, T> {
    table.gather(indices.clone())
}

/// How many elements are copied in the time that finding a single one takes: dfdx lends no slice of a tensor.
const COPIED: usize = 8;

impl EmbeddingOps for Cpu {
    fn embedding<T: Tape<f32, Cpu>>(table: Matrix<Cpu, T>, indices: &Indices<Cpu>) -> Matrix<Cpu, T> {
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
}
