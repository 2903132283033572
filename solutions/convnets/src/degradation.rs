//! Degradation: the deeper a plain network, the worse it trains. With shortcuts it does not.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng, seq::SliceRandom};
use rand_distr::StandardNormal;
use toolkit::{
    epoch_log::EpochLog,
    init::xavier_uniform,
    norm::BatchNorm,
    ops::LayerOps,
    optim::{Momentum, Optimizer, Rule, SgdConfig},
    shape::pick,
    tape::gradient_of,
    tensor::Images,
};

use crate::{
    given::resnet_parts::{Block, ConvNorm, Mode, ResNet, Shortcut},
    residual::resnet_logits,
};

/// A network of equal blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Whether blocks add their input: their [`Shortcut`](crate::given::resnet_parts::Shortcut) is `Identity`, else it
    /// is `Nothing`.
    pub residual: bool,
    /// Number of blocks. Each is two convolutions deep.
    pub depth: usize,
    /// Channels of the images.
    pub channels: usize,
    /// Channels of everything between.
    pub width: usize,
    /// Classes to tell apart.
    pub classes: usize,
}

/// How a network is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Passes through the images.
    pub epochs: usize,
    /// Images a step, at least 1; the last batch of an epoch may be smaller.
    pub batch_size: usize,
    /// Learning rate of stochastic gradient descent; its momentum is 0.9.
    pub learning_rate: f32,
}

/// A new network: a stem, `depth` blocks and a head, nothing else.
///
/// All convolutions are 3 × 3 with stride 1, and there is no max-pooling: the images keep their size to the end. Weights of
/// kernels are drawn as He et al. have it, normal with mean 0 and standard deviation √(2 / (9 · channels in)); the head's
/// are [`xavier_uniform`](toolkit::init::xavier_uniform), its biases 0, and the batch normalizations new. All randomness comes
/// from `rng`: the same seed gives the same network. Plain and residual networks have the same number of parameters.
///
/// Source: He, Zhang, Ren & Sun 2016, §3.3 and §4.2; He et al. 2015 for the weights.
///
/// ```
/// use convnets::degradation::{Plan, stack};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let plan = Plan { residual: true, depth: 4, channels: 1, width: 16, classes: 10 };
/// let network = stack(plan, &Cpu::default(), &mut StdRng::seed_from_u64(1));
/// assert_eq!((network.blocks.len(), network.head.0.shape()), (4, &(16, 10)));
/// let std = network.blocks[3].second.kernel.clone().stddev::<Rank0, _>(0.0).array();
/// assert!((std - 0.118).abs() < 0.01); // √(2 / 144)
/// ```
pub fn stack<D: LayerOps>(plan: Plan, dev: &D, rng: &mut StdRng) -> ResNet<D> {
    let mut conv_norm = |inputs: usize| {
        let std = (2.0 / (9 * inputs) as f32).sqrt();
        let weights = (0..9 * inputs * plan.width).map(|_| std * rng.sample::<f32, _>(StandardNormal));
        let kernel = dev.tensor_from_vec(weights.collect(), (3, 3, inputs, plan.width));
        ConvNorm { kernel, stride: 1, norm: BatchNorm::new(plan.width, dev) }
    };
    let stem = conv_norm(plan.channels);
    let block = |_| Block {
        first: conv_norm(plan.width),
        second: conv_norm(plan.width),
        shortcut: if plan.residual { Shortcut::Identity } else { Shortcut::Nothing },
    };
    let blocks = (0..plan.depth).map(block).collect();
    let head = xavier_uniform((plan.width, plan.classes), dev, rng);
    ResNet { stem, pools: false, blocks, head: (head, dev.zeros_like(&(plan.classes,))) }
}

