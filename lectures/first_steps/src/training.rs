//! The training loop: what every network of this course is trained by.

use dfdx::prelude::*;
use rand::rngs::StdRng;

use crate::{
    classification::UnknownLabel,
    given::classifier::{Classifier, Examples, History, Plan},
};

/// One step on one batch: changes `model` in place, and returns the loss that it had on the batch *before* the step.
///
/// ```text
/// loss    = cross_entropy(model's logits of batch.x, batch.labels)
/// weights ← weights − η · ∂loss/∂weights        biases ← biases − η · ∂loss/∂biases
/// ```
///
/// η is the `learning_rate`. [`Classifier::traced_logits`] gives the logits with a tape on which both parameters are.
///
/// # Errors
/// When a label is no class; the model then stays as it was.
///
/// Source: lecture, section 9; Robbins & Monro 1951.
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::{given::classifier::{Classifier, Examples}, training::training_step};
/// let dev = Cpu::default();
/// let mut model = Classifier { weights: dev.zeros_like(&(1, 2)), biases: dev.zeros_like(&(2,)) };
/// let batch = Examples { x: dev.tensor_from_vec(vec![2.0], (1, 1)), labels: vec![1] };
/// let loss = training_step(&mut model, &batch, 0.5).unwrap();
/// assert!((loss - 0.6931472).abs() < 1e-6); // both classes had the probability 1/2: −log 1/2
/// assert_eq!(model.weights.as_vec(), [-0.5, 0.5]); // the gradient was (1/2 · 2, −1/2 · 2)
/// assert_eq!(model.biases.as_vec(), [-0.25, 0.25]);
/// ```
pub fn training_step<D: Device<f32>>(
    model: &mut Classifier<D>,
    batch: &Examples<D>,
    learning_rate: f32,
) -> Result<f32, UnknownLabel> {
    todo!()
}

/// Trains `model` in place, epoch by epoch, and keeps what its curves are drawn from.
///
/// In each of `plan.epochs` epochs:
///
/// 1. Shuffle the training examples anew, with draws from `rng`.
/// 2. Cut them into batches of `plan.batch_size`, of which the last may be smaller, and make one [`training_step`] on each.
///    Each loss goes into `step_losses`.
/// 3. The epoch's entry in `train_losses` is the mean over all *examples*: each batch's loss counts as often as the batch
///    has examples.
/// 4. Look at the validation examples, all at once, and learn nothing from them: their mean loss goes into
///    `validation_losses`, the share of those whose class has the largest logit into `validation_accuracies`.
///
/// There is at least one example to train on and one to validate.
///
/// # Errors
/// When a label is no class.
///
/// Source: lecture, section 9; Keras's `fit`; notebook “MLP on MNIST”.
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::{given::classifier::{Classifier, Examples, Plan}, training::training_loop};
/// use rand::{SeedableRng, rngs::StdRng};
/// let dev = Cpu::default();
/// let mut model = Classifier { weights: dev.zeros_like(&(1, 2)), biases: dev.zeros_like(&(2,)) };
/// let x = dev.tensor_from_vec(vec![-2.0, -1.0, 1.0, 2.0, 3.0], (5, 1));
/// let train = Examples { x, labels: vec![0, 0, 1, 1, 1] }; // the class says whether x is positive
/// let validation = Examples { x: dev.tensor_from_vec(vec![-3.0, 4.0], (2, 1)), labels: vec![0, 1] };
/// let plan = Plan { epochs: 20, batch_size: 2, learning_rate: 0.5 };
/// let history = training_loop(&mut model, &train, &validation, &plan, &mut StdRng::seed_from_u64(1)).unwrap();
/// assert_eq!(history.step_losses.len(), 60); // batches of 2, 2 and 1 examples, 20 times
/// assert_eq!((history.train_losses.len(), history.validation_losses.len()), (20, 20));
/// assert!(history.train_losses[19] < 0.1 * history.train_losses[0]);
/// assert_eq!(history.validation_accuracies[19], 1.0);
/// ```
pub fn training_loop<D: Device<f32>>(
    model: &mut Classifier<D>,
    train: &Examples<D>,
    validation: &Examples<D>,
    plan: &Plan,
    rng: &mut StdRng,
) -> Result<History, UnknownLabel> {
    todo!()
}
