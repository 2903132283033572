//! An endless stream of augmented batches: the `ImageDataGenerator` of the slides.

use dfdx::prelude::*;
use rand::rngs::StdRng;

use crate::{
    augmentation::Images,
    preprocessing::{Standardizer, ZcaWhitening},
};

pub use crate::given::arguments::{Arguments, DataFormat, GeneratorError};

/// Makes new training images out of the ones there are, by Keras's recipe.
///
/// You write [`fit`](Self::fit), [`standardize`](Self::standardize), [`random_transform`](Self::random_transform) and the
/// iterator's `next` of [`Flow`].
///
/// Source: slide “ImageDataGenerator”; Keras 2, `preprocessing/image.py`.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use tricks::generator::{Arguments, ImageDataGenerator};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(0));
/// let images = dev.tensor_from_vec(vec![1.0, 3.0, 5.0, 7.0, 9.0, 5.0], (3, 1, 2, 1));
/// let arguments = Arguments { featurewise_center: true, horizontal_flip: true, ..Arguments::default() };
/// let mut generator = ImageDataGenerator::new(arguments).unwrap();
/// generator.fit(&images).unwrap();
/// let batches = generator.flow(&images, &[10, 11, 12], 2, &mut rng).unwrap();
/// // The stream never ends; an epoch is two batches long.
/// for (batch, labels) in batches.take(2) {
///     for (image, label) in batch.as_vec().chunks(2).zip(labels) {
///         let either_way = [[[-4.0, -2.0], [-2.0, -4.0]], [[0.0, 2.0], [2.0, 0.0]], [[4.0, 0.0], [0.0, 4.0]]];
///         assert!(either_way[label - 10].iter().any(|way| image == way));
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ImageDataGenerator<D: Device<f32>> {
    /// What it does.
    pub arguments: Arguments<D>,
    /// What [`fit`](Self::fit) found, once it was called.
    pub statistics: Option<Statistics<D>>,
}

/// What the featurewise arguments know of the training images.
#[derive(Clone, Debug)]
pub struct Statistics<D: Device<f32>> {
    /// Each channel's mean (0 where nothing is centred) and standard deviation (1 where nothing is divided).
    pub standardizer: Standardizer<D>,
    /// The whitening of flattened images (n, height·width·channels), where it is asked for.
    pub whitening: Option<ZcaWhitening<D>>,
}

/// The endless stream of batches that [`ImageDataGenerator::flow`] starts.
#[derive(Debug)]
pub struct Flow<'a, D: Device<f32>> {
    /// Where images are changed.
    pub generator: &'a ImageDataGenerator<D>,
    /// All images, channels last.
    pub images: Images<D>,
    /// The class of each.
    pub labels: &'a [usize],
    /// Images a batch; an epoch's last batch may be smaller.
    pub batch_size: usize,
    /// The source of everything random.
    pub rng: &'a mut StdRng,
    /// The images of this epoch that have not come up yet, in any order; none at first.
    pub remaining: Vec<usize>,
}

impl<D: Device<f32>> ImageDataGenerator<D> {
    /// A generator with these arguments. A range that is negative, too large or no number is an `Err` that names it.
    pub fn new(arguments: Arguments<D>) -> Result<Self, GeneratorError> {
        arguments.check()?;
        Ok(Self { arguments, statistics: None })
    }

