//! What an autoencoder learns to see, with and without dropout.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng, seq::SliceRandom};
use rand_distr::StandardNormal;
use toolkit::tensor::{Matrix, Vector};
use toolkit::{
    epoch_log::EpochLog,
    ops::LayerOps,
    optim::{AdamConfig, Optimizer, Parameters, Rule, Visitor},
    shape::pick,
};

use crate::dropout::{InvalidProbability, dropout};

/// A network that gives back its input, after a layer of hidden units that look for features.
#[derive(Clone, Debug)]
pub struct Autoencoder<D: Device<f32>> {
    /// W, (pixels, hidden). Column j is the *feature* of unit j: the image that excites it most.
    pub encoder: Matrix<D>,
    /// b, (hidden,).
    pub encoder_bias: Vector<D>,
    /// V, (hidden, pixels).
    pub decoder: Matrix<D>,
    /// c, (pixels,).
    pub decoder_bias: Vector<D>,
}

impl<D: Device<f32>> Parameters<D> for Autoencoder<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        visitor.tensor(&mut self.encoder)?;
        visitor.tensor(&mut self.encoder_bias)?;
        visitor.tensor(&mut self.decoder)?;
        visitor.tensor(&mut self.decoder_bias)
    }
}

/// How an autoencoder is built and trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Hidden units; 256 in the paper.
    pub hidden: usize,
    /// Probability with which a hidden unit is dropped in training; 0 or 0.5 in the paper.
    pub dropout: f32,
    /// Passes through the images.
    pub epochs: usize,
    /// Images a step, at least 1.
    pub batch_size: usize,
    /// Adam's learning rate; its other settings are the usual ones.
    pub learning_rate: f32,
}

/// What came of a training.
#[derive(Clone, Debug)]
pub struct Training<D: Device<f32>> {
    /// The trained network.
    pub autoencoder: Autoencoder<D>,
    /// The mean loss of each epoch.
    pub loss: Vec<f32>,
}

/// The images that the autoencoder makes of `x`, one a row: (n, pixels) gives (n, pixels).
///
/// ```text
/// h = relu(x · W + b)        y = dropout(h, p) · V + c
/// ```
///
/// Only the hidden units are dropped, and only if `training`. The gradient flows to `x` and to all parameters.
///
/// # Errors
/// When `p` is not at least 0 and below 1.
///
/// Source: slide “Dropout features”; Srivastava et al. 2014, §7.1.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use regularization::dropout_features::{Autoencoder, reconstruct};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let network = Autoencoder {
///     encoder: dev.tensor_from_vec(vec![1.0, -1.0], (1, 2)),
///     encoder_bias: dev.tensor_from_vec(vec![0.5, 0.0], (2,)),
///     decoder: dev.tensor_from_vec(vec![2.0, 3.0], (2, 1)),
///     decoder_bias: dev.tensor_from_vec(vec![-1.0], (1,)),
/// };
/// let x = dev.tensor_from_vec(vec![2.0, -4.0], (2, 1));
/// let y = reconstruct(&network, x, 0.5, false, &mut rng).unwrap();
/// assert_eq!(y.as_vec(), [4.0, 11.0]); // hidden units (2.5, 0) and (0, 4)
/// ```
pub fn reconstruct<D: LayerOps, T: Tape<f32, D>>(
    autoencoder: &Autoencoder<D>,
    x: Matrix<D, T>,
    p: f32,
    training: bool,
    rng: &mut StdRng,
) -> Result<Matrix<D, T>, InvalidProbability> {
    let hidden = D::relu(D::linear(x, &autoencoder.encoder, &autoencoder.encoder_bias));
    let kept = dropout(hidden, p, training, rng)?;
    Ok(D::linear(kept, &autoencoder.decoder, &autoencoder.decoder_bias))
}

