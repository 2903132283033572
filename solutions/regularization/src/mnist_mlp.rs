//! Capstone: the notebook's multilayer perceptron with everything that this chapter taught.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng, seq::SliceRandom};
use rand_distr::StandardNormal;
use toolkit::tensor::Matrix;
use toolkit::{
    epoch_log::EpochLog,
    fit::accuracy,
    norm::BatchNorm,
    ops::LayerOps,
    optim::{AdamConfig, Optimizer, Rule},
};

use crate::{
    dropout::{InvalidProbability, dropout},
    early_stopping::{EarlyStopping, Flow},
    given::digits::{CLASSES, DropoutRates, Evaluation, Examples, Mlp, Recipe, RecipeError, Training},
};

/// An untrained network.
///
/// The weights are drawn as He et al. have it for layers with a relu, W first, then V: normal with mean 0 and standard
/// deviation √(2 / inputs of the layer). The bias c is 0, and the batch norm is new: γ = 1, β = 0.
///
/// All randomness comes from `rng`: the same seed gives the same network.
///
/// Source: slide “He”; He, Zhang, Ren & Sun 2015.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use regularization::mnist_mlp::initial_mlp;
/// let mlp = initial_mlp(200, 50, &Cpu::default(), &mut StdRng::seed_from_u64(1));
/// let std = |weights: &Tensor<(usize, usize), f32, Cpu>| weights.clone().stddev::<Rank0, _>(0.0).array();
/// assert!((std(&mlp.hidden_weights) - 0.1).abs() < 0.01); // √(2 / 200)
/// assert!((std(&mlp.output_weights) - 0.2).abs() < 0.03); // √(2 / 50)
/// assert_eq!(mlp.output_bias.as_vec(), [0.0; 10]);
/// ```
pub fn initial_mlp<D: LayerOps>(pixels: usize, hidden: usize, dev: &D, rng: &mut StdRng) -> Mlp<D> {
    let mut he_normal = |inputs: usize, outputs: usize| {
        let std = (2.0 / inputs as f32).sqrt();
        let weights = (0..inputs * outputs).map(|_| std * rng.sample::<f32, _>(StandardNormal)).collect();
        dev.tensor_from_vec(weights, (inputs, outputs))
    };
    Mlp {
        hidden_weights: he_normal(pixels, hidden),
        norm: BatchNorm::new(hidden, dev),
        output_weights: he_normal(hidden, CLASSES),
        output_bias: dev.zeros_like(&(CLASSES,)),
    }
}

/// The logits of a batch in training: `x` (n, pixels) gives (n, 10).
///
/// ```text
/// h = relu(batch_norm(dropout(x, rates.input) · W))        logits = dropout(h, rates.hidden) · V + c
/// ```
///
/// The batch norm normalizes by the batch itself, which takes at least two images, and moves its running statistics. The
/// gradient flows to `x` and to all parameters. Pixels are dropped first, then hidden units.
///
/// # Errors
/// When a rate is not at least 0 and below 1.
///
/// Source: slides “Dropout” and “Batch normalization”; Srivastava et al. 2014, §6.1.1 and B.1; Ioffe & Szegedy 2015.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use regularization::{given::digits::DropoutRates, mnist_mlp::{initial_mlp, training_logits}};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let mut mlp = initial_mlp(1, 4, &dev, &mut rng);
/// let x = dev.tensor_from_vec(vec![1.0, 3.0], (2, 1));
/// let rates = DropoutRates { input: 0.0, hidden: 0.0 };
/// training_logits(&mut mlp, x, rates, &mut rng).unwrap();
/// // A tenth of the batch's mean, which is 2 · W.
/// let ratios = mlp.norm.running_mean.clone() / mlp.hidden_weights.clone().reshape_like(&(4,));
/// assert!(ratios.as_vec().iter().all(|ratio| (ratio - 0.2).abs() < 1e-5));
/// ```
pub fn training_logits<D: LayerOps, T: Tape<f32, D>>(
    mlp: &mut Mlp<D>,
    x: Matrix<D, T>,
    rates: DropoutRates,
    rng: &mut StdRng,
) -> Result<Matrix<D, T>, InvalidProbability> {
    let x = dropout(x, rates.input, true, rng)?;
    let hidden = D::relu(mlp.norm.train(x.matmul(mlp.hidden_weights.retaped::<T>())));
    let kept = dropout(hidden, rates.hidden, true, rng)?;
    Ok(D::linear(kept, &mlp.output_weights, &mlp.output_bias))
}

