//! Gradients of oracles by central differences in double precision, so that no author derives one by hand.

use crate::{Args, Tensor};

/// Relative step. The error of a central difference is O(h²) + O(2⁻⁵³/h): about 10⁻¹⁰ here, a thousandth of an f32's rounding.
const STEP: f64 = 1e-5;

/// `∂⟨cotangent, oracle(args)⟩/∂tensor` for the tensor argument number `index`.
pub fn gradient(oracle: &dyn Fn(&Args) -> Tensor, args: &Args, index: usize, cotangent: &Tensor) -> Tensor {
    let mut shifted = args.clone();
    let mut gradient = shifted.at(index).1.clone();
    for (at, slot) in gradient.iter_mut().enumerate() {
        let value = *slot;
        let step = STEP * value.abs().max(1.0);
        let mut objective = |value: f64| {
            set(&mut shifted, index, at, value);
            let y = oracle(&shifted);
            y.iter().zip(cotangent.iter()).filter(|(_, c)| **c != 0.0).map(|(y, c)| y * c).sum::<f64>()
        };
        *slot = (objective(value + step) - objective(value - step)) / (2.0 * step);
        set(&mut shifted, index, at, value);
    }
    gradient
}

fn set(args: &mut Args, index: usize, at: usize, value: f64) {
    if let Some(element) = args.at(index).1.iter_mut().nth(at) {
        *element = value;
    }
}
