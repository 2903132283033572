//! Changes of shape that work for tensors of any rank.

use dfdx::prelude::*;

use crate::ops::LayerOps;
use crate::tensor::Images;

pub use crate::axes::{merge_leading_axes, slice};

/// The parts `rows` of the first axis, in this order and as often as they occur: images (n, h, w, c) and two rows give
/// (2, h, w, c). dfdx's `gather` does the same, slower on the CPU. Gradients flow through.
///
/// # Panics
/// When a row is not below n, or when the type of `x` fixes its first axis.
///
/// ```
/// use dfdx::prelude::*;
/// let x = Cpu::default().tensor_from_vec(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], (3, 2));
/// assert_eq!(toolkit::shape::pick(x, &[2, 0]).as_vec(), [5.0, 6.0, 1.0, 2.0]);
/// ```
pub fn pick<S: Shape, D: LayerOps, T: Tape<f32, D>>(
    x: Tensor<S, f32, D, T>,
    rows: &[usize],
) -> Tensor<S, f32, D, T> {
    let mut sizes = x.shape().concrete();
    let n = std::mem::replace(&mut sizes[0], rows.len());
    let shape = S::from_concrete(&sizes).expect("pick: the type of `x` fixes how many rows it has");
    let width = (1..S::NUM_DIMS).map(|axis| sizes[axis]).product();
    let indices = x.device().tensor_from_vec(rows.to_vec(), (rows.len(),));
    D::embedding(x.reshape_like(&(n, width)), &indices).reshape_like(&shape)
}

/// Images in a frame of zeros: `rows` are how many lie above and below, `columns` how many to the left and to the right.
/// (n, h, w, c) gives (n, h + above + below, w + left + right, c). Gradients flow through.
///
/// ```
/// use dfdx::prelude::*;
/// let image = Cpu::default().tensor_from_vec(vec![1.0, 2.0], (1, 1, 2, 1));
/// let framed = toolkit::shape::pad(image, (0, 1), (1, 0));
/// assert_eq!((framed.shape(), framed.as_vec()), (&(1, 2, 3, 1), vec![0.0, 1.0, 2.0, 0.0, 0.0, 0.0]));
/// ```
pub fn pad<D: LayerOps, T: Tape<f32, D>>(
    x: Images<D, T>,
    rows: (usize, usize),
    columns: (usize, usize),
) -> Images<D, T> {
    D::pad(x, rows, columns)
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::*;
    use crate::tests::values_and_gradient;

    #[test]
    fn rows_are_picked_as_dfdx_gathers_them() {
        let dev = Cpu::default();
        for seed in 0..50 {
            let mut rng = StdRng::seed_from_u64(seed);
            // few of many rows, and more than there are
            let (n, count) = (rng.gen_range(1..40), rng.gen_range(1..60));
            let rows: Vec<usize> = (0..count).map(|_| rng.gen_range(0..n)).collect();
            let x: Images<Cpu> = dev.sample_like(&(n, 2, 3, 1), rand_distr::StandardNormal);
            let indexes = dev.tensor_from_vec(rows.clone(), (count,));
            let gathered = values_and_gradient(x.leaky_trace().gather(indexes), &x);
            assert_eq!(values_and_gradient(pick(x.leaky_trace(), &rows), &x), gathered, "seed {seed}");
        }
    }

    #[test]
    fn vectors_have_rows_of_one_element() {
        let x = Cpu::default().tensor_from_vec(vec![1.0, 2.0, 3.0], (3,));
        assert_eq!(pick(x, &[2, 2, 0]).as_vec(), [3.0, 3.0, 1.0]);
    }

    #[test]
    #[should_panic(expected = "fixes how many rows it has")]
    fn a_fixed_number_of_rows_can_t_change() {
        let x: Tensor<(Const<3>, usize), f32, Cpu> = Cpu::default().zeros_like(&(Const, 2));
        pick(x, &[0]);
    }
}
