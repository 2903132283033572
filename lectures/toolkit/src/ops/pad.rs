//! Zeros around images. dfdx joins blocks element by element, which takes as long as a convolution; the CPU's program copies
//! row by row.

use dfdx::prelude::*;

use crate::tape::{add_assign, open};
use crate::tensor::Images;

/// Frames of zeros.
pub trait PadOps: Device<f32> {
    /// Zeros around images: see [`crate::shape::pad`].
    fn pad<T: Tape<f32, Self>>(
        x: Images<Self, T>,
        rows: (usize, usize),
        columns: (usize, usize),
    ) -> Images<Self, T> {
        pad(x, rows, columns)
    }
}

#[cfg(feature = "cuda")]
impl PadOps for Cuda {}

/// [`PadOps::pad`] from dfdx's operations: a block of zeros for each side.
pub fn pad<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    rows: (usize, usize),
    columns: (usize, usize),
) -> Images<D, T> {
    let ((n, h, w, c), dev) = (*x.shape(), x.device().clone());
    let zeros = |h: usize, w: usize| -> Images<D> { dev.zeros_like(&(n, h, w, c)) };
    let x = joined::<_, _, 1>(x, zeros(rows.0, w), zeros(rows.1, w));
    let height = h + rows.0 + rows.1;
    joined::<_, _, 2>(x, zeros(height, columns.0), zeros(height, columns.1))
}

/// `x` with something before and behind it along an axis; what is empty is left out.
fn joined<D: Device<f32>, T: Tape<f32, D>, const AXIS: isize>(
    x: Images<D, T>,
    before: Images<D>,
    behind: Images<D>,
) -> Images<D, T>
where
    (usize, usize, usize, usize): HasAxes<Axis<AXIS>>,
    (Images<D, T>, Images<D, T>): TryConcatAlong<Axis<AXIS>, Output = Images<D, T>>,
{
    let is_empty = |block: &Images<D>| block.shape().num_elements() == 0;
    let x = if is_empty(&before) { x } else { (before.retaped::<T>(), x).concat_along(Axis) };
    if is_empty(&behind) { x } else { (x, behind.retaped::<T>()).concat_along(Axis) }
}

impl PadOps for Cpu {
    fn pad<T: Tape<f32, Cpu>>(
        x: Images<Cpu, T>,
        (above, below): (usize, usize),
        (left, right): (usize, usize),
    ) -> Images<Cpu, T> {
        let (x, elements, mut tape) = open(x);
        let (n, h, w, c) = *x.shape();
        let (height, width) = (above + h + below, left + w + right);
        let frame = Frame {
            images: n,
            height: h,
            before: (above * width + left) * c,
            row: width * c,
            image: height * width * c,
        };
        let mut framed = vec![0.0; n * frame.image];
        let row = (w * c).max(1);
        for (start, row) in frame.starts().zip(elements.chunks(row)) {
            framed[start..start + row.len()].copy_from_slice(row);
        }
        let y: Images<Cpu> = x.device().tensor_from_vec(framed, (n, height, width, c));
        if T::OWNS_TAPE {
            let (x, output) = (x.ghost(), y.ghost());
            tape.add_backward_op(move |gradients| {
                let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
                for (start, d_x) in frame.starts().zip(gradients.get_or_alloc_mut(&x)?.chunks_mut(row)) {
                    add_assign(d_x, &d_y[start..]);
                }
                **gradients.get_or_alloc_mut(&output)? = d_y;
                Ok(())
            });
        }
        y.put_tape(tape)
    }
}

/// Where the rows of an image lie in the larger one.
#[derive(Clone, Copy)]
struct Frame {
    images: usize,
    height: usize,
    /// Elements before an image's first row, in the larger image.
    before: usize,
    /// Elements of the larger image's rows.
    row: usize,
    /// Elements of the larger image.
    image: usize,
}

impl Frame {
    /// The first elements of all rows in the larger images.
    fn starts(self) -> impl Iterator<Item = usize> {
        let rows = (0..self.images).flat_map(move |n| (0..self.height).map(move |y| (n, y)));
        rows.map(move |(n, y)| n * self.image + self.before + y * self.row)
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::*;
    use crate::tests::values_and_gradient;

    #[test]
    fn as_dfdx_joins_blocks_of_zeros() {
        let dev = Cpu::default();
        for seed in 0..50 {
            let mut rng = StdRng::seed_from_u64(seed);
            let [n, h, w, c] = [(); 4].map(|()| rng.gen_range(1..5));
            let [above, below, left, right] = [(); 4].map(|()| rng.gen_range(0..3));
            let x: Images<Cpu> = dev.sample_like(&(n, h, w, c), rand_distr::StandardNormal);
            let both = |pad: fn(_, _, _) -> Images<Cpu, OwnedTape<f32, Cpu>>| {
                values_and_gradient(pad(x.leaky_trace(), (above, below), (left, right)), &x)
            };
            assert_eq!(both(Cpu::pad), both(pad), "seed {seed}");
        }
    }

    #[test]
    fn what_flows_to_the_input_elsewhere_is_kept() {
        let x: Images<Cpu> = Cpu::default().tensor_from_vec(vec![3.0, 5.0], (1, 1, 2, 1));
        let y = Cpu::pad(x.leaky_trace(), (0, 1), (1, 0)).sum::<Rank0, _>()
            + x.leaky_trace().square().sum::<Rank0, _>();
        assert_eq!(y.backward().get(&x).as_vec(), [7.0, 11.0]);
    }
}
