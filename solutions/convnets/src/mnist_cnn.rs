//! Capstone: the notebook's convolutional network, with twice as many filters in its second layer, on handwritten digits.

use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use rand_distr::StandardNormal;
use toolkit::{
    epoch_log::EpochLog,
    fit::accuracy,
    ops::{Activation, ConvBlock, ConvConfig, LayerOps, Pooling},
    optim::{AdamConfig, Optimizer, Rule},
    tensor::{Images, Matrix},
};

use crate::given::digits::{
    CLASSES, Cnn, Digits, DropoutRates, Evaluation, InvalidRate, Recipe, Training, Widths, dropout,
};

/// An untrained network for images of `height` × `width` pixels, each at least 6.
///
/// Weights are drawn as He et al. have it for layers with a relu: normal with mean 0 and standard deviation √(2 / inputs),
/// where inputs is how many numbers an output adds up. In a dense layer these are all that come in; in a convolution of
/// 3 × 3 they are 9 for each channel that comes in. All biases are 0.
///
/// A convolution without padding takes one pixel from each side of its maps, and the pooling halves what two of them leave.
/// Where it can't be halved, the last row or column is left over. So the pooled maps of an image have
///
/// ```text
/// ⌊(height − 4) / 2⌋ · ⌊(width − 4) / 2⌋ · widths.second      numbers, 12 · 12 · 64 = 9216 for MNIST
/// ```
///
/// All randomness comes from `rng`: the same seed gives the same network.
///
/// Source: notebook “CNN on MNIST”; He, Zhang, Ren & Sun 2015.
///
/// ```
/// use convnets::{given::digits::Widths, mnist_cnn::initial_cnn};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let widths = Widths { first: 32, second: 64, hidden: 128 };
/// let cnn = initial_cnn((28, 28), widths, &Cpu::default(), &mut StdRng::seed_from_u64(1));
/// assert_eq!(cnn.parameters(), 1_199_882); // Keras counts as many
/// assert_eq!(cnn.second_kernel.shape(), &(3, 3, 32, 64));
/// let std = cnn.second_kernel.stddev::<Rank0, _>(0.0).array();
/// assert!((std - 0.0833).abs() < 0.002); // √(2 / (9 · 32))
/// ```
pub fn initial_cnn<D: LayerOps>(
    (height, width): (usize, usize),
    widths: Widths,
    dev: &D,
    rng: &mut StdRng,
) -> Cnn<D> {
    let Widths { first, second, hidden } = widths;
    let pooled = (height - 4) / 2 * ((width - 4) / 2) * second;
    Cnn {
        first_kernel: he_normal((3, 3, 1, first), 9, dev, rng),
        first_bias: dev.zeros_like(&(first,)),
        second_kernel: he_normal((3, 3, first, second), 9 * first, dev, rng),
        second_bias: dev.zeros_like(&(second,)),
        hidden_weights: he_normal((pooled, hidden), pooled, dev, rng),
        hidden_bias: dev.zeros_like(&(hidden,)),
        output_weights: he_normal((hidden, CLASSES), hidden, dev, rng),
        output_bias: dev.zeros_like(&(CLASSES,)),
    }
}