/// How well the network does on `examples`, of which there is at least one.
///
/// ```text
/// h = relu(batch_norm(x · W))        logits = h · V + c
/// ```
///
/// This is evaluation: nothing is dropped, the batch norm uses its running statistics, and nothing changes. So an image's
/// logits do not depend on the other images, and the same question always gets the same answer.
///
/// The loss is the mean over the images of −log softmax(logits)\[class of the image\]; the accuracy is the fraction of
/// images whose class has the largest logit.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use regularization::{given::digits::Examples, mnist_mlp::{evaluate, initial_mlp}};
/// let dev = Cpu::default();
/// let mut mlp = initial_mlp(2, 3, &dev, &mut StdRng::seed_from_u64(1));
/// mlp.output_weights = dev.zeros_like(&(3, 10)); // only the bias has a say
/// mlp.output_bias = dev.tensor_from_vec((0..10).map(|class| class as f32).collect(), (10,));
/// let examples = Examples { images: dev.ones_like(&(4, 2)), labels: vec![9, 9, 9, 0] };
/// let evaluation = evaluate(&mlp, &examples);
/// assert_eq!(evaluation.accuracy, 0.75);
/// assert!((evaluation.loss - 2.7086).abs() < 1e-3); // log Σ exp(0 … 9) − 27 / 4
/// ```
pub fn evaluate<D: LayerOps>(mlp: &Mlp<D>, examples: &Examples<D>) -> Evaluation {
    let hidden = D::relu(mlp.norm.eval(examples.images.clone().matmul(mlp.hidden_weights.clone())));
    let logits = D::linear(hidden, &mlp.output_weights, &mlp.output_bias);
    let targets = logits.device().tensor_from_vec(examples.labels.clone(), (examples.labels.len(),));
    Evaluation {
        loss: D::softmax_cross_entropy(logits.clone(), &targets).as_vec()[0],
        accuracy: accuracy(&logits, &examples.labels),
    }
}

