//! Embedding tables of which a step reads and changes a few rows only: no gradient of the size of the table, no decay
//! of the moments of rows that were not read (PyTorch's `SparseAdam`).

use std::collections::BTreeMap;

use dfdx::prelude::*;

use crate::tensor::Matrix;

/// How rows are updated.
#[derive(Clone, Copy, Debug)]
pub enum SparseRule {
    /// `row ← row − lr·g`.
    Sgd {
        /// Learning rate.
        lr: f32,
    },
    /// Adam, with moments that change only when their row is read.
    Adam {
        /// Learning rate.
        lr: f32,
        /// How much of the moments is kept at each step.
        betas: [f32; 2],
        /// Added to the root of the second moment.
        eps: f32,
    },
}

/// A table (rows, width) in main memory.
///
/// ```
/// use dfdx::prelude::*;
/// use toolkit::sparse::{SparseRule, SparseTable};
/// let dev = Cpu::default();
/// let mut table = SparseTable::new(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2);
/// let rows = table.lookup(&dev, &[2, 0, 2]);
/// let gradients = rows.leaky_trace().sum::<Rank0, _>().backward();
/// table.update(SparseRule::Sgd { lr: 0.5 }, &[2, 0, 2], &gradients.get(&rows));
/// assert_eq!(table.values(), [0.5, 1.5, 3.0, 4.0, 4.0, 5.0]);
/// ```
#[derive(Clone, Debug)]
pub struct SparseTable {
    values: Vec<f32>,
    moments: [Vec<f32>; 2],
    width: usize,
    steps: i32,
}

impl SparseTable {
    /// A table of `values`, `width` to a row.
    ///
    /// # Panics
    /// When `width` is 0 or does not divide the number of values.
    pub fn new(values: Vec<f32>, width: usize) -> Self {
        assert!(
            width > 0 && values.len().is_multiple_of(width),
            "{} values are no rows of {width}",
            values.len()
        );
        SparseTable { values, moments: [vec![], vec![]], width, steps: 0 }
    }

    /// All rows, one after the other.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The rows `indices` (n,) as a new tensor (n, width): trace it, and hand its gradient to [`SparseTable::update`].
    ///
    /// # Panics
    /// When there is no such row.
    pub fn lookup<D: Device<f32>>(&self, device: &D, indices: &[usize]) -> Matrix<D> {
        let rows = indices.iter().flat_map(|&row| &self.values[self.range(row)]).copied().collect();
        device.tensor_from_vec(rows, (indices.len(), self.width))
    }

    /// One step of the rows `indices` with the gradient (n, width); what belongs to the same row is summed first.
    ///
    /// # Panics
    /// When the gradient has another shape or there is no such row.
    pub fn update<D: Device<f32>>(&mut self, rule: SparseRule, indices: &[usize], gradient: &Matrix<D>) {
        assert_eq!(*gradient.shape(), (indices.len(), self.width), "update: the gradient's shape");
        self.steps = self.steps.saturating_add(1);
        let mut sums: BTreeMap<usize, Vec<f32>> = BTreeMap::new();
        for (&row, gradient) in indices.iter().zip(gradient.as_vec().chunks_exact(self.width)) {
            let sum = sums.entry(row).or_insert_with(|| vec![0.0; gradient.len()]);
            crate::tape::add_assign(sum, gradient);
        }
        match rule {
            SparseRule::Sgd { lr } => self.sgd(lr, &sums),
            SparseRule::Adam { lr, betas, eps } => self.adam(lr, betas, eps, &sums),
        }
    }

    fn range(&self, row: usize) -> std::ops::Range<usize> {
        row * self.width..(row + 1) * self.width
    }

    fn sgd(&mut self, lr: f32, gradients: &BTreeMap<usize, Vec<f32>>) {
        for (&row, gradient) in gradients {
            let range = self.range(row);
            self.values[range].iter_mut().zip(gradient).for_each(|(p, g)| *p -= lr * g);
        }
    }

    fn adam(&mut self, lr: f32, betas: [f32; 2], eps: f32, gradients: &BTreeMap<usize, Vec<f32>>) {
        let size = self.values.len();
        self.moments.iter_mut().for_each(|moment| moment.resize(size, 0.0));
        let correction = betas.map(|beta| 1.0 - beta.powi(self.steps));
        let lr = lr * correction[1].sqrt() / correction[0];
        for (&row, gradient) in gradients {
            let range = self.range(row);
            let [m, v] = &mut self.moments;
            let moments = m[range.clone()].iter_mut().zip(&mut v[range.clone()]);
            for ((p, g), (m, v)) in self.values[range].iter_mut().zip(gradient).zip(moments) {
                *m = betas[0] * *m + (1.0 - betas[0]) * g;
                *v = betas[1] * *v + (1.0 - betas[1]) * g * g;
                *p -= lr * *m / (v.sqrt() + eps);
            }
        }
    }
}