/// Trains an autoencoder on `images`, one a row (n, pixels).
///
/// ```text
/// loss of a batch = mean over its images and over all pixels of (y − x)²
/// ```
///
/// 1. Draw W, then V: normal, mean 0, standard deviation 0.01. b starts at 0 and c at the mean of all images, so that the
///    hidden units have to learn only what tells the images apart.
/// 2. In every epoch shuffle the images anew and cut them into batches of `batch_size`, of which the last may be smaller.
///    Make one step of Adam on each (`toolkit::optim` has it), with dropout in training.
/// 3. The epoch's loss is the mean over all *images* of the loss that each had when its batch came up, before the step: a
///    smaller last batch counts less.
///
/// All randomness comes from `rng`: the same seed gives the same network. There is at least one image; with 0 epochs the
/// network stays as it was drawn, and there are no losses.
///
/// # Errors
/// When `recipe.dropout` is not at least 0 and below 1, whatever the number of epochs.
///
/// Source: slide “Dropout features”; Srivastava et al. 2014, §7.1 and figure 7.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use regularization::dropout_features::{Recipe, train_autoencoder};
/// let dev = Cpu::default();
/// let images = dev.tensor_from_vec(vec![1.0, 0.0, 0.0, 0.0, 1.0, 1.0], (2, 3));
/// let recipe = Recipe { hidden: 8, dropout: 0.0, epochs: 300, batch_size: 1, learning_rate: 0.01 };
/// let training = train_autoencoder(&images, recipe, &mut StdRng::seed_from_u64(1)).unwrap();
/// assert!(training.loss[0] > 0.2 && training.loss[299] < 0.01);
/// assert_eq!(training.autoencoder.encoder.shape(), &(3, 8));
/// ```
pub fn train_autoencoder<D: LayerOps>(
    images: &Matrix<D>,
    recipe: Recipe,
    rng: &mut StdRng,
) -> Result<Training<D>, InvalidProbability> {
    if !(0.0..1.0).contains(&recipe.dropout) {
        return Err(InvalidProbability(recipe.dropout));
    }
    let n = images.shape().0;
    let mut autoencoder = Autoencoder::new(images, recipe.hidden, rng);
    let config = AdamConfig { lr: f64::from(recipe.learning_rate), ..AdamConfig::default() };
    let mut adam = Optimizer::new(Rule::Adam(config));
    let mut order: Vec<usize> = (0..n).collect();
    let (mut losses, mut log) = (Vec::new(), EpochLog::new(recipe.epochs));
    for _ in 0..recipe.epochs {
        order.shuffle(rng);
        let mut sum = 0.0;
        for batch in order.chunks(recipe.batch_size) {
            let x = pick(images.clone(), batch);
            let y = reconstruct(&autoencoder, x.leaky_trace(), recipe.dropout, true, rng)?;
            let loss = (y - x).square().mean::<Rank0, _>();
            sum += loss.as_vec()[0] * batch.len() as f32;
            // It fails only when the device has no memory left.
            adam.step(&mut autoencoder, loss.backward()).expect("out of memory");
        }
        losses.push(sum / n as f32);
        log.epoch(format_args!("loss {:.5}", sum / n as f32));
    }
    Ok(Training { autoencoder, loss: losses })
}

/// The excess kurtosis of each feature, that is of each column of `encoder` (pixels, hidden): how much of it sits in few
/// pixels.
///
/// ```text
/// m₂ = mean over the column of (w − μ)²        μ = mean of the column
/// m₄ = mean over the column of (w − μ)⁴        kurtosis = m₄ / m₂² − 3
/// ```
///
/// Normally distributed noise has kurtosis 0, a uniform spread −1.2; a stroke on an empty background, a few large weights
/// among many that are nearly 0, has a large one. Both means divide by the number of pixels. In a column of equal numbers
/// there is nothing to measure: NaN.
///
/// Source: SciPy's `scipy.stats.kurtosis`.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::dropout_features::kurtosis;
/// let dev = Cpu::default();
/// let weights = dev.tensor_from_vec(vec![1.0, 0.0, -1.0, 0.0, 1.0, 0.0, -1.0, 8.0], (4, 2));
/// let k = kurtosis(&weights);
/// assert_eq!(k[0], -2.0); // all weights equally far from their mean
/// assert!((k[1] + 2.0 / 3.0).abs() < 1e-6); // one pixel of four
/// ```
pub fn kurtosis<D: Device<f32>>(encoder: &Matrix<D>) -> Vec<f32> {
    let size = *encoder.shape();
    let mean = encoder.clone().mean::<(usize,), Axis<0>>();
    let squares = (encoder.clone() - mean.broadcast_like::<_, Axis<0>>(&size)).square();
    let second = squares.clone().mean::<(usize,), Axis<0>>();
    let fourth = squares.square().mean::<(usize,), Axis<0>>();
    (fourth / second.square() - 3.0).as_vec()
}

impl<D: Device<f32>> Autoencoder<D> {
    /// An untrained network that answers with little more than the mean of all images.
    fn new(images: &Matrix<D>, hidden: usize, rng: &mut StdRng) -> Self {
        let ((_, pixels), dev) = (*images.shape(), images.device());
        let mut draw = |shape: (usize, usize)| {
            let weights =
                (0..shape.0 * shape.1).map(|_| 0.01 * rng.sample::<f32, _>(StandardNormal)).collect();
            dev.tensor_from_vec(weights, shape)
        };
        Self {
            encoder: draw((pixels, hidden)),
            encoder_bias: dev.zeros_like(&(hidden,)),
            decoder: draw((hidden, pixels)),
            decoder_bias: images.clone().mean::<(usize,), Axis<0>>(),
        }
    }
}
