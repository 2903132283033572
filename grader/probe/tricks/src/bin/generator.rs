//! Calls into `tricks::generator`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, serve};
use tricks::{affine::FillMode, augmentation::Images, generator as student};

type Generator = student::ImageDataGenerator<Dev>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("image_data_generator", |call| epochs(call, &Generator::new(arguments(call)?)?)),
        ("image_data_generator/ImageDataGenerator::fit + flow", |call| {
            let mut generator = Generator::new(arguments(call)?)?;
            generator.fit(&call.tensor("fit")?)?;
            epochs(call, &generator)
        }),
    ])
}

/// What flows in some epochs.
fn epochs(call: &Inputs, generator: &Generator) -> Result<Outputs, Fault> {
    let (images, labels) = (call.tensor("x")?, call.indexes("labels")?);
    let (batch_size, mut rng) = (call.count("batch_size")?, call.rng("seed")?);
    let mut batches = generator.flow(&images, &labels, batch_size, &mut rng)?;
    let (mut outputs, mut sizes, mut pixels) = (Outputs::new(), Vec::new(), Vec::new());
    for epoch in 0..call.count("epochs")? {
        let batches: Vec<_> = batches.by_ref().take(labels.len().div_ceil(batch_size)).collect();
        sizes.extend(batches.iter().map(|(_, labels)| labels.len()));
        let labels: Vec<f32> =
            batches.iter().flat_map(|(_, labels)| labels).map(|&label| label as f32).collect();
        let centres: Vec<f32> = batches.iter().flat_map(|(images, _)| centres(images)).collect();
        outputs = epoch_images(outputs, call, epoch, batches)
            .numbers(&format!("labels{epoch}"), &labels)
            .numbers(&format!("pixels{epoch}"), &centres);
        pixels.extend(centres);
    }
    Ok(outputs.indexes("sizes", &sizes).numbers("pixels", &pixels).numbers("given", &centres(&images)))
}

/// Adds the images of an epoch, one after the other, as `images<epoch>`.
fn epoch_images(
    outputs: Outputs,
    call: &Inputs,
    epoch: usize,
    batches: Vec<(Images<Dev>, Vec<usize>)>,
) -> Outputs {
    let Some((first, _)) = batches.first() else { return outputs };
    let (_, a, b, c) = *first.shape();
    let values: Vec<f32> = batches.iter().flat_map(|(images, _)| images.as_vec()).collect();
    let n = values.len() / (a * b * c).max(1);
    outputs.tensor(&format!("images{epoch}"), &call.dev.tensor_from_vec(values, (n, a, b, c)))
}

/// Of each image (channels last) the pixel just below and right of the centre, first channel.
fn centres(images: &Images<Dev>) -> Vec<f32> {
    let (_, height, width, channels) = *images.shape();
    let centre = ((height / 2) * width + width / 2) * channels;
    images.as_vec().chunks(height * width * channels).map(|image| image[centre]).collect()
}

/// What the call says, and nothing for what it does not say.
fn arguments(call: &Inputs) -> Result<student::Arguments<Dev>, Fault> {
    let flag = |name| call.flag_or(name, false);
    let number = |name| call.number_or(name, 0.0);
    let default = student::Arguments::default();
    Ok(student::Arguments {
        featurewise_center: flag("featurewise_center")?,
        samplewise_center: flag("samplewise_center")?,
        featurewise_std_normalization: flag("featurewise_std_normalization")?,
        samplewise_std_normalization: flag("samplewise_std_normalization")?,
        zca_whitening: flag("zca_whitening")?,
        rotation_range: number("rotation_range")?,
        width_shift_range: number("width_shift_range")?,
        height_shift_range: number("height_shift_range")?,
        shear_range: number("shear_range")?,
        zoom_range: number("zoom_range")?,
        channel_shift_range: number("channel_shift_range")?,
        fill_mode: if call.has("cval") {
            FillMode::Constant(call.number("cval")?)
        } else {
            default.fill_mode
        },
        horizontal_flip: flag("horizontal_flip")?,
        vertical_flip: flag("vertical_flip")?,
        rescale: if call.has("rescale") { Some(call.number("rescale")?) } else { None },
        preprocessing_function: if flag("square")? { Some(|image| image.square()) } else { None },
        data_format: if flag("channels_first")? {
            student::DataFormat::ChannelsFirst
        } else {
            default.data_format
        },
        ..default
    })
}
