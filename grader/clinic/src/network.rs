//! The patient of most trainings: one hidden layer of relus, with batch normalization where it is wanted.

use dfdx::prelude::*;
use rand::rngs::StdRng;
use toolkit::{
    norm::BatchNorm,
    ops::LayerOps,
    optim::{Parameters, Visitor},
    tensor::{Matrix, Vector},
};

use crate::film::{constant, normal};

/// One hidden layer.
#[derive(Clone, Debug)]
pub struct Mlp<D: Device<f32>> {
    /// (features, hidden).
    pub hidden_weights: Matrix<D>,
    /// (hidden,).
    pub hidden_bias: Vector<D>,
    /// Between the hidden layer and its relu.
    pub norm: Option<BatchNorm<D>>,
    /// (hidden, classes).
    pub output_weights: Matrix<D>,
    /// (classes,).
    pub output_bias: Vector<D>,
}

impl<D: Device<f32>> Parameters<D> for Mlp<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        visitor.tensor(&mut self.hidden_weights)?;
        visitor.tensor(&mut self.hidden_bias)?;
        if let Some(norm) = &mut self.norm {
            norm.visit(visitor)?;
        }
        visitor.tensor(&mut self.output_weights)?;
        visitor.tensor(&mut self.output_bias)
    }
}

impl<D: LayerOps> Mlp<D> {
    /// He's weights for `sizes` = features, hidden units and classes; every hidden unit starts with `bias`.
    pub fn new(sizes: [usize; 3], bias: f32, has_norm: bool, device: &D, rng: &mut StdRng) -> Self {
        let [features, hidden, classes] = sizes;
        let he = |fan_in: usize| (2.0 / fan_in as f32).sqrt();
        Self {
            hidden_weights: normal((features, hidden), he(features), device, rng),
            hidden_bias: constant(hidden, bias, device),
            norm: has_norm.then(|| BatchNorm::new(hidden, device)),
            output_weights: normal((hidden, classes), he(hidden), device, rng),
            output_bias: constant(classes, 0.0, device),
        }
    }

    /// Logits while it learns: batch normalization goes by the batch, and its running statistics follow if `follows`.
    pub fn train(&mut self, x: Matrix<D>, follows: bool) -> Matrix<D, OwnedTape<f32, D>> {
        let z = D::linear_of_data(x, &self.hidden_weights, &self.hidden_bias, OwnedTape::default());
        let z = match &mut self.norm {
            Some(norm) if follows => norm.train(z),
            Some(norm) => norm.clone().train(z),
            None => z,
        };
        D::linear(D::relu(z), &self.output_weights, &self.output_bias)
    }

    /// Logits of a network that has learnt.
    pub fn logits(&self, x: Matrix<D>) -> Matrix<D> {
        D::linear(D::relu(self.before_relu(x)), &self.output_weights, &self.output_bias)
    }

    /// What the relus get, in evaluation.
    pub fn before_relu(&self, x: Matrix<D>) -> Matrix<D> {
        let z = D::linear(x, &self.hidden_weights, &self.hidden_bias);
        match &self.norm {
            Some(norm) => norm.eval(z),
            None => z,
        }
    }
}
