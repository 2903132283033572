//! Matrix products of slices, single-threaded or over rows in parallel; nalgebra's are used because they are safe to
//! call, and because its backend has AVX-512 kernels on stable compilers.

use nalgebra::{Dyn, MatrixView, MatrixViewMut};
use rayon::prelude::*;

use crate::threads::WORTH_SHARING;

/// A matrix inside a slice: element (i, j) is `data[i * row_stride + j * column_stride]`.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    data: &'a [f32],
    shape: (usize, usize),
    strides: (usize, usize),
}

impl<'a> View<'a> {
    /// `columns` numbers in each row, one row after the other.
    pub fn rows(data: &'a [f32], columns: usize) -> Self {
        Self::strided(data, (data.len() / columns, columns), columns)
    }

    /// Rows that start `row_stride` elements apart.
    pub fn strided(data: &'a [f32], shape: (usize, usize), row_stride: usize) -> Self {
        View { data, shape, strides: (row_stride, 1) }
    }

    pub fn transposed(self) -> Self {
        let View { data, shape: (rows, columns), strides: (row, column) } = self;
        View { data, shape: (columns, rows), strides: (column, row) }
    }

    fn at(&self, i: usize, j: usize) -> f32 {
        self.data[i * self.strides.0 + j * self.strides.1]
    }

    fn row_block(self, start: usize, rows: usize) -> Self {
        View { data: &self.data[start * self.strides.0..], shape: (rows, self.shape.1), ..self }
    }

    fn matrix(self) -> MatrixView<'a, f32, Dyn, Dyn, Dyn, Dyn> {
        let ((rows, columns), (row, column)) = (self.shape, self.strides);
        MatrixView::from_slice_with_strides_generic(self.data, Dyn(rows), Dyn(columns), Dyn(row), Dyn(column))
    }
}

/// The least size of every axis for which packing into blocks pays.
const BLOCKED: usize = 6;

/// `c = a · b + beta · c` on one thread; the rows of `c` start `row_stride` elements apart.
pub(crate) fn product_into(a: View, b: View, beta: f32, c: &mut [f32], row_stride: usize) {
    let ((rows, depth), columns) = (a.shape, b.shape.1);
    assert_eq!(depth, b.shape.0, "a product of matrices that don't fit");
    if rows.min(depth).min(columns) < BLOCKED {
        return small_product_into(a, b, beta, c, row_stride);
    }
    let mut c: MatrixViewMut<f32, Dyn, Dyn, Dyn, Dyn> =
        MatrixViewMut::from_slice_with_strides_generic(c, Dyn(rows), Dyn(columns), Dyn(row_stride), Dyn(1));
    c.gemm(1.0, &a.matrix(), &b.matrix(), beta);
}

/// The definition, along whatever lies together in `b`, which may be large though the product is thin: a row for each
/// factor, or a column for each sum. nalgebra 0.35 has another program for small matrices, which crashes on views with
/// strided rows.
fn small_product_into(a: View, b: View, beta: f32, c: &mut [f32], row_stride: usize) {
    let ((rows, depth), columns) = (a.shape, b.shape.1);
    for row in c.chunks_mut(row_stride).take(rows) {
        row[..columns].iter_mut().for_each(|c| *c = if beta == 0.0 { 0.0 } else { beta * *c });
    }
    if b.strides.1 == 1 {
        for (i, row) in c.chunks_mut(row_stride).take(rows).enumerate() {
            for l in 0..depth {
                let (factor, b) = (a.at(i, l), &b.data[l * b.strides.0..][..columns]);
                row.iter_mut().zip(b).for_each(|(c, b)| *c += factor * b);
            }
        }
        return;
    }
    let mut add = |i: usize, j: usize| {
        c[i * row_stride + j] += match (a.strides.1, b.strides.0) {
            (1, 1) => dot(&a.data[i * a.strides.0..][..depth], &b.data[j * b.strides.1..][..depth]),
            _ => (0..depth).map(|l| a.at(i, l) * b.at(l, j)).sum(),
        };
    };
    // The larger matrix is gone through once.
    if rows < columns {
        (0..columns).for_each(|j| (0..rows).for_each(|i| add(i, j)));
    } else {
        (0..rows).for_each(|i| (0..columns).for_each(|j| add(i, j)));
    }
}

/// Eight sums side by side, which a processor adds at once.
fn dot(x: &[f32], y: &[f32]) -> f32 {
    let ((eights, x), (others, y)) = (x.as_chunks::<8>(), y.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (x, y) in eights.iter().zip(others) {
        sums.iter_mut().zip(x.iter().zip(y)).for_each(|(sum, (x, y))| *sum += x * y);
    }
    sums.iter().sum::<f32>() + x.iter().zip(y).map(|(x, y)| x * y).sum::<f32>()
}

/// `c = a · b + beta · c` on one thread, `c` row after row.
pub(crate) fn product(a: View, b: View, beta: f32, c: &mut [f32]) {
    product_into(a, b, beta, c, b.shape.1);
}

/// As [`product`], with blocks of rows shared out over the threads.
pub(crate) fn parallel_product(a: View, b: View, beta: f32, c: &mut [f32]) {
    let columns = b.shape.1;
    let operations = a.shape.0 * a.shape.1 * columns;
    let threads = if operations < WORTH_SHARING { 1 } else { rayon::current_num_threads() };
    let rows = a.shape.0.div_ceil(threads).next_multiple_of(16);
    c.par_chunks_mut(rows * columns).enumerate().for_each(|(block, c)| {
        product(a.row_block(block * rows, c.len() / columns), b, beta, c);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(
        a: impl Fn(usize, usize) -> f32,
        b: impl Fn(usize, usize) -> f32,
        (m, k, n): (usize, usize, usize),
    ) -> Vec<f32> {
        (0..m * n).map(|ij| (0..k).map(|l| a(ij / n, l) * b(l, ij % n)).sum()).collect()
    }

    #[test]
    fn products_agree_with_the_definition_for_every_layout_and_size() {
        for (m, k, n) in
            [(1, 1, 1), (3, 7, 2), (130, 70, 33), (64, 9, 130), (2, 21, 70), (70, 21, 2), (40, 2, 30)]
        {
            let a: Vec<f32> = (0..m * k).map(|i| ((i * 7) % 11) as f32 - 5.0).collect();
            let b: Vec<f32> = (0..k * n).map(|i| ((i * 5) % 13) as f32 - 6.0).collect();
            let want = naive(|i, l| a[i * k + l], |l, j| b[l * n + j], (m, k, n));
            let mut c = vec![1.0; m * n];
            parallel_product(View::rows(&a, k), View::rows(&b, n), 0.0, &mut c);
            assert_eq!(c, want);
            let transposed = naive(|i, l| a[l * m + i], |l, j| b[j * k + l], (m, k, n));
            parallel_product(View::rows(&a, m).transposed(), View::rows(&b, k).transposed(), 0.0, &mut c);
            assert_eq!(c, transposed);
            product(View::rows(&a, k), View::rows(&b, n), 1.0, &mut c);
            assert!(c.iter().zip(want.iter().zip(&transposed)).all(|(c, (x, y))| *c == x + y));
        }
    }
}
