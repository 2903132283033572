//! More parameters than examples: what a network can learn by heart.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng, seq::SliceRandom};
use toolkit::{
    fit::{Plan, accuracy, fit},
    init::xavier_uniform,
    ops::{Activation, ConvBlock, ConvConfig, LayerOps, Pooling},
    optim::{AdamConfig, Optimizer, Rule},
    shape::pick,
    tensor::{Images, Matrix, Vector},
};

/// A layer that has parameters. Activations, poolings and flattenings have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Every input is connected with every output, and each output has a bias.
    Dense {
        /// Numbers that come in.
        inputs: usize,
        /// Numbers that come out.
        outputs: usize,
    },
    /// Each output channel has a kernel of `size` × `size` × `inputs` weights.
    Convolution {
        /// Height and width of the kernel.
        size: usize,
        /// Channels that come in.
        inputs: usize,
        /// Channels that come out.
        outputs: usize,
        /// Whether each output channel also has a bias; before a batch normalization it needs none.
        bias: bool,
    },
    /// Each channel has a shift β and, where `scale` says so, a scale γ. The running mean and variance are measured, not
    /// trained.
    BatchNorm {
        /// Channels that come in and out.
        channels: usize,
        /// Whether there is a scale.
        scale: bool,
    },
}

/// How many trained parameters p a network has for each of the n examples it learns from: p / n.
///
/// Source: slide “Parameters per sample”; Zhang et al. 2017, table 1.
///
/// ```
/// use convnets::capacity::{Layer, parameters_per_sample};
/// // one hidden layer of 512 units, on the 50,000 images of CIFAR-10 cut to 28 × 28 pixels
/// let mlp = [
///     Layer::Dense { inputs: 28 * 28 * 3, outputs: 512 }, // 1,204,736
///     Layer::Dense { inputs: 512, outputs: 10 },          // 5,130
/// ];
/// assert_eq!(parameters_per_sample(&mlp, 50_000).round(), 24.0);
/// ```
pub fn parameters_per_sample(layers: &[Layer], samples: usize) -> f64 {
    let parameters = |layer: &Layer| match *layer {
        Layer::Dense { inputs, outputs } => (inputs + 1) * outputs,
        Layer::Convolution { size, inputs, outputs, bias } => {
            (size * size * inputs + usize::from(bias)) * outputs
        }
        Layer::BatchNorm { channels, scale } => (1 + usize::from(scale)) * channels,
    };
    layers.iter().map(parameters).sum::<usize>() as f64 / samples as f64
}

/// Images and what they show.
#[derive(Clone, Debug)]
pub struct Examples<D: Device<f32>> {
    /// (n, height, width, channels).
    pub images: Images<D>,
    /// The class of each image, counted from 0.
    pub labels: Vec<usize>,
}

/// How the network is built and trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Channels of the convolution.
    pub filters: usize,
    /// Units of the hidden dense layer.
    pub hidden: usize,
    /// Number of classes.
    pub classes: usize,
    /// Passes through the training images.
    pub epochs: usize,
    /// Images a step, at least 1; the last batch of an epoch may be smaller.
    pub batch_size: usize,
    /// Adam's learning rate; its other settings are the usual ones.
    pub learning_rate: f32,
}

/// What a training came to: one number an epoch, between 0 and 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Accuracies {
    /// On the images that it learned from.
    pub train: Vec<f32>,
    /// On images that it never saw.
    pub test: Vec<f32>,
}

/// The same images with their labels in random order: every class keeps its number of images, and no image has anything to
/// do with its label any more.
///
/// Every order of the labels is equally likely. All randomness comes from `rng`: the same seed gives the same labels.
///
/// Source: slide “Fitting random labels”; Zhang et al. 2017, §2.
///
/// ```
/// use convnets::capacity::{Examples, random_labels};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let images = Cpu::default().tensor_from_vec((0..8).map(|i| i as f32).collect(), (8, 1, 1, 1));
/// let examples = Examples { images, labels: vec![0, 0, 0, 0, 1, 1, 1, 1] };
/// let mut random = random_labels(&examples, &mut StdRng::seed_from_u64(1));
/// assert_eq!(random.images.as_vec(), examples.images.as_vec());
/// random.labels.sort();
/// assert_eq!(random.labels, examples.labels);
/// ```
pub fn random_labels<D: Device<f32>>(examples: &Examples<D>, rng: &mut StdRng) -> Examples<D> {
    let mut labels = examples.labels.clone();
    labels.shuffle(rng);
    Examples { images: examples.images.clone(), labels }
}

