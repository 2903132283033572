//! Capstone: cats and dogs, from scratch and with what a network has learnt from a million other photographs.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng, seq::SliceRandom};
use toolkit::{
    epoch_log::EpochLog,
    fit::{self, fit},
    ops::LayerOps,
    optim::Parameters,
    shape::pick,
    tensor::{Images, Indices, Matrix, Vector},
};

use crate::{
    given::{
        pet_classifier::{
            Classifier, CurveRecipe, Curves, EfficientNetLite0, FEATURES, Recipe, Report, Training, adam,
            new_head, prepared, share_right, untrained_like,
        },
        small_net::{Examples, Network},
    },
    transfer::{self, fine_tune, freeze_and_replace_head},
};

/// The examples, and behind them each once more as in a mirror: left and right change places, labels stay.
///
/// (n, h, w, c) becomes (2n, h, w, c); image n + i is the mirror image of image i. A cat in a mirror is a cat. This is for
/// training images only: what a network is measured by stays as it is.
///
/// Source: slide “Data augmentation”; notebook “Cats vs dogs”.
///
/// ```
/// use convnets::{cats_vs_dogs::with_mirror_images, given::small_net::Examples};
/// use dfdx::prelude::*;
/// let images = Cpu::default().tensor_from_vec(vec![1.0, 2.0, 3.0], (1, 1, 3, 1));
/// let more = with_mirror_images(&Examples { images, labels: vec![1] });
/// assert_eq!(more.images.as_vec(), [1.0, 2.0, 3.0, 3.0, 2.0, 1.0]);
/// assert_eq!(more.labels, [1, 1]);
/// ```
pub fn with_mirror_images<D: Device<f32>>(examples: &Examples<D>) -> Examples<D> {
    let (n, h, w, c) = *examples.images.shape();
    let mut pixels = examples.images.as_vec();
    let mirrored: Vec<f32> =
        pixels.chunks(w * c).flat_map(|row| row.chunks(c).rev().flatten().copied()).collect();
    pixels.extend(mirrored);
    Examples {
        images: examples.images.device().tensor_from_vec(pixels, (2 * n, h, w, c)),
        labels: examples.labels.repeat(2),
    }
}

/// What the frozen part of a network makes of images: each image goes through it once, and never again.
///
/// What is frozen gives the same for the same image in every epoch. So its result is kept, and all epochs of a training
/// start from there. `frozen` turns a batch of images (n, …) into maps (n, height, width, channels). It gets `batch_size`
/// images at a time, the last time perhaps fewer; the maps of all come back in the images' order. There is at least one
/// image, and `batch_size` is at least 1.
///
/// ```
/// use convnets::cats_vs_dogs::frozen_maps;
/// use dfdx::prelude::*;
/// let images = Cpu::default().tensor_from_vec(vec![1.0, 2.0, 3.0], (3, 1, 1, 1));
/// let maps = frozen_maps(|x| x.square(), &images, 2);
/// assert_eq!((maps.as_vec(), *maps.shape()), (vec![1.0, 4.0, 9.0], (3, 1, 1, 1)));
/// ```
pub fn frozen_maps<D: LayerOps>(
    frozen: impl Fn(Images<D>) -> Images<D>,
    images: &Images<D>,
    batch_size: usize,
) -> Images<D> {
    let (dev, (n, ..)) = (images.device(), *images.shape());
    let rows: Vec<usize> = (0..n).collect();
    let (mut values, mut shape) = (Vec::new(), (n, 0, 0, 0));
    for (batch, rows) in rows.chunks(batch_size).enumerate() {
        let maps = frozen(pick(images.clone(), rows));
        let (_, h, w, c) = *maps.shape();
        shape = (n, h, w, c);
        values.extend(maps.as_vec());
        if batch % 16 == 15 {
            println!("{} of {n} images through the frozen part", batch * batch_size + rows.len());
        }
    }
    dev.tensor_from_vec(values, shape)
}

/// Trains a head on features that don't change: softmax regression.
///
/// It starts as [`new_head`](crate::given::pet_classifier::new_head) makes it. Every epoch goes through all features in
/// random order, `batch_size` at a time, with one step of Adam each on the mean cross entropy of `features · W + b`:
/// [`toolkit::fit::fit`] does all that. Features are (n, width), labels (n,); all randomness comes from `rng`.
///
/// ```
/// use convnets::{cats_vs_dogs::train_head, given::pet_classifier::Training};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let features = Cpu::default().tensor_from_vec(vec![-1.0, 1.0], (2, 1));
/// let training = Training { epochs: 50, learning_rate: 0.1 };
/// let (weight, _) = train_head(&features, &[0, 1], (2, 2), training, &mut StdRng::seed_from_u64(1));
/// assert!(weight.as_vec()[1] > weight.as_vec()[0] + 2.0);
/// ```
pub fn train_head<D: LayerOps>(
    features: &Matrix<D>,
    labels: &[usize],
    (classes, batch_size): (usize, usize),
    training: Training,
    rng: &mut StdRng,
) -> (Matrix<D>, Vector<D>) {
    let dev = features.device();
    let mut head = new_head(features.shape().1, classes, dev, rng);
    train(&mut head, labels.len(), (batch_size, training), rng, |head, rows| {
        let batch = pick(features.clone(), rows);
        let logits = D::linear_of_data(batch, &head.0, &head.1, OwnedTape::default());
        D::softmax_cross_entropy(logits, &targets(dev, labels, rows))
    });
    head
}

