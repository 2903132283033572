//! Given: how the capstone's networks are built and trained, and what comes of them.

use dfdx::prelude::*;
use rand::rngs::StdRng;
use toolkit::{
    fit::accuracy,
    init::xavier_uniform,
    ops::LayerOps,
    optim::{AdamConfig, Optimizer, Parameters, Rule, Visitor},
    resize::bilinear,
    shape::pick,
    tensor::{Images, Matrix, Vector},
};

use crate::given::small_net::Network;

/// The network that knows ImageNet, and its last blocks by themselves.
pub use toolkit::efficientnet::{EfficientNetLite0, FEATURES, Tail};

/// How long to train, and how fast: Adam with this learning rate, its other settings the usual ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    /// Passes through the training images.
    pub epochs: usize,
    /// Adam's.
    pub learning_rate: f64,
}

/// How cats and dogs are learnt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Height and width that the images are scaled to for EfficientNet.
    pub side: usize,
    /// How many of EfficientNet's blocks stay frozen throughout.
    pub depth: usize,
    /// Images at a time, at least 1: a step's, and a forward pass's.
    pub batch_size: usize,
    /// Channels of the small network's blocks.
    pub channels: [usize; 3],
    /// The small network's training.
    pub scratch: Training,
    /// The training of a head on frozen features.
    pub head: Training,
    /// The training of EfficientNet's last blocks together with that head.
    pub tuning: Training,
}

/// What came of it: accuracies on the validation images, between 0 and 1.
#[derive(Clone, Debug)]
pub struct Report<D: Device<f32>> {
    /// Of the small network, which began at random.
    pub scratch: f32,
    /// Of a head on EfficientNet's features, which stayed as they were.
    pub frozen: f32,
    /// The same after fine-tuning.
    pub tuned: f32,
    /// What the frozen blocks make of the validation images, in their order.
    pub validation_maps: Images<D>,
    /// The fine-tuned end of the network.
    pub classifier: Classifier<D>,
}

/// The end of a network that sees ImageNet's features and tells other classes.
#[derive(Clone, Debug)]
pub struct Classifier<D: Device<f32>> {
    /// From the maps of the frozen blocks to features.
    pub tail: Tail<D>,
    /// Weights (features, classes) and bias (classes,).
    pub head: (Matrix<D>, Vector<D>),
}

impl<D: LayerOps> Classifier<D> {
    /// Logits (n, classes) of the frozen blocks' maps.
    pub fn logits<T: Tape<f32, D>>(&self, maps: Images<D, T>) -> Matrix<D, T> {
        D::linear(self.tail.features(maps), &self.head.0, &self.head.1)
    }
}

impl<D: Device<f32>> Parameters<D> for Classifier<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        self.tail.visit(visitor)?;
        self.head.visit(visitor)
    }
}

/// Images whose numbers are between 0 and 1 as EfficientNet wants them: `side` pixels high and wide, a byte b as
/// (b − 127) / 128.
pub fn prepared<D: Device<f32>>(images: &Images<D>, side: usize) -> Images<D> {
    (bilinear(images, (side, side)) * 255.0 - 127.0) / 128.0
}

/// A new head: Xavier's weights and a bias of 0.
pub fn new_head<D: Device<f32>>(
    features: usize,
    classes: usize,
    dev: &D,
    rng: &mut StdRng,
) -> (Matrix<D>, Vector<D>) {
    (xavier_uniform((features, classes), dev, rng), dev.zeros_like(&(classes,)))
}

/// How networks for a learning curve are trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurveRecipe {
    /// Images a step, at least 1.
    pub batch_size: usize,
    /// The training from scratch, and of the new head on frozen blocks.
    pub training: Training,
    /// How many of the last blocks are trained afterwards, with the head.
    pub unfrozen: usize,
    /// That training.
    pub tuning: Training,
}

/// Accuracies on the validation images over numbers of training images.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Curves {
    /// Of networks that began at random.
    pub scratch: Vec<f32>,
    /// Of networks that began with what another task had taught.
    pub transferred: Vec<f32>,
}

/// An untrained network of the same size, with a head of its own.
pub fn untrained_like<D: LayerOps>(network: &Network<D>, classes: usize, rng: &mut StdRng) -> Network<D> {
    let first = network.blocks.iter().take(1).map(|block| block.kernel.shape().2);
    let channels: Vec<usize> =
        first.chain(network.blocks.iter().map(|block| block.kernel.shape().3)).collect();
    Network::new(&channels, classes, network.head.0.device(), rng)
}

/// A new Adam that learns as fast as `training` says.
pub fn adam<D: Device<f32>>(training: Training) -> Optimizer<D> {
    Optimizer::new(Rule::Adam(AdamConfig { lr: training.learning_rate, ..AdamConfig::default() }))
}

/// The share of images, between 0 and 1, whose largest logit is that of their label. `logits` gets `batch_size` images at a
/// time.
pub fn share_right<D: LayerOps>(
    logits: impl Fn(Images<D>) -> Matrix<D>,
    images: Images<D>,
    labels: &[usize],
    batch_size: usize,
) -> f32 {
    let rows: Vec<usize> = (0..labels.len()).collect();
    let right = rows.chunks(batch_size).map(|rows| {
        let batch = pick(images.clone(), rows);
        let labels: Vec<usize> = rows.iter().map(|&row| labels[row]).collect();
        accuracy(&logits(batch), &labels) * rows.len() as f32
    });
    right.sum::<f32>() / rows.len() as f32
}