/// Trains a small convolutional network on `train` and measures it after every epoch, on all of `train` and all of `test`.
///
/// ```text
/// convolution of 3 × 3, one pixel of zeros around → relu → max-pooling of 2 × 2
///     → flatten → dense → relu → dense → softmax cross entropy
/// ```
///
/// 1. The weights start at random, about as large as Xavier's ([`toolkit::init::xavier_uniform`]), the biases at 0.
/// 2. Every epoch shuffles the images and makes a step of Adam on each batch; [`toolkit::fit::fit`] does it.
/// 3. After the epoch an image counts as right where the largest logit is that of its label: [`toolkit::fit::accuracy`].
///
/// Nothing is learned from the test images. All randomness comes from `rng`: the same seed gives the same training. There is
/// at least one image in each part, of at least 2 × 2 pixels. With 0 epochs there is nothing to measure.
///
/// Source: slide “Fitting random labels”; Zhang et al. 2017, figure 1.
///
/// ```
/// use convnets::capacity::{Examples, Recipe, train_and_test};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// // two images of one pixel's noise: what they show is learned by heart
/// let images = Cpu::default().tensor_from_vec(vec![0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0], (2, 2, 2, 1));
/// let train = Examples { images, labels: vec![1, 0] };
/// let recipe = Recipe { filters: 8, hidden: 16, classes: 2, epochs: 60, batch_size: 2, learning_rate: 0.01 };
/// let accuracies = train_and_test(&train, &train, recipe, &mut StdRng::seed_from_u64(1));
/// assert_eq!((accuracies.train.len(), accuracies.train[59]), (60, 1.0));
/// ```
pub fn train_and_test<D: LayerOps>(
    train: &Examples<D>,
    test: &Examples<D>,
    recipe: Recipe,
    rng: &mut StdRng,
) -> Accuracies {
    let mut network = network(&train.images, recipe, rng);
    let config = AdamConfig { lr: f64::from(recipe.learning_rate), ..AdamConfig::default() };
    let mut adam = Optimizer::new(Rule::Adam(config));
    let plan = Plan { epochs: recipe.epochs, batch: recipe.batch_size, seed: rng.r#gen() };
    let epochs = fit(
        &mut network,
        &mut adam,
        &plan,
        train.labels.len(),
        |network, rows| {
            let batch = train.pick(rows);
            let targets = batch.images.device().tensor_from_vec(batch.labels, (rows.len(),));
            D::softmax_cross_entropy(logits(network, batch.images, OwnedTape::default()), &targets)
        },
        |network| vec![("train", share_right(network, train)), ("test", share_right(network, test))],
        &mut [],
    );
    // It fails only when the device has no memory left.
    let epochs = epochs.expect("out of memory");
    let curve = |name| epochs.iter().filter_map(|epoch| epoch.metric(name)).collect();
    Accuracies { train: curve("train"), test: curve("test") }
}

/// Examples measured at once: enough to keep the processor busy, few enough to fit its cache.
const AT_ONCE: usize = 256;

impl<D: LayerOps> Examples<D> {
    /// The examples with these numbers.
    fn pick(&self, rows: &[usize]) -> Self {
        let labels = rows.iter().map(|&row| self.labels[row]).collect();
        Examples { images: pick(self.images.clone(), rows), labels }
    }
}

/// The convolution, and two dense layers: weights and biases.
type Network<D> = ((Images<D>, Vector<D>), ((Matrix<D>, Vector<D>), (Matrix<D>, Vector<D>)));

fn network<D: LayerOps>(images: &Images<D>, recipe: Recipe, rng: &mut StdRng) -> Network<D> {
    let (dev, (_, h, w, channels)) = (images.device(), *images.shape());
    let mut layer =
        |inputs, outputs| (xavier_uniform((inputs, outputs), dev, rng), dev.zeros_like(&(outputs,)));
    let (kernel, bias) = layer(9 * channels, recipe.filters);
    let hidden = layer((h / 2) * (w / 2) * recipe.filters, recipe.hidden);
    let kernel = kernel.reshape_like(&(3, 3, channels, recipe.filters));
    ((kernel, bias), (hidden, layer(recipe.hidden, recipe.classes)))
}

fn logits<D: LayerOps, T: Tape<f32, D>>(network: &Network<D>, images: Images<D>, tape: T) -> Matrix<D, T> {
    let ((kernel, bias), (hidden, output)) = network;
    let conv = ConvConfig { stride: 1, padding: 1 };
    let block = ConvBlock { conv, activation: Activation::Relu, pooling: Pooling::Max(2) };
    let x = D::conv_block_of_data(images, kernel, bias, block, tape);
    let (n, h, w, c) = *x.shape();
    let x = D::relu(D::linear(x.reshape_like(&(n, h * w * c)), &hidden.0, &hidden.1));
    D::linear(x, &output.0, &output.1)
}

fn share_right<D: LayerOps>(network: &Network<D>, examples: &Examples<D>) -> f32 {
    let rows: Vec<usize> = (0..examples.labels.len()).collect();
    let right = rows.chunks(AT_ONCE).map(|rows| {
        let batch = examples.pick(rows);
        accuracy(&logits(network, batch.images, NoneTape), &batch.labels) * rows.len() as f32
    });
    right.sum::<f32>() / rows.len() as f32
}