/// The whole comparison, on the same images.
///
/// 1. **From scratch.** A new small network ([`Network::new`](crate::given::small_net::Network::new)) of
///    `recipe.channels`, nothing frozen, learns from the training images and their mirror images:
///    [`fine_tune`](crate::transfer::fine_tune) does it.
/// 2. **Frozen.** All images, training and validation, are [`prepared`](crate::given::pet_classifier::prepared) and go
///    once through EfficientNet's first `recipe.depth` blocks ([`EfficientNetLite0::feature_map`]), as they are: no
///    mirror images here. Those maps go once through the rest ([`EfficientNetLite0::tail`]), and on the features a head
///    is trained. (A vector of features is a map of one pixel.)
/// 3. **Fine-tuned.** The tail and that head go on learning together from the same maps, as a head learns, but as
///    `recipe.tuning` says and with a tape that begins at the maps. `fit` takes a
///    [`Classifier`](crate::given::pet_classifier::Classifier).
///
/// After each, the accuracy on the validation images ([`share_right`](crate::given::pet_classifier::share_right)), which
/// are for that alone. Nothing is trained on them, nothing is chosen by them, and they are never mirrored.
///
/// Images are (n, height, width, 3) with numbers between 0 and 1; labels go from 0 to the largest that occurs among the
/// training images. All randomness comes from `rng`.
///
/// Source: notebook “Cats vs dogs”; slide “Transfer learning”; Yosinski et al. 2014; Kornblith et al. 2019.
pub fn cats_vs_dogs<D: LayerOps>(
    examples: &Examples<D>,
    validation: &Examples<D>,
    network: &EfficientNetLite0<D>,
    recipe: Recipe,
    rng: &mut StdRng,
) -> Report<D> {
    let classes = 1 + examples.labels.iter().copied().max().unwrap_or(0);
    let scratch = from_scratch(examples, validation, classes, recipe, rng);
    println!("from scratch: {scratch}");

    let beginning = |x: Images<D>| network.feature_map(prepared(&x, recipe.side), recipe.depth);
    let maps = frozen_maps(beginning, &examples.images, recipe.batch_size);
    let validation_maps = frozen_maps(beginning, &validation.images, recipe.batch_size);

    let tail = network.tail(recipe.depth);
    let pixels = |maps: Images<D>| {
        let n = maps.shape().0;
        tail.features(maps).reshape_like(&(n, 1, 1, FEATURES))
    };
    let features = frozen_maps(pixels, &maps, recipe.batch_size).reshape_like(&(maps.shape().0, FEATURES));
    let sizes = (classes, recipe.batch_size);
    let head = train_head(&features, &examples.labels, sizes, recipe.head, rng);
    let mut classifier = Classifier { tail: tail.clone(), head };
    let measure = |classifier: &Classifier<D>| {
        let logits = |maps: Images<D>| classifier.logits(maps);
        share_right(logits, validation_maps.clone(), &validation.labels, recipe.batch_size)
    };
    let frozen = measure(&classifier);
    println!("frozen features: {frozen}");

    tune(&mut classifier, &maps, &examples.labels, (recipe.batch_size, recipe.tuning), rng);
    let tuned = measure(&classifier);
    println!("fine-tuned: {tuned}");
    Report { scratch, frozen, tuned, validation_maps, classifier }
}

