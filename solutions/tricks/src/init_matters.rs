//! Capstone: does the initialization matter? Five answers, trained.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng, seq::SliceRandom};
use rand_distr::StandardNormal;
use toolkit::tensor::{Matrix, Vector};

use crate::{
    activations::relu,
    initialization::{kaiming_normal, xavier_normal},
};

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
    let std = match initialization {
        Initialization::Zero => 0.0,
        Initialization::Small => 0.001,
        Initialization::Large => 1.0,
        Initialization::Xavier => return xavier_normal(shape, 1.0, dev, rng),
        Initialization::He => return kaiming_normal(shape, dev, rng),
    };
    let weights = (0..shape.0 * shape.1).map(|_| std * rng.sample::<f32, _>(StandardNormal)).collect();
    dev.tensor_from_vec(weights, shape)
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
    let (_, pixels) = *train.images.shape();
    let mut mlp = Mlp::new((pixels, recipe.hidden), initialization, train.images.device(), rng);
    let mut order: Vec<usize> = (0..train.labels.len()).collect();
    let mut train_loss = Vec::new();
    for _ in 0..recipe.epochs {
        order.shuffle(rng);
        let mut sum = 0.0;
        for batch in order.chunks(recipe.batch_size) {
            sum += mlp.step(train.pick(batch), recipe.learning_rate) * batch.len() as f32;
        }
        train_loss.push(sum / order.len() as f32);
    }
    LearningCurve { train_loss, test_accuracy: mlp.accuracy(test) }
}

/// The number of digits.
const CLASSES: usize = 10;

impl<D: Device<f32>> Examples<D> {
    /// The examples at these places, in this order.
    fn pick(&self, places: &[usize]) -> Self {
        let rows = self.images.device().tensor_from_vec(places.to_vec(), (places.len(),));
        Self {
            images: self.images.clone().gather(rows),
            labels: places.iter().map(|&i| self.labels[i]).collect(),
        }
    }
}

/// A multilayer perceptron with one hidden layer.
struct Mlp<D: Device<f32>> {
    weights: [Matrix<D>; 2],
    biases: [Vector<D>; 2],
}

impl<D: Device<f32>> Mlp<D> {
    fn new(
        (pixels, hidden): (usize, usize),
        initialization: Initialization,
        dev: &D,
        rng: &mut StdRng,
    ) -> Self {
        let shapes = [(pixels, hidden), (hidden, CLASSES)];
        Self {
            weights: shapes.map(|shape| initial_weights(initialization, shape, dev, rng)),
            biases: shapes.map(|(_, out)| dev.zeros_like(&(out,))),
        }
    }

    fn logits<T: Tape<f32, D>>(&self, x: Matrix<D, T>) -> Matrix<D, T> {
        self.layer(1, relu(self.layer(0, x)))
    }

    /// x · W + b
    fn layer<T: Tape<f32, D>>(&self, i: usize, x: Matrix<D, T>) -> Matrix<D, T> {
        let y = x.matmul(self.weights[i].retaped::<T>());
        let shape = *y.shape();
        y + self.biases[i].retaped::<T>().broadcast_like::<_, Axis<0>>(&shape)
    }

    /// One step of gradient descent; the loss before it.
    fn step(&mut self, batch: Examples<D>, learning_rate: f32) -> f32 {
        let size = batch.labels.len();
        let labels = batch.images.device().tensor_from_vec(batch.labels, (size,));
        let log_probabilities = self.logits(batch.images.leaky_trace()).log_softmax::<Axis<1>>();
        let loss = log_probabilities.select::<(usize,), _>(labels).mean::<Rank0, _>().negate();
        let value = loss.as_vec()[0];
        let gradients = loss.backward();
        for weights in &mut self.weights {
            weights.axpy(1.0, &gradients.get(weights), -learning_rate);
        }
        for biases in &mut self.biases {
            biases.axpy(1.0, &gradients.get(biases), -learning_rate);
        }
        value
    }

    /// The fraction of `examples` whose class has the largest logit.
    fn accuracy(&self, examples: &Examples<D>) -> f32 {
        let logits = self.logits(examples.images.clone()).as_vec();
        let predictions = logits
            .chunks(CLASSES)
            .map(|logits| (0..CLASSES).max_by(|&a, &b| logits[a].total_cmp(&logits[b])));
        let right = predictions
            .zip(&examples.labels)
            .filter(|(prediction, label)| *prediction == Some(**label))
            .count();
        right as f32 / examples.labels.len() as f32
    }
}
