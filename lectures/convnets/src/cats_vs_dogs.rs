//! Capstone: cats and dogs, from scratch and with what a network has learnt from a million other photographs.

use dfdx::prelude::*;
use rand::rngs::StdRng;
use toolkit::{
    ops::LayerOps,
    tensor::{Images, Matrix, Vector},
};

use crate::given::{
    pet_classifier::{CurveRecipe, Curves, EfficientNetLite0, Recipe, Report, Training},
    small_net::{Examples, Network},
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
    todo!()
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
    todo!()
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
    todo!()
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
    todo!()
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
    todo!()
}
