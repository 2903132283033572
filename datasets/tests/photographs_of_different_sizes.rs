//! Photographs of different sizes, colour and grey, PNG and JPEG, become images of one size: stretched, cropped or padded.

#![cfg(feature = "loaders")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{fs, path::Path};

use datasets::{
    Examples, Images,
    folder::{self, Fit},
};
use image::{Rgb, RgbImage};

/// A photograph whose left third is red, whose middle is green and whose right third is blue.
fn stripes(file: &Path, height: u32, width: u32) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let colour = |x: u32| [[255, 0, 0], [0, 255, 0], [0, 0, 255]][(3 * x / width) as usize];
    RgbImage::from_fn(width, height, |x, _| Rgb(colour(x))).save(file).unwrap();
}

/// Red, green and blue at this place of an image.
fn pixel(images: &Images, image: usize, row: usize, column: usize) -> [f32; 3] {
    let start = (row * images.width + column) * images.channels;
    images.image(image)[start..start + 3].try_into().unwrap()
}

const RED: [f32; 3] = [1.0, 0.0, 0.0];
const GREEN: [f32; 3] = [0.0, 1.0, 0.0];
const BLUE: [f32; 3] = [0.0, 0.0, 1.0];
const BLACK: [f32; 3] = [0.0; 3];

#[test]
fn wide_and_high_photographs_fit_in_three_ways() {
    let to = tempfile::tempdir().unwrap();
    for part in ["train", "validation"] {
        stripes(&to.path().join(part).join("cats/1.png"), 60, 180); // three times as wide as high
        stripes(&to.path().join(part).join("cats/2.png"), 30, 30);
        stripes(&to.path().join(part).join("dogs/1.png"), 90, 45); // twice as high as wide
    }
    let load = |fit| folder::load(to.path(), 30, 30, fit).unwrap();
    let stretched = load(Fit::Stretch);
    assert_eq!((stretched.train.len(), stretched.test.len()), (3, 3));
    assert_eq!(
        (stretched.train.height, stretched.train.width, &stretched.train.labels[..]),
        (30, 30, &[0, 0, 1][..])
    );
    let of_wide = |images: &Images| [2, 15, 27].map(|column| pixel(images, 0, 15, column));
    assert_eq!(of_wide(&stretched.train), [RED, GREEN, BLUE], "all three stripes, narrower");
    // The middle third of 180 × 60 is what a square of that height holds.
    assert_eq!(of_wide(&load(Fit::Crop).train), [GREEN; 3]);
    let padded = load(Fit::Pad).train;
    assert_eq!(of_wide(&padded), [RED, GREEN, BLUE]);
    assert_eq!([2, 27].map(|row| pixel(&padded, 0, row, 15)), [BLACK; 2], "stripes above and below");
    assert_eq!(
        [2, 27].map(|column| pixel(&padded, 2, 15, column)),
        [BLACK; 2],
        "stripes left and right of a high one"
    );
    assert_eq!(pixel(&padded, 1, 2, 2), RED, "what is square fits as it is");
}

#[test]
fn the_photographs_that_come_with_the_course_have_different_sizes() {
    for fit in [Fit::Stretch, Fit::Crop, Fit::Pad] {
        let images = folder::bundled(40, 60, fit).unwrap();
        assert_eq!(images.classes, ["cat", "photographer", "rocket"]);
        assert_eq!((images.counts(), images.size()), (vec![1; 3], 40 * 60 * 3));
        assert!(images.pixels.iter().all(|value| (0.0..=1.0).contains(value)));
        let [red, green, blue] = pixel(&images, 1, 20, 30);
        assert!(red == green && green == blue, "the photographer is grey");
    }
    // 512 × 512 in 60 × 40: padded, it has 10 black columns on each side.
    let padded = folder::bundled(40, 60, Fit::Pad).unwrap();
    assert!((0..40).all(|row| pixel(&padded, 1, row, 5) == BLACK && pixel(&padded, 1, row, 55) == BLACK));
    assert!((0..40).any(|row| pixel(&padded, 1, row, 12) != BLACK));
}
