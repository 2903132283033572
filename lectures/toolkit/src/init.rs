//! Weights to begin a training with. Why these, the first chapter says.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng};

use crate::ops::LstmWeights;
use crate::tensor::Matrix;

/// Weights (in, out), uniform in ±√(6 / (in + out)): Glorot & Bengio 2010, called Xavier's or Glorot's.
pub fn xavier_uniform<D: Device<f32>>(shape: (usize, usize), dev: &D, rng: &mut StdRng) -> Matrix<D> {
    let limit = (6.0 / (shape.0 + shape.1) as f32).sqrt();
    dev.tensor_from_vec((0..shape.0 * shape.1).map(|_| rng.gen_range(-limit..limit)).collect(), shape)
}

impl<D: Device<f32>> LstmWeights<D> {
    /// [`xavier_uniform`] for both matrices, whose outputs are all four gates together; the bias is 1 for the forget gates, so
    /// that nothing is forgotten at first (Jozefowicz et al. 2015), and 0 for the others.
    ///
    /// ```
    /// use dfdx::prelude::*;
    /// use rand::{SeedableRng, rngs::StdRng};
    /// use toolkit::ops::LstmWeights;
    /// let weights = LstmWeights::new(3, 2, &Cpu::default(), &mut StdRng::seed_from_u64(1));
    /// assert_eq!((weights.input.shape(), weights.hidden.shape()), (&(3, 8), &(2, 8)));
    /// assert_eq!(weights.bias.as_vec(), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    /// ```
    pub fn new(features: usize, hidden: usize, dev: &D, rng: &mut StdRng) -> Self {
        let forget = |k: usize| if k / hidden == 1 { 1.0 } else { 0.0 };
        LstmWeights {
            input: xavier_uniform((features, 4 * hidden), dev, rng),
            hidden: xavier_uniform((hidden, 4 * hidden), dev, rng),
            bias: dev.tensor_from_vec((0..4 * hidden).map(forget).collect(), (4 * hidden,)),
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn weights_are_uniform_up_to_their_limit() {
        let weights = xavier_uniform((50, 100), &Cpu::default(), &mut StdRng::seed_from_u64(1)).as_vec();
        let n = weights.len() as f32;
        let (mean, square) = weights.iter().fold((0.0, 0.0), |(m, s), w| (m + w / n, s + w * w / n));
        // √(6 / 150) = 0.2; its standard deviation is 0.2 / √3, that of the mean of 5000 is 0.0016
        assert!(weights.iter().all(|w| w.abs() <= 0.2) && weights.iter().any(|w| w.abs() > 0.199));
        assert!(mean.abs() < 0.008 && (square.sqrt() - 0.115_47).abs() < 0.004, "{mean} {square}");
    }
}
