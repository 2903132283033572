//! An endless stream of augmented batches: the `ImageDataGenerator` of the slides.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng, seq::SliceRandom};
use toolkit::tensor::{Matrix, Vector};

use crate::{
    affine::{Affine, affine_augment},
    augmentation::{Images, flip_horizontal, flip_vertical},
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
        let images = self.channels_last(images.clone());
        let n = images.shape().0;
        if n == 0 {
            return Err(GeneratorError::NoImages);
        }
        let images = batch((0..n).map(|i| self.steps_of_one_image(pick(&images, i))).collect());
        let arguments = &self.arguments;
        let mut standardizer = Standardizer::fit(&images);
        if !arguments.featurewise_std_normalization {
            standardizer.std = images.device().ones_like(&standardizer.std);
            if !arguments.featurewise_center {
                standardizer.mean = images.device().zeros_like(&standardizer.mean);
            }
        }
        let standardized = standardizer.apply(images);
        let whitening =
            arguments.zca_whitening.then(|| ZcaWhitening::fit(&flat(standardized), arguments.zca_epsilon));
        self.statistics = Some(Statistics { standardizer, whitening });
        Ok(())
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
        let image = self.steps_of_one_image(image);
        let Some(statistics) = &self.statistics else { return image };
        let image = statistics.standardizer.apply(image);
        let Some(whitening) = &statistics.whitening else { return image };
        let shape = *image.shape();
        whitening.apply(flat(image)).reshape_like(&shape)
    }

    /// Steps 1 to 3 of [`standardize`](Self::standardize): those that know one image only.
    fn steps_of_one_image(&self, image: Images<D>) -> Images<D> {
        let arguments = &self.arguments;
        let mut image = match arguments.preprocessing_function {
            Some(function) => function(image),
            None => image,
        };
        if let Some(factor) = arguments.rescale {
            image = image * factor;
        }
        if arguments.samplewise_center || arguments.samplewise_std_normalization {
            let mean = image.clone().mean::<Rank0, _>().as_vec()[0];
            image = image - mean;
        }
        if arguments.samplewise_std_normalization {
            let std = image.clone().stddev::<Rank0, _>(0.0).as_vec()[0];
            image = image / (std + 1e-6);
        }
        image
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
        let arguments = &self.arguments;
        let (_, height, width, channels) = *image.shape();
        let mut within = |range: f32| rng.gen_range(-range..=range);
        let affine = Affine {
            rotation: within(arguments.rotation_range),
            shift: (
                within(arguments.height_shift_range) * height as f32,
                within(arguments.width_shift_range) * width as f32,
            ),
            shear: within(arguments.shear_range),
            zoom: (1.0 + within(arguments.zoom_range), 1.0 + within(arguments.zoom_range)),
        };
        let shifts = (0..channels).map(|_| within(arguments.channel_shift_range)).collect();
        let mut image =
            affine_augment(image, &[affine], arguments.fill_mode).expect("one transform for one image");
        image = shift_channels(image, shifts);
        if arguments.horizontal_flip && rng.gen_bool(0.5) {
            image = flip_horizontal(image);
        }
        if arguments.vertical_flip && rng.gen_bool(0.5) {
            image = flip_vertical(image);
        }
        image
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
        if self.remaining.is_empty() {
            self.remaining = (0..self.labels.len()).collect();
            self.remaining.shuffle(self.rng);
        }
        let rest = self.remaining.len().saturating_sub(self.batch_size);
        let chosen = self.remaining.split_off(rest);
        let images = chosen.iter().map(|&i| {
            let image = self.generator.random_transform(pick(&self.images, i), self.rng);
            self.generator.standardize(image)
        });
        let images = self.generator.original_format(batch(images.collect()));
        Some((images, chosen.iter().map(|&i| self.labels[i]).collect()))
    }
}

/// Image number `i`, as a batch of one.
fn pick<D: Device<f32>>(images: &Images<D>, i: usize) -> Images<D> {
    let index = images.device().tensor_from_vec(vec![i], (1,));
    images.clone().gather(index)
}

/// Batches of one image, joined.
fn batch<D: Device<f32>>(images: Vec<Images<D>>) -> Images<D> {
    let (n, (_, height, width, channels)) = (images.len(), *images[0].shape());
    images.stack().reshape_like(&(n, height, width, channels))
}

/// Images as rows of (images, height·width·channels).
fn flat<D: Device<f32>>(images: Images<D>) -> Matrix<D> {
    let (n, height, width, channels) = *images.shape();
    images.reshape_like(&(n, height * width * channels))
}

/// Adds a number to each channel, and clamps to the values that were there before.
fn shift_channels<D: Device<f32>>(image: Images<D>, shifts: Vec<f32>) -> Images<D> {
    let (shape, channels) = (*image.shape(), shifts.len());
    let darkest = image.clone().min::<Rank0, _>().as_vec()[0];
    let brightest = image.clone().max::<Rank0, _>().as_vec()[0];
    let shifts: Vector<D> = image.device().tensor_from_vec(shifts, (channels,));
    (image + shifts.broadcast_like::<_, Axes3<0, 1, 2>>(&shape)).clamp(darkest, brightest)
}
