//! Layers from `tricks`.

use ::tricks::{
    activations,
    batch_norm::{self, RunningStatistics},
};
use dfdx::prelude::*;
use toolkit::{
    ops::{Affine, Statistics},
    own::OwnLayers,
    tensor::Vector,
};

/// Of all elements, whatever shape they have in the network.
pub fn relu(own: &mut OwnLayers) {
    own.relu = Some(activations::relu);
}

/// The layer in training. The running statistics are the network's to keep: with a momentum of 1 they are the batch's, but for
/// the variance, which comes back unbiased.
pub fn batch_norm_train(own: &mut OwnLayers) {
    own.batch_norm = Some(|x, Affine { gamma, beta }, epsilon| {
        let (rows, columns) = *x.shape();
        let mut batch = RunningStatistics { momentum: 1.0, ..RunningStatistics::new(columns, x.device()) };
        let y = batch_norm::batch_norm_train(x, gamma, beta, &mut batch, epsilon)
            .unwrap_or_else(|e| panic!("{e}"));
        let biased: Vector<Cpu> = batch.variance * ((rows - 1) as f32 / rows as f32);
        (y, batch.mean, biased)
    });
}

/// The layer in evaluation.
pub fn batch_norm_eval(own: &mut OwnLayers) {
    own.normalize = Some(|x, Statistics { mean, variance }, Affine { gamma, beta }, epsilon| {
        // What it learns from batches is of no use here.
        let running = RunningStatistics { mean: mean.clone(), variance: variance.clone(), momentum: 0.1 };
        batch_norm::batch_norm_eval(x, gamma, beta, &running, epsilon)
    });
}