/// How much another task helps, for more and more training images.
///
/// The examples are put into random order, once. For each of `sizes`, with the first so many of them and their mirror
/// images:
///
/// 1. **From scratch**: an [`untrained_like`](crate::given::pet_classifier::untrained_like) network, of which nothing
///    is frozen, learns as `recipe.training` says.
/// 2. **Transferred**: a copy of `pretrained` gets a new head by
///    [`freeze_and_replace_head`](crate::transfer::freeze_and_replace_head). It learns first with all blocks frozen, as
///    `recipe.training` says, then with the last `recipe.unfrozen` blocks trained, as `recipe.tuning` says. Each of the two
///    has an Adam of its own: the learning rates differ by a factor of ten or so.
///
/// Both are measured on all validation images. Every size has at most as many images as there are, and `pretrained` stays as
/// it is. All randomness comes from `rng`.
///
/// Source: slide “Transfer learning”; Yosinski et al. 2014, figure 2.
///
/// # Panics
/// When `recipe.unfrozen` is more blocks than there are.
///
/// ```
/// use convnets::{cats_vs_dogs::learning_curve, given::{pet_classifier::{CurveRecipe, Training}, small_net::{Examples, Network}}};
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let pretrained = Network::new(&[1, 4, 4], 3, &dev, &mut rng);
/// let examples = Examples { images: dev.sample_normal_like(&(6, 4, 4, 1)), labels: vec![0, 1, 0, 1, 0, 1] };
/// let training = Training { epochs: 2, learning_rate: 0.01 };
/// let recipe = CurveRecipe { batch_size: 3, training, unfrozen: 1, tuning: training };
/// let curves = learning_curve(&pretrained, &examples, &examples, (&[2, 6], recipe), &mut rng);
/// assert_eq!((curves.scratch.len(), curves.transferred.len()), (2, 2));
/// ```
pub fn learning_curve<D: LayerOps>(
    pretrained: &Network<D>,
    examples: &Examples<D>,
    validation: &Examples<D>,
    (sizes, recipe): (&[usize], CurveRecipe),
    rng: &mut StdRng,
) -> Curves {
    let classes = 1 + examples.labels.iter().copied().max().unwrap_or(0);
    let mut order: Vec<usize> = (0..examples.labels.len()).collect();
    order.shuffle(rng);
    let mut curves = Curves::default();
    for &size in sizes {
        let few = with_mirror_images(&examples.pick(&order[..size]));
        let measure = |network: &Network<D>| {
            let logits = |images: Images<D>| network.logits(images);
            share_right(logits, validation.images.clone(), &validation.labels, recipe.batch_size)
        };
        let mut scratch = untrained_like(pretrained, classes, rng);
        let blocks = scratch.blocks.len();
        learn(&mut scratch, &few, blocks, (recipe.batch_size, recipe.training), rng);
        curves.scratch.push(measure(&scratch));

        let mut transferred = pretrained.clone();
        freeze_and_replace_head(&mut transferred, classes, rng);
        learn(&mut transferred, &few, 0, (recipe.batch_size, recipe.training), rng);
        learn(&mut transferred, &few, recipe.unfrozen, (recipe.batch_size, recipe.tuning), rng);
        curves.transferred.push(measure(&transferred));
        println!("{size} images: {:?}", (curves.scratch.last(), curves.transferred.last()));
    }
    curves
}

/// The small network's accuracy on the validation images.
fn from_scratch<D: LayerOps>(
    examples: &Examples<D>,
    validation: &Examples<D>,
    classes: usize,
    recipe: Recipe,
    rng: &mut StdRng,
) -> f32 {
    let [a, b, c] = recipe.channels;
    let mut network =
        Network::new(&[examples.images.shape().3, a, b, c], classes, examples.images.device(), rng);
    learn(&mut network, &with_mirror_images(examples), 3, (recipe.batch_size, recipe.scratch), rng);
    let logits = |images: Images<D>| network.logits(images);
    share_right(logits, validation.images.clone(), &validation.labels, recipe.batch_size)
}

/// Trains the end of a network on the maps that its frozen beginning gave. The tape begins at the maps.
fn tune<D: LayerOps>(
    classifier: &mut Classifier<D>,
    maps: &Images<D>,
    labels: &[usize],
    (batch_size, training): (usize, Training),
    rng: &mut StdRng,
) {
    let dev = maps.device();
    train(classifier, labels.len(), (batch_size, training), rng, |classifier, rows| {
        let batch = pick(maps.clone(), rows);
        D::softmax_cross_entropy(classifier.logits(batch.leaky_trace()), &targets(dev, labels, rows))
    });
}

/// Trains the head and the last `unfrozen` blocks.
fn learn<D: LayerOps>(
    network: &mut Network<D>,
    examples: &Examples<D>,
    unfrozen: usize,
    (batch_size, training): (usize, Training),
    rng: &mut StdRng,
) {
    let plan = transfer::Plan { unfrozen, epochs: training.epochs, batch_size };
    fine_tune(network, &mut adam(training), examples, plan, rng)
        .expect("more blocks to unfreeze than there are");
}

fn train<D: LayerOps, M: Parameters<D>>(
    model: &mut M,
    samples: usize,
    (batch, training): (usize, Training),
    rng: &mut StdRng,
    loss: impl FnMut(&M, &[usize]) -> Tensor<Rank0, f32, D, OwnedTape<f32, D>>,
) {
    let plan = fit::Plan { epochs: training.epochs, batch, seed: rng.r#gen() };
    let mut log = EpochLog::new(training.epochs);
    let epochs = fit(model, &mut adam(training), &plan, samples, loss, |_| vec![], &mut [&mut log]);
    // It fails only when the device has no memory left.
    epochs.expect("out of memory");
}

fn targets<D: Device<f32>>(dev: &D, labels: &[usize], rows: &[usize]) -> Indices<D> {
    dev.tensor_from_vec(rows.iter().map(|&row| labels[row]).collect(), (rows.len(),))
}
