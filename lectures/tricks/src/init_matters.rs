//! Capstone: does the initialization matter? Five answers, trained.

use dfdx::prelude::*;
use rand::rngs::StdRng;
use toolkit::tensor::Matrix;

/// Where the weights of a layer start; biases always start at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initialization {
    /// All 0.
    Zero,
    /// Normal with standard deviation 0.001.
    Small,
    /// Normal with standard deviation 1.
    Large,
    /// [`xavier_normal`](crate::initialization::xavier_normal) with gain 1.
    Xavier,
    /// [`kaiming_normal`](crate::initialization::kaiming_normal).
    He,
}

/// Images with their classes.
#[derive(Clone, Debug)]
pub struct Examples<D: Device<f32>> {
    /// One image a row: (examples, pixels).
    pub images: Matrix<D>,
    /// The class of each image, 0 to 9.
    pub labels: Vec<usize>,
}

/// How a network is built and trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Units of the hidden layer; 512 in the notebook.
    pub hidden: usize,
    /// Passes through the training data.
    pub epochs: usize,
    /// Images a step, at least 1; 128 in the notebook.
    pub batch_size: usize,
    /// Step size η of gradient descent.
    pub learning_rate: f32,
}

/// What came of a training.
#[derive(Clone, Debug, PartialEq)]
pub struct LearningCurve {
    /// The mean loss of each epoch.
    pub train_loss: Vec<f32>,
    /// The fraction of the test images whose class is recognised after the last epoch.
    pub test_accuracy: f32,
}

/// The weights that a layer of `shape` (in, out) starts with.
///
/// All randomness comes from `rng`: the same seed gives the same weights.
///
/// Source: slides “Initialization”, “Xavier” and “He”.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use tricks::init_matters::{Initialization, initial_weights};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let weights = initial_weights(Initialization::Small, (100, 50), &dev, &mut rng);
/// let std = weights.stddev::<Rank0, _>(0.0).array();
/// assert!((std - 0.001).abs() < 0.0001);
/// ```
pub fn initial_weights<D: Device<f32>>(
    initialization: Initialization,
    shape: (usize, usize),
    dev: &D,
    rng: &mut StdRng,
) -> Matrix<D> {
    todo!()
}

/// Trains the notebook's multilayer perceptron from one initialization and says how it went.
///
/// ```text
/// h = relu(x · W₁ + b₁)        logits = h · W₂ + b₂        W₁ (pixels, hidden), W₂ (hidden, 10)
///
/// loss of a batch = −mean over its images of log softmax(logits)[class of the image]
/// step on a batch: θ ← θ − η · ∂loss/∂θ        for each θ of W₁, b₁, W₂, b₂
/// ```
///
/// 1. Draw W₁, then W₂ by [`initial_weights`]; the biases start at 0.
/// 2. In every epoch shuffle the training images anew and cut them into batches of `batch_size`, of which the last may be
///    smaller. Make one step of plain gradient descent on each. Plain, because an optimizer that adapts its step sizes,
///    like Adam, would hide some of the differences that you want to see.
/// 3. The epoch's loss is the mean over all training *images* of the loss that each had when its batch came up, before
///    the step. It needs no second pass, and a smaller last batch counts less.
/// 4. After the last epoch, an image's predicted class is the one with the largest logit. The test images are for this
///    only: nothing is learnt from them.
///
/// All randomness comes from `rng`: the same seed gives the same curve. There is at least one training and one test image;
/// with 0 epochs there are no losses.
///
/// Ten equally likely classes are a loss of ln 10 ≈ 2.303, where a network that knows nothing starts. Look at five curves
/// side by side: which start higher, which stay there, which only wait, and who recognises unseen digits best in the end?
/// The grader's digits are made by `datasets::generated::digits`: small ones, so that five trainings take a moment.
///
/// Source: slides “Initialization” to “He” and “Does it actually matter?”; notebook “MLP on MNIST”; Glorot & Bengio 2010;
/// He et al. 2015.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use tricks::init_matters::{Examples, Initialization, Recipe, does_init_matter};
/// let dev = Cpu::default();
/// let images = dev.tensor_from_vec(vec![0.0, 1.0, 1.0, 0.0, 0.0, 0.9, 0.9, 0.0], (4, 2));
/// let train = Examples { images, labels: vec![3, 7, 3, 7] };
/// let recipe = Recipe { hidden: 16, epochs: 100, batch_size: 2, learning_rate: 0.5 };
/// let mut from = |initialization| {
///     does_init_matter(&train, &train, initialization, recipe, &mut StdRng::seed_from_u64(1))
/// };
/// assert_eq!(from(Initialization::He).test_accuracy, 1.0);
/// assert_eq!(from(Initialization::Zero).test_accuracy, 0.5);
/// ```
pub fn does_init_matter<D: Device<f32>>(
    train: &Examples<D>,
    test: &Examples<D>,
    initialization: Initialization,
    recipe: Recipe,
    rng: &mut StdRng,
) -> LearningCurve {
    todo!()
}
