//! Gradients of oracles by central differences in double precision, so that no author derives one by hand.

use crate::{Args, Tensor};

/// Relative step. The error of a central difference is O(h²) + O(2⁻⁵³/h): about 10⁻¹⁰ here, a thousandth of an f32's rounding.
const STEP: f64 = 1e-5;

/// A gradient, and the size of what it is summed up from.
pub struct Gradient {
    /// `∂⟨cotangent, oracle(args)⟩/∂tensor`, in the tensor's shape.
    pub values: Tensor,
    /// The largest of the terms `cotangent_j · ∂oracle_j/∂tensor_i` whose sums over j the values are.
    pub largest_term: f64,
    /// How exactly differences in double precision know the values: what rounding an answer's elements makes of them.
    pub resolution: f64,
}

/// `∂⟨cotangent, oracle(args)⟩/∂tensor` for the tensor argument number `index`.
pub fn gradient(oracle: &dyn Fn(&Args) -> Tensor, args: &Args, index: usize, cotangent: &Tensor) -> Gradient {
    let mut shifted = args.clone();
    let mut values = shifted.at(index).1.clone();
    let (mut largest_term, mut resolution) = (0.0, 0.0);
    for (at, slot) in values.iter_mut().enumerate() {
        let value = *slot;
        let step = STEP * value.abs().max(1.0);
        let mut answer = |value: f64| {
            set(&mut shifted, index, at, value);
            oracle(&shifted)
        };
        let (above, below) = (answer(value + step), answer(value - step));
        let changes = above.iter().zip(&below).zip(cotangent).filter(|(_, c)| **c != 0.0);
        let terms = changes.map(|((above, below), c)| (above - below) * c / (2.0 * step));
        let sizes = above.iter().zip(cotangent).map(|(y, c)| (y * c).abs()).filter(|size| size.is_finite());
        resolution = f64::max(resolution, f64::EPSILON * sizes.sum::<f64>() / step);
        *slot = terms.fold(0.0, |sum, term| {
            largest_term = f64::max(largest_term, term.abs());
            sum + term
        });
        set(&mut shifted, index, at, value);
    }
    Gradient { values, largest_term, resolution }
}

fn set(args: &mut Args, index: usize, at: usize, value: f64) {
    if let Some(element) = args.at(index).1.iter_mut().nth(at) {
        *element = value;
    }
}
