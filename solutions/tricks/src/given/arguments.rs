//! Given: what an `ImageDataGenerator` can be told, and what it refuses.

use std::{error::Error, fmt};

use dfdx::prelude::*;

use crate::{affine::FillMode, augmentation::Images};

/// Which axis of a batch holds the channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFormat {
    /// (images, height, width, channels), as everywhere else in this course.
    ChannelsLast,
    /// (images, channels, height, width).
    ChannelsFirst,
}

/// What an [`ImageDataGenerator`](crate::generator::ImageDataGenerator) does with images: Keras's arguments by their
/// names. The default does nothing.
#[derive(Clone, Debug)]
pub struct Arguments<D: Device<f32>> {
    /// Subtract each channel's mean over the images given to [`fit`](crate::generator::ImageDataGenerator::fit).
    pub featurewise_center: bool,
    /// Subtract each image's own mean, over all its pixels and channels.
    pub samplewise_center: bool,
    /// Divide by each channel's standard deviation over the images given to `fit`; centres as well.
    pub featurewise_std_normalization: bool,
    /// Divide by each image's own standard deviation plus 1e-6; centres as well.
    pub samplewise_std_normalization: bool,
    /// Whiten with the [`ZcaWhitening`](crate::preprocessing::ZcaWhitening) of the images given to `fit`.
    pub zca_whitening: bool,
    /// Its ε.
    pub zca_epsilon: f32,
    /// Turn by up to this many degrees, either way; below 360.
    pub rotation_range: f32,
    /// Shift sideways by up to this fraction of the width, either way; below 1.
    pub width_shift_range: f32,
    /// Shift up or down by up to this fraction of the height; below 1.
    pub height_shift_range: f32,
    /// Shear by up to this many degrees, either way; below 90.
    pub shear_range: f32,
    /// Zoom by factors between 1 − z and 1 + z, another one along rows than along columns; below 1.
    pub zoom_range: f32,
    /// Add a number of up to this size, either sign, another one to each channel.
    pub channel_shift_range: f32,
    /// What lies outside the image. Keras's `cval` is the number in [`FillMode::Constant`].
    pub fill_mode: FillMode,
    /// Mirror left to right, or don't, with equal probability.
    pub horizontal_flip: bool,
    /// Turn upside down, or don't, with equal probability.
    pub vertical_flip: bool,
    /// Multiply by this number.
    pub rescale: Option<f32>,
    /// Anything else, done to one image at a time: (1, height, width, channels) in and out.
    pub preprocessing_function: Option<fn(Images<D>) -> Images<D>>,
    /// How batches come in and go out; everything between has its channels last.
    pub data_format: DataFormat,
}

impl<D: Device<f32>> Arguments<D> {
    /// A range that is negative, too large or no number is an `Err` that names it.
    pub fn check(&self) -> Result<(), GeneratorError> {
        let ranges = [
            ("rotation_range", self.rotation_range, 360.0),
            ("width_shift_range", self.width_shift_range, 1.0),
            ("height_shift_range", self.height_shift_range, 1.0),
            ("shear_range", self.shear_range, 90.0),
            ("zoom_range", self.zoom_range, 1.0),
            ("channel_shift_range", self.channel_shift_range, f32::INFINITY),
            ("zca_epsilon", self.zca_epsilon, f32::INFINITY),
        ];
        match ranges.into_iter().find(|(_, value, limit)| !(0.0..*limit).contains(value)) {
            Some((argument, value, limit)) => Err(GeneratorError::Range { argument, value, limit }),
            None => Ok(()),
        }
    }

    /// The first argument that needs statistics of the training images.
    pub fn featurewise(&self) -> Option<&'static str> {
        let arguments = [
            ("featurewise_center", self.featurewise_center),
            ("featurewise_std_normalization", self.featurewise_std_normalization),
            ("zca_whitening", self.zca_whitening),
        ];
        arguments.into_iter().find_map(|(name, wanted)| wanted.then_some(name))
    }
}

impl<D: Device<f32>> Default for Arguments<D> {
    fn default() -> Self {
        Self {
            featurewise_center: false,
            samplewise_center: false,
            featurewise_std_normalization: false,
            samplewise_std_normalization: false,
            zca_whitening: false,
            zca_epsilon: 1e-6,
            rotation_range: 0.0,
            width_shift_range: 0.0,
            height_shift_range: 0.0,
            shear_range: 0.0,
            zoom_range: 0.0,
            channel_shift_range: 0.0,
            fill_mode: FillMode::Nearest,
            horizontal_flip: false,
            vertical_flip: false,
            rescale: None,
            preprocessing_function: None,
            data_format: DataFormat::ChannelsLast,
        }
    }
}

/// What an [`ImageDataGenerator`](crate::generator::ImageDataGenerator) can't do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GeneratorError {
    /// An argument that is negative, too large or no number.
    Range {
        /// The argument's name.
        argument: &'static str,
        /// Its value.
        value: f32,
        /// What it must stay below.
        limit: f32,
    },
    /// An argument that needs statistics of the training images, before
    /// [`fit`](crate::generator::ImageDataGenerator::fit) was called.
    NotFitted {
        /// The argument's name.
        argument: &'static str,
    },
    /// Another number of labels than of images.
    Labels {
        /// How many images there are.
        images: usize,
        /// How many labels there are.
        labels: usize,
    },
    /// A batch size of 0.
    BatchSize,
    /// No images at all.
    NoImages,
}

impl fmt::Display for GeneratorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range { argument, value, limit } => {
                write!(f, "`{argument}` is {value}, and must be at least 0 and below {limit}")
            }
            Self::NotFitted { argument } => {
                write!(f, "`{argument}` needs statistics: call `fit` before `flow`")
            }
            Self::Labels { images, labels } => write!(f, "{labels} labels for {images} images"),
            Self::BatchSize => write!(f, "a batch size of 0"),
            Self::NoImages => write!(f, "there are no images"),
        }
    }
}

impl Error for GeneratorError {}