/// The logits of a batch in training: `images` (n, height, width, 1) give (n, 10).
///
/// ```text
/// convolution 3 × 3 → relu → convolution 3 × 3 → relu → max-pooling 2 × 2 → dropout(rates.pooled)
///     → flatten → dense → relu → dropout(rates.hidden) → dense
/// ```
///
/// Convolutions have stride 1 and no padding; the windows of the pooling touch and don't overlap. Flattening takes the
/// numbers of an image in the order in which they lie: row by row, in a row pixel by pixel, in a pixel channel by channel.
/// The logits are what the last dense layer gives. Softmax belongs to the loss, and is not applied here.
///
/// Every number is dropped by itself, as [`dropout`](crate::given::digits::dropout) has it: pooled maps first, then hidden units.
/// With rates of 0 these are the logits of evaluation too. Gradients for all parameters are recorded on `tape`; the images
/// are data and need none.
///
/// # Errors
/// When a rate is not at least 0 and below 1.
///
/// Source: notebook “CNN on MNIST”; slide “LeNet-5”.
///
/// ```
/// use convnets::{given::digits::{DropoutRates, Widths}, mnist_cnn::{initial_cnn, training_logits}};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// // one channel, one hidden unit; every kernel adds up what it sees, and every dense layer copies
/// let mut cnn = initial_cnn((6, 6), Widths { first: 1, second: 1, hidden: 1 }, &dev, &mut rng);
/// (cnn.first_kernel, cnn.second_kernel) = (dev.ones_like(&(3, 3, 1, 1)), dev.ones_like(&(3, 3, 1, 1)));
/// (cnn.hidden_weights, cnn.output_weights) = (dev.ones_like(&(1, 1)), dev.ones_like(&(1, 10)));
/// let rates = DropoutRates { pooled: 0.0, hidden: 0.0 };
/// let logits = training_logits(&cnn, dev.ones_like(&(2, 6, 6, 1)), rates, NoneTape, &mut rng).unwrap();
/// assert_eq!(logits.as_vec(), [81.0; 20]); // 9 · 9
/// ```
pub fn training_logits<D: LayerOps, T: Tape<f32, D>>(
    cnn: &Cnn<D>,
    images: Images<D>,
    rates: DropoutRates,
    tape: T,
    rng: &mut StdRng,
) -> Result<Matrix<D, T>, InvalidRate> {
    let conv = ConvConfig { stride: 1, padding: 0 };
    let relu = ConvBlock { activation: Activation::Relu, ..ConvBlock::plain(conv) };
    let pooling = ConvBlock { pooling: Pooling::Max(2), ..relu };
    let maps = D::conv_block_of_data(images, &cnn.first_kernel, &cnn.first_bias, relu, tape);
    let maps = D::conv_block(maps, &cnn.second_kernel, &cnn.second_bias, pooling);
    let maps = dropout(maps, rates.pooled, rng)?;
    let (n, h, w, channels) = *maps.shape();
    let features = maps.reshape_like(&(n, h * w * channels));
    let hidden = D::relu(D::linear(features, &cnn.hidden_weights, &cnn.hidden_bias));
    let hidden = dropout(hidden, rates.hidden, rng)?;
    Ok(D::linear(hidden, &cnn.output_weights, &cnn.output_bias))
}

/// How well the network does on `digits`, of which there is at least one.
///
/// This is evaluation: nothing is dropped, and the same question always gets the same answer.
///
/// The loss is the mean over the *images* of −log softmax(logits)\[label of the image\]; the accuracy is the fraction of
/// images whose label has the largest logit. Some hundred images at a time are enough: the maps of 10,000 take a gigabyte.
///
/// ```
/// use convnets::{given::digits::{Digits, Widths}, mnist_cnn::{evaluate, initial_cnn}};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let mut cnn = initial_cnn((6, 7), Widths { first: 2, second: 2, hidden: 3 }, &dev, &mut rng);
/// cnn.output_weights = dev.zeros_like(&(3, 10)); // only the bias has a say
/// cnn.output_bias = dev.tensor_from_vec((0..10).map(|digit| digit as f32).collect(), (10,));
/// let digits = Digits { images: dev.ones_like(&(4, 6, 7, 1)), labels: vec![9, 9, 9, 0] };
/// let evaluation = evaluate(&cnn, &digits);
/// assert_eq!(evaluation.accuracy, 0.75);
/// assert!((evaluation.loss - 2.7086).abs() < 1e-3); // log Σ exp(0 … 9) − 27 / 4
/// ```
pub fn evaluate<D: LayerOps>(cnn: &Cnn<D>, digits: &Digits<D>) -> Evaluation {
    let places: Vec<usize> = (0..digits.labels.len()).collect();
    let (mut loss, mut right) = (0.0, 0.0);
    for places in places.chunks(AT_ONCE) {
        let batch = digits.pick(places);
        let targets = batch.images.device().tensor_from_vec(batch.labels.clone(), (places.len(),));
        let logits = evaluation_logits(cnn, batch.images);
        right += accuracy(&logits, &batch.labels) * places.len() as f32;
        loss += D::softmax_cross_entropy(logits, &targets).as_vec()[0] * places.len() as f32;
    }
    let n = places.len() as f32;
    Evaluation { loss: loss / n, accuracy: right / n }
}