/// Splits off a validation set: (training set, validation set) of `examples.labels.len() − held_out` and `held_out`
/// examples, each of which is in one of the two.
///
/// Which are held out is drawn from `rng`, with equal chances for all; the order within the sets is up to you.
///
/// # Errors
/// When none would be held out, or fewer than two left to train on.
///
/// Source: slide “Early stopping”.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use regularization::{given::digits::{Examples, RecipeError}, mnist_mlp::hold_out};
/// let images = Cpu::default().tensor_from_vec(vec![0.0, 1.0, 2.0, 3.0, 4.0], (5, 1));
/// let (all, mut rng) = (Examples { images, labels: vec![0, 1, 2, 3, 4] }, StdRng::seed_from_u64(1));
/// let (train, validation) = hold_out(&all, 2, &mut rng).unwrap();
/// let mut labels = [train.labels.clone(), validation.labels].concat();
/// labels.sort();
/// assert_eq!((train.labels.len(), labels), (3, all.labels.clone()));
/// assert!(train.labels.iter().zip(train.images.as_vec()).all(|(&label, pixel)| label as f32 == pixel));
/// let refusal = RecipeError::HeldOut { held_out: 4, examples: 5 };
/// assert_eq!(hold_out(&all, 4, &mut rng).err(), Some(refusal));
/// ```
pub fn hold_out<D: LayerOps>(
    examples: &Examples<D>,
    held_out: usize,
    rng: &mut StdRng,
) -> Result<(Examples<D>, Examples<D>), RecipeError> {
    let n = examples.labels.len();
    if held_out == 0 || held_out + 2 > n {
        return Err(RecipeError::HeldOut { held_out, examples: n });
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(rng);
    let (validation, train) = order.split_at(held_out);
    Ok((examples.pick(train), examples.pick(validation)))
}

/// Trains `mlp` on `train`, until it no longer gets better on `validation`.
///
/// 1. In epoch e shuffle the training images anew and cut them into batches of `batch_size`, of which the last may be
///    smaller. Make one step of Adam (`toolkit::optim` has it) on the mean cross entropy of each batch, with dropout. The
///    learning rate is `learning_rate · decayᵉ⁻¹` throughout the epoch. If the last batch is a single image, leave it out:
///    it has no variance to be normalized by.
/// 2. The epoch's training loss is the mean over its *images* of the loss that each had when its batch came up, before
///    the step: a smaller last batch counts less.
/// 3. Then [`evaluate`] the network on the validation set, and show loss and network to
///    [`EarlyStopping`](crate::early_stopping::EarlyStopping) with the recipe's patience and a `min_delta` of 0.
/// 4. When it says stop, or after `epochs` epochs, give back the network of the best epoch, running statistics included.
///
/// There are at least two training images and one to validate. `recipe.hidden` and `recipe.held_out` are of no use here.
///
/// # Errors
/// When a dropout rate (with at least one epoch) or the patience is refused.
///
/// Source: slides “Early stopping” and “Dropout”; notebook “MLP on MNIST”.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use regularization::{given::digits::{DropoutRates, Examples, Recipe}, mnist_mlp::{evaluate, initial_mlp, train_mlp}};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let examples = Examples { images: dev.tensor_from_vec(vec![1.0, 0.0, 0.0, 1.0], (2, 2)), labels: vec![3, 7] };
/// let rates = DropoutRates { input: 0.0, hidden: 0.0 };
/// let recipe = Recipe {
///     hidden: 8, dropout: rates, held_out: 1, epochs: 50, patience: 5, batch_size: 2, learning_rate: 0.1, decay: 0.99,
/// };
/// let mlp = initial_mlp(2, recipe.hidden, &dev, &mut rng);
/// let training = train_mlp(mlp, &examples, &examples, &recipe, &mut rng).unwrap();
/// assert_eq!(evaluate(&training.mlp, &examples).accuracy, 1.0);
/// assert_eq!(training.train_loss.len(), training.validation_loss.len());
/// ```
pub fn train_mlp<D: LayerOps>(
    mut mlp: Mlp<D>,
    train: &Examples<D>,
    validation: &Examples<D>,
    recipe: &Recipe,
    rng: &mut StdRng,
) -> Result<Training<D>, RecipeError> {
    let mut stopping = EarlyStopping::new(recipe.patience, 0.0)?;
    let mut config = AdamConfig { lr: f64::from(recipe.learning_rate), ..AdamConfig::default() };
    let mut adam = Optimizer::new(Rule::Adam(config));
    let (mut train_loss, mut validation_loss) = (Vec::new(), Vec::new());
    let mut log = EpochLog::new(recipe.epochs);
    for _ in 0..recipe.epochs {
        train_loss.push(train_epoch(&mut mlp, &mut adam, train, recipe, rng)?);
        config.lr *= f64::from(recipe.decay);
        adam.rule = Rule::Adam(config);
        let loss = evaluate(&mlp, validation).loss;
        validation_loss.push(loss);
        log.epoch(format_args!("validation loss {loss:.4}"));
        if stopping.observe(loss, &mlp) == Flow::Stop {
            break;
        }
    }
    stopping.restore(&mut mlp);
    Ok(Training { mlp, train_loss, validation_loss, best_epoch: stopping.best.map(|best| best.epoch) })
}

/// The whole experiment: holds out `recipe.held_out` of the images in `train`, trains a new network on the others, and
/// evaluates the network of the best epoch on `test`.
///
/// The test set is used once, at the very end. What was trained or chosen by it could not be judged by it any more: the
/// training is the same whatever `test` is.
///
/// All randomness comes from `rng`: the same seed gives the same training. (A line that you print after each epoch is shown
/// while the grader waits for a long training.)
///
/// # Errors
/// When [`hold_out`] or [`train_mlp`] refuses.
///
/// Source: notebook “MLP on MNIST”; Srivastava et al. 2014, §6.1.1.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use regularization::{given::digits::{DropoutRates, Examples, Recipe}, mnist_mlp::mnist_mlp};
/// let dev = Cpu::default();
/// let pixels = (0..80).map(|i| if i % 4 < 2 { 1.0 } else { 0.1 * (i % 7) as f32 }).collect();
/// let digits = Examples { images: dev.tensor_from_vec(pixels, (40, 2)), labels: [3, 7].repeat(20) };
/// let rates = DropoutRates { input: 0.0, hidden: 0.2 };
/// let recipe = Recipe {
///     hidden: 16, dropout: rates, held_out: 10, epochs: 60, patience: 20, batch_size: 8, learning_rate: 0.02, decay: 0.98,
/// };
/// let (training, test) = mnist_mlp(&digits, &digits, &recipe, &mut StdRng::seed_from_u64(1)).unwrap();
/// assert!(training.best_epoch.is_some() && test.accuracy == 1.0);
/// ```
pub fn mnist_mlp<D: LayerOps>(
    train: &Examples<D>,
    test: &Examples<D>,
    recipe: &Recipe,
    rng: &mut StdRng,
) -> Result<(Training<D>, Evaluation), RecipeError> {
    let (train, validation) = hold_out(train, recipe.held_out, rng)?;
    let (_, pixels) = *train.images.shape();
    let mlp = initial_mlp(pixels, recipe.hidden, train.images.device(), rng);
    let training = train_mlp(mlp, &train, &validation, recipe, rng)?;
    let test = evaluate(&training.mlp, test);
    Ok((training, test))
}

/// One pass through the training images; their mean loss.
fn train_epoch<D: LayerOps>(
    mlp: &mut Mlp<D>,
    adam: &mut Optimizer<D>,
    train: &Examples<D>,
    recipe: &Recipe,
    rng: &mut StdRng,
) -> Result<f32, InvalidProbability> {
    let mut order: Vec<usize> = (0..train.labels.len()).collect();
    order.shuffle(rng);
    let (mut sum, mut images) = (0.0, 0);
    for batch in order.chunks(recipe.batch_size).filter(|batch| batch.len() > 1) {
        let Examples { images: x, labels } = train.pick(batch);
        let targets = x.device().tensor_from_vec(labels, (batch.len(),));
        let logits = training_logits(mlp, x.leaky_trace(), recipe.dropout, rng)?;
        let loss = D::softmax_cross_entropy(logits, &targets);
        sum += loss.as_vec()[0] * batch.len() as f32;
        images += batch.len();
        // It fails only when the device has no memory left.
        adam.step(mlp, loss.backward()).expect("out of memory");
    }
    Ok(sum / images as f32)
}