    /// Starts a stream of batches, see [`Flow`]. Both `images` and the batches have the generator's `data_format`.
    ///
    /// An `Err`: no images, another number of labels, a batch size of 0, or a featurewise argument without [`fit`](Self::fit).
    pub fn flow<'a>(
        &'a self,
        images: &Images<D>,
        labels: &'a [usize],
        batch_size: usize,
        rng: &'a mut StdRng,
    ) -> Result<Flow<'a, D>, GeneratorError> {
        let n = images.shape().0;
        match self.arguments.featurewise() {
            _ if n == 0 => Err(GeneratorError::NoImages),
            _ if labels.len() != n => Err(GeneratorError::Labels { images: n, labels: labels.len() }),
            _ if batch_size == 0 => Err(GeneratorError::BatchSize),
            Some(argument) if self.statistics.is_none() => Err(GeneratorError::NotFitted { argument }),
            _ => {
                let images = self.channels_last(images.clone());
                Ok(Flow { generator: self, images, labels, batch_size, rng, remaining: Vec::new() })
            }
        }
    }

    /// The images, channels last, whatever the `data_format` is.
    pub fn channels_last(&self, images: Images<D>) -> Images<D> {
        match self.arguments.data_format {
            DataFormat::ChannelsLast => images,
            DataFormat::ChannelsFirst => images.permute::<_, Axes4<0, 2, 3, 1>>(),
        }
    }

    /// Images with their channels last, back in the `data_format`.
    pub fn original_format(&self, images: Images<D>) -> Images<D> {
        match self.arguments.data_format {
            DataFormat::ChannelsLast => images,
            DataFormat::ChannelsFirst => images.permute::<_, Axes4<0, 3, 1, 2>>(),
        }
    }

    /// Takes from the training images (in the generator's `data_format`) what the featurewise arguments need.
    ///
    /// They are statistics of what [`standardize`](Self::standardize) has made of the images by then: first every image goes
    /// through its steps 1 to 3, then come the channels' means and standard deviations, and the whitening is fitted to
    /// images that were standardized with these. (Keras forgets steps 1 to 3 here, so that with `rescale` its centred images
    /// are not centred.) Without `featurewise_center` and `featurewise_std_normalization` the means are 0, without the
    /// latter the standard deviations are 1; a channel that is constant has the standard deviation 1, see [`Standardizer`].
    ///
    /// No images are an `Err`.
    pub fn fit(&mut self, images: &Images<D>) -> Result<(), GeneratorError> {
        todo!()
    }

    /// What is done to every image in the same way, in this order:
    ///
    /// 1. `preprocessing_function`;
    /// 2. `rescale`;
    /// 3. `samplewise_center` and `samplewise_std_normalization`: x − mean(x), then divided by std(x) + 1e-6, both over all
    ///    of the image, std dividing by the number of elements;
    /// 4. `featurewise_center` and `featurewise_std_normalization`, then `zca_whitening`, with the statistics of
    ///    [`fit`](Self::fit); nothing if it was never called.
    ///
    /// A batch of one image in and out, channels last: (1, height, width, channels).
    pub fn standardize(&self, image: Images<D>) -> Images<D> {
        todo!()
    }

    /// What is done to every image in another way, in this order; each random number is drawn anew for each image:
    ///
    /// 1. One [`affine_augment`](crate::affine::affine_augment) with `fill_mode`. Angles are uniform in
    ///    ±`rotation_range` and ±`shear_range`; shifts are uniform in ±`height_shift_range` · height along rows and
    ///    ±`width_shift_range` · width along columns; the two zooms are uniform between 1 − `zoom_range` and
    ///    1 + `zoom_range`.
    /// 2. A number uniform in ±`channel_shift_range` is added to each channel, another one to each. What leaves the range of
    ///    values that the image (all channels together) had before is clamped to it.
    /// 3. `horizontal_flip`, then `vertical_flip`, each with probability ½.
    ///
    /// A batch of one image in and out, channels last. All randomness comes from `rng`.
    pub fn random_transform(&self, image: Images<D>, rng: &mut StdRng) -> Images<D> {
        todo!()
    }
}

impl<D: Device<f32>> Iterator for Flow<'_, D> {
    type Item = (Images<D>, Vec<usize>);

    /// The next batch and its labels; there always is one.
    ///
    /// Every epoch brings every image exactly once, in an order that is drawn anew for each epoch. A batch never reaches into
    /// the next epoch: the last one of an epoch may be smaller. Each image goes through
    /// [`random_transform`](ImageDataGenerator::random_transform), then [`standardize`](ImageDataGenerator::standardize), and
    /// the batch comes in the generator's `data_format`.
    fn next(&mut self) -> Option<Self::Item> {
        todo!()
    }
}