/// Trains `cnn` on `train`, and measures it on `validation` after every epoch.
///
/// 1. Shuffle the training images anew in every epoch, and cut them into batches of `batch_size`, of which the last may be
///    smaller. There are ⌈n / batch_size⌉ batches an epoch, and K steps in all.
/// 2. Make one step of Adam (`toolkit::optim` has it) on the mean cross entropy of each batch, with dropout.
/// 3. The learning rate falls in a straight line, with every step: it is `learning_rate · (1 − k / K)` in step
///    k = 0, 1, …, K − 1, counted through all epochs. So the training begins with long steps and ends with tiny ones, which
///    average over the noise of dropout and batches.
/// 4. Note the loss of each batch in `train_loss`, as it is before the step.
/// 5. After each epoch note what [`evaluate`] says of the validation images. They decide nothing: the network comes back as
///    it is after the last epoch.
///
/// There is at least one image in each set. `recipe.widths` are of no use here.
///
/// # Errors
/// When there is a step to make and a dropout rate is not at least 0 and below 1.
///
/// Source: notebook “CNN on MNIST”.
///
/// ```
/// use convnets::{given::digits::{Digits, DropoutRates, Recipe, Widths}, mnist_cnn::{evaluate, initial_cnn, train_cnn}};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// // a white image is a 7, a black one a 3
/// let pixels = (0..2 * 36).map(|i| if i < 36 { 1.0 } else { 0.0 }).collect();
/// let digits = Digits { images: dev.tensor_from_vec(pixels, (2, 6, 6, 1)), labels: vec![7, 3] };
/// let recipe = Recipe {
///     widths: Widths { first: 4, second: 8, hidden: 16 }, dropout: DropoutRates { pooled: 0.0, hidden: 0.0 },
///     epochs: 50, batch_size: 1, learning_rate: 0.01,
/// };
/// let cnn = initial_cnn((6, 6), recipe.widths, &dev, &mut rng);
/// let training = train_cnn(cnn, &digits, &digits, &recipe, &mut rng).unwrap();
/// assert_eq!((training.train_loss.len(), training.validation.len()), (100, 50));
/// assert_eq!(evaluate(&training.cnn, &digits), training.validation[49]);
/// assert_eq!(training.validation[49].accuracy, 1.0);
/// ```
pub fn train_cnn<D: LayerOps>(
    mut cnn: Cnn<D>,
    train: &Digits<D>,
    validation: &Digits<D>,
    recipe: &Recipe,
    rng: &mut StdRng,
) -> Result<Training<D>, InvalidRate> {
    let mut order: Vec<usize> = (0..train.labels.len()).collect();
    let steps = recipe.epochs * order.len().div_ceil(recipe.batch_size);
    let (mut train_loss, mut measured) = (Vec::new(), Vec::new());
    let mut adam = Optimizer::new(Rule::Adam(AdamConfig::default()));
    let mut log = EpochLog::new(recipe.epochs);
    for _ in 0..recipe.epochs {
        order.shuffle(rng);
        for places in order.chunks(recipe.batch_size) {
            let left = 1.0 - train_loss.len() as f64 / steps as f64;
            let lr = f64::from(recipe.learning_rate) * left;
            adam.rule = Rule::Adam(AdamConfig { lr, ..AdamConfig::default() });
            train_loss.push(step(&mut cnn, &mut adam, train.pick(places), recipe.dropout, rng)?);
        }
        let evaluation = evaluate(&cnn, validation);
        log.epoch(format_args!("validation accuracy {:.4}", evaluation.accuracy));
        measured.push(evaluation);
    }
    Ok(Training { cnn, train_loss, validation: measured })
}

