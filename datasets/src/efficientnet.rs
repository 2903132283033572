//! EfficientNet-Lite0's weights, trained on ImageNet: bundled in half precision, with the names of ImageNet's classes and a few
//! photographs.

use std::{collections::BTreeMap, path::Path};

use crate::{
    Error, Images, bytes,
    folder::decode,
    places::{find, in_bundle},
    weights::{self, Weight},
};

/// Its folder in the bundle.
pub(crate) const FOLDER: &str = "efficientnet-lite0";
/// Where it may lie in full.
pub(crate) const FOLDERS: &[&str] = &["efficientnet_lite0", FOLDER];
/// The file of weights.
pub(crate) const WEIGHTS: &str = "efficientnet_lite0.safetensors";
/// The bundled photographs, 224 × 224: a cat, a cup of coffee, a flower.
pub const PHOTOGRAPHS: [&str; 3] = ["chelsea", "coffee", "flower"];

/// The bundled weights. Half precision keeps three digits, which changes logits by about 0.01.
pub fn bundled() -> Result<BTreeMap<String, Weight>, Error> {
    weights::load(&in_bundle(&format!("{FOLDER}/{WEIGHTS}"))?)
}

/// The weights in single precision.
pub fn full() -> Result<BTreeMap<String, Weight>, Error> {
    let folder = find("efficientnet-lite0", FOLDERS, &[WEIGHTS])?;
    weights::load(&folder.join(WEIGHTS))
}

/// Those of the stem and the first `depth` blocks: a few of the network's millions.
pub fn beginning(mut weights: BTreeMap<String, Weight>, depth: usize) -> BTreeMap<String, Weight> {
    let mut needed = vec!["_conv_stem.".to_owned(), "_bn0.".to_owned()];
    needed.extend((0..depth).map(|i| format!("_blocks.{i}.")));
    weights.retain(|name, _| needed.iter().any(|start| name.starts_with(start.as_str())));
    weights
}

/// The names of ImageNet's 1,000 classes, in the order of the logits.
pub fn labels() -> Result<Vec<String>, Error> {
    let file = in_bundle(&format!("{FOLDER}/imagenet_labels.txt"))?;
    let labels: Vec<String> = bytes::text(&file)?.lines().map(str::to_owned).collect();
    if labels.len() == 1000 {
        Ok(labels)
    } else {
        Err(Error::malformed(&file, format!("{} names of classes instead of 1000", labels.len())))
    }
}

/// One of [`PHOTOGRAPHS`], red, green and blue between 0 and 1; its class is what it shows.
pub fn photograph(name: &str) -> Result<Images, Error> {
    photograph_in(&in_bundle(&format!("{FOLDER}/{name}.png"))?, name)
}

pub(crate) fn photograph_in(file: &Path, name: &str) -> Result<Images, Error> {
    let picture = decode(file)?.into_rgb8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = picture.into_raw().into_iter().map(|value| f32::from(value) / 255.0).collect();
    Ok(Images { height, width, channels: 3, pixels, labels: vec![0], classes: vec![name.to_owned()] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundle_has_all_parameters_names_and_photographs() {
        let weights = bundled().unwrap();
        let statistics = |name: &&String| name.ends_with("running_mean") || name.ends_with("running_var");
        let parameters = weights.iter().filter(|(name, _)| !statistics(name));
        assert_eq!(parameters.map(|(_, weight)| weight.values.len()).sum::<usize>(), 4_652_008);
        assert!(weights.values().flat_map(|weight| &weight.values).all(|value| value.is_finite()));
        assert_eq!(labels().unwrap()[281], "tabby cat");
        for name in PHOTOGRAPHS {
            let image = photograph(name).unwrap();
            assert_eq!((image.height, image.width, image.channels), (224, 224, 3));
        }
    }

    #[test]
    fn half_precision_keeps_three_digits() {
        let Ok(full) = full() else { return println!("CRASH_COURSE_DATA has no EfficientNet: not compared") };
        let half = bundled().unwrap();
        assert_eq!(full.len(), half.len());
        for (name, weight) in &full {
            assert_eq!(weight.shape, half[name].shape);
            let pairs = weight.values.iter().zip(&half[name].values);
            assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() <= a.abs() * 5e-4 + 1e-7), "{name}");
        }
    }
}
