//! What an LSTM layer learns.

use dfdx::prelude::*;

use crate::tensor::{Matrix, Vector};

/// The weights of an LSTM layer; the gates stand in the order i, f, g, o (PyTorch's) along the last axis.
#[derive(Clone, Debug)]
pub struct LstmWeights<D: Device<f32>> {
    /// What multiplies the inputs: (features, 4·hidden).
    pub input: Matrix<D>,
    /// What multiplies the hidden state: (hidden, 4·hidden).
    pub hidden: Matrix<D>,
    /// Added to the gates: (4·hidden,). PyTorch has two that are added.
    pub bias: Vector<D>,
}

impl<D: Device<f32>> LstmWeights<D> {
    /// The number of hidden units.
    ///
    /// # Panics
    /// When the three don't belong together, or not to inputs of so many features.
    pub(super) fn check(&self, features: usize) -> usize {
        let hidden = self.hidden.shape().0;
        assert_eq!(*self.input.shape(), (features, 4 * hidden), "lstm: weights of the inputs");
        assert_eq!(self.hidden.shape().1, 4 * hidden, "lstm: weights of the hidden state");
        assert_eq!(self.bias.shape().0, 4 * hidden, "lstm: bias");
        hidden
    }
}