/// How large a gradient arrives at each block: the root mean square of ∂loss/∂kernel over the kernel of its first
/// convolution, from the first block to the last.
///
/// The loss is the mean cross entropy of all images as one batch, in training mode. The network stays as it is, with its
/// running statistics.
///
/// Source: slide “Deeper models are harder to optimize”; Glorot & Bengio 2010, figure 7; Yang et al. 2019, §5 (with
/// batch normalization).
///
/// ```
/// use convnets::degradation::{Plan, gradient_sizes, stack};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let images = dev.tensor_from_vec((0..400).map(|i| ((i * i) as f32).sin()).collect(), (16, 5, 5, 1));
/// let mut ratio = |residual| {
///     let plan = Plan { residual, depth: 16, channels: 1, width: 8, classes: 2 };
///     let sizes = gradient_sizes(&stack(plan, &dev, &mut rng), &images, &[0, 1].repeat(8));
///     sizes[0] / sizes[15]
/// };
/// // first block to last: a plain network's gradient explodes on its way back
/// assert!(ratio(false) > 4.0 * ratio(true));
/// ```
pub fn gradient_sizes<D: LayerOps>(network: &ResNet<D>, images: &Images<D>, labels: &[usize]) -> Vec<f32> {
    let mut network = network.clone();
    let loss = loss(&mut network, images.clone(), labels.to_vec());
    let mut gradients = loss.backward();
    let size = |block: &Block<D>| {
        let gradient = gradient_of(&mut gradients, &block.first.kernel).expect("out of memory");
        gradient.square().mean::<Rank0, _>().sqrt().as_vec()[0]
    };
    network.blocks.iter().map(size).collect()
}

/// The mean cross entropy of a batch, in training mode.
fn loss<D: LayerOps>(
    network: &mut ResNet<D>,
    images: Images<D>,
    labels: Vec<usize>,
) -> Tensor<Rank0, f32, D, OwnedTape<f32, D>> {
    let targets = images.device().tensor_from_vec(labels.clone(), (labels.len(),));
    let logits = resnet_logits(images.put_tape(OwnedTape::default()), network, Mode::Training);
    D::softmax_cross_entropy(logits, &targets)
}

/// Trains the network, and gives back the training loss of each epoch.
///
/// 1. Every epoch shuffles the images anew and cuts them into batches of `batch_size`.
/// 2. Each batch makes one step of stochastic gradient descent with momentum 0.9 ([`toolkit::optim`] has it) on its mean
///    cross entropy, in training mode.
/// 3. An epoch's loss is the mean over its *images* of the loss that each had when its batch came up, before the step: a
///    smaller last batch counts less.
///
/// All randomness comes from `rng`: the same seed gives the same training. There is at least one image. (A line that you print
/// after each epoch, or [`toolkit::epoch_log`], is shown while the grader waits for a long training.)
///
/// Source: slide “Saturation and residual connections”; He, Zhang, Ren & Sun 2016, §4.2 and figure 6.
///
/// ```
/// use convnets::degradation::{Plan, Recipe, stack, train};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let images = dev.tensor_from_vec([[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0]].repeat(4).concat(), (8, 2, 2, 1));
/// let plan = Plan { residual: true, depth: 2, channels: 1, width: 4, classes: 2 };
/// let recipe = Recipe { epochs: 30, batch_size: 4, learning_rate: 0.1 };
/// let mut network = stack(plan, &dev, &mut rng);
/// let losses = train(&mut network, &images, &[0, 1, 0, 1, 0, 1, 0, 1], recipe, &mut rng);
/// assert!(losses.len() == 30 && losses[29] < 0.1 * losses[0]);
/// ```
pub fn train<D: LayerOps>(
    network: &mut ResNet<D>,
    images: &Images<D>,
    labels: &[usize],
    recipe: Recipe,
    rng: &mut StdRng,
) -> Vec<f32> {
    let mut sgd = Optimizer::new(Rule::Sgd(SgdConfig {
        lr: f64::from(recipe.learning_rate),
        momentum: Some(Momentum::Classic(0.9)),
        weight_decay: None,
    }));
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let mut log = EpochLog::new(recipe.epochs);
    let mut epoch = |_| {
        order.shuffle(rng);
        let mut sum = 0.0;
        for rows in order.chunks(recipe.batch_size) {
            let batch = pick(images.clone(), rows);
            let loss = loss(network, batch, rows.iter().map(|&row| labels[row]).collect());
            sum += loss.as_vec()[0] * rows.len() as f32;
            // It fails only when the device has no memory left.
            sgd.step(network, loss.backward()).expect("out of memory");
        }
        let mean = sum / labels.len() as f32;
        log.epoch(format_args!("loss {mean:.3}"));
        mean
    };
    (0..recipe.epochs).map(&mut epoch).collect()
}