/// The whole experiment: trains a new network on `train`, which is watched on `validation`, and evaluates it on `test`.
///
/// The test images are used once, at the very end: the training is the same whatever `test` is, and whatever `validation` is.
///
/// All randomness comes from `rng`: the same seed gives the same training. (A line that you print now and then is shown while
/// the grader waits for a long training.)
///
/// # Errors
/// When [`train_cnn`] refuses.
///
/// Source: notebook “CNN on MNIST”, which measures on the test images after every epoch.
///
/// ```
/// use convnets::{given::digits::{Digits, DropoutRates, Recipe, Widths}, mnist_cnn::mnist_cnn};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// // bright images are a 7, dark ones a 3
/// let pixels = (0..8 * 36).map(|i| if i / 36 % 2 == 0 { 1.0 } else { 0.1 * (i % 5) as f32 }).collect();
/// let digits = Digits { images: Cpu::default().tensor_from_vec(pixels, (8, 6, 6, 1)), labels: [7, 3].repeat(4) };
/// let recipe = Recipe {
///     widths: Widths { first: 2, second: 4, hidden: 8 }, dropout: DropoutRates { pooled: 0.1, hidden: 0.2 },
///     epochs: 60, batch_size: 4, learning_rate: 0.03,
/// };
/// let (_, test) = mnist_cnn(&digits, &digits, &digits, &recipe, &mut StdRng::seed_from_u64(1)).unwrap();
/// assert_eq!(test.accuracy, 1.0);
/// ```
pub fn mnist_cnn<D: LayerOps>(
    train: &Digits<D>,
    validation: &Digits<D>,
    test: &Digits<D>,
    recipe: &Recipe,
    rng: &mut StdRng,
) -> Result<(Training<D>, Evaluation), InvalidRate> {
    let (_, height, width, _) = *train.images.shape();
    let cnn = initial_cnn((height, width), recipe.widths, train.images.device(), rng);
    let training = train_cnn(cnn, train, validation, recipe, rng)?;
    let test = evaluate(&training.cnn, test);
    Ok((training, test))
}

/// Images measured at once: enough to keep the processor busy, few enough for the memory.
const AT_ONCE: usize = 250;
/// What evaluation drops.
const NOTHING: DropoutRates = DropoutRates { pooled: 0.0, hidden: 0.0 };

fn he_normal<S: Shape, D: Device<f32>>(
    shape: S,
    inputs: usize,
    dev: &D,
    rng: &mut StdRng,
) -> Tensor<S, f32, D> {
    let std = (2.0 / inputs as f32).sqrt();
    let weights = (0..shape.num_elements()).map(|_| std * rng.sample::<f32, _>(StandardNormal)).collect();
    dev.tensor_from_vec(weights, shape)
}

/// The logits when nothing is dropped.
fn evaluation_logits<D: LayerOps>(cnn: &Cnn<D>, images: Images<D>) -> Matrix<D> {
    // Nothing is drawn with rates of 0, and none of them is refused.
    training_logits(cnn, images, NOTHING, NoneTape, &mut StdRng::seed_from_u64(0)).expect("0 is a rate")
}

/// One step on a batch; its loss before the step.
fn step<D: LayerOps>(
    cnn: &mut Cnn<D>,
    adam: &mut Optimizer<D>,
    batch: Digits<D>,
    rates: DropoutRates,
    rng: &mut StdRng,
) -> Result<f32, InvalidRate> {
    let targets = batch.images.device().tensor_from_vec(batch.labels, (batch.images.shape().0,));
    let logits = training_logits(cnn, batch.images, rates, OwnedTape::default(), rng)?;
    let loss = D::softmax_cross_entropy(logits, &targets);
    let value = loss.as_vec()[0];
    // It fails only when the device has no memory left.
    adam.step(cnn, loss.backward()).expect("out of memory");
    Ok(value)
}
