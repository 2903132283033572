//! A photograph flipped, cropped, recoloured, turned, and all of it by the generator.

use anyhow::{Result, anyhow};
use datasets::efficientnet;
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use toolkit::tensor::Images;
use tricks::{
    affine::{Affine, FillMode, affine_augment},
    augmentation::{Crop, crop_resize, flip_horizontal, flip_vertical},
    color::{adjust_brightness, adjust_contrast, adjust_saturation},
    generator::{Arguments, ImageDataGenerator},
};

use crate::{
    Figure,
    pictures::Pixels,
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "flips_and_crops",
        chapter: "tricks",
        alt: "A photograph of a cat as it is, mirrored left to right, upside down, and three crops of it stretched to the old size.",
        caption: "The mirror image is a cat that nobody will doubt; upside down it is one that no camera meets, so vertical flips are for tasks without an up.",
        draw: flips_and_crops,
    },
    Figure {
        name: "colours",
        chapter: "tricks",
        alt: "The photograph with brightness, contrast and saturation at half and at one and a half of their strength, a row each.",
        caption: "Left of the middle each row goes towards something dull (black, one grey, the grey of the same pixel), right of it away from that, until the clamp cuts highlights off.",
        draw: colours,
    },
    Figure {
        name: "affine",
        chapter: "tricks",
        alt: "The photograph turned by 25 degrees, shifted, sheared and zoomed, and a turned one with each of four fill modes.",
        caption: "Above, one map each; below, the same turn with four answers to what lies outside: a constant, the border's pixel, the mirror image, the other end.",
        draw: affine,
    },
    Figure {
        name: "generator",
        chapter: "tricks",
        alt: "Twelve variants of one photograph from the image data generator: turned, shifted, sheared, zoomed, recoloured and mirrored at random.",
        caption: "No two are equal and all are the same cat: that is what the network is told by them.",
        draw: generator,
    },
];

/// Pixels of the photograph in a figure, up and across.
const SIDE: usize = 112;

/// The bundled cat at a size that many of fit on a sheet.
fn cat() -> Result<Images<Cpu>> {
    let photograph = efficientnet::photograph("chelsea")?;
    let shape = (1, photograph.height, photograph.width, 3);
    let x = Cpu::default().tensor_from_vec(photograph.pixels, shape);
    let all = Crop { top: 0, left: 0, height: shape.1, width: shape.2 };
    crop_resize(x, all, (SIDE, SIDE)).map_err(|cause| anyhow!("{cause}"))
}

/// Photographs in rows of `columns`, each with a word above.
fn grid(columns: usize, side: f64, tiles: &[(&str, Images<Cpu>)]) -> Sheet {
    let (across, down) = (660.0 / columns as f64, side + 30.0);
    let mut sheet = Sheet::new(16.0 + down * tiles.len().div_ceil(columns) as f64);
    for (k, (word, image)) in tiles.iter().enumerate() {
        let (left, top) = (30.0 + across * (k % columns) as f64, 26.0 + down * (k / columns) as f64);
        sheet.small(Hue::Ink, (left, top - 7.0), Anchor::Start, word);
        let (_, h, w, c) = *image.shape();
        sheet.picture(
            Rect::new(left, top, side, side),
            &Pixels::new(h, w, c, &image.as_vec()).as_photograph(),
        );
    }
    sheet
}

fn flips_and_crops() -> Result<Sheet> {
    let cat = cat()?;
    let crop = |top, left, side| {
        let crop = Crop { top, left, height: side, width: side };
        crop_resize(cat.clone(), crop, (SIDE, SIDE)).map_err(|cause| anyhow!("{cause}"))
    };
    let tiles = [
        ("the photograph", cat.clone()),
        ("flip_horizontal", flip_horizontal(cat.clone())),
        ("flip_vertical", flip_vertical(cat.clone())),
        ("80 of 112 pixels, top left", crop(0, 0, 80)?),
        ("70 of 112, middle", crop(20, 25, 70)?),
        ("56 of 112, right", crop(25, 50, 56)?),
    ];
    Ok(grid(3, 190.0, &tiles))
}

fn colours() -> Result<Sheet> {
    let cat = cat()?;
    let mut tiles = Vec::new();
    let changes: [(&str, fn(Images<Cpu>, f32) -> Result<Images<Cpu>>); 3] = [
        ("brightness", |x, factor| adjust_brightness(x, factor).map_err(|cause| anyhow!("{cause}"))),
        ("contrast", |x, factor| adjust_contrast(x, factor).map_err(|cause| anyhow!("{cause}"))),
        ("saturation", |x, factor| adjust_saturation(x, factor).map_err(|cause| anyhow!("{cause}"))),
    ];
    for (name, change) in changes {
        for factor in [0.3, 1.0, 1.7] {
            tiles.push((format!("{name} · {factor}"), change(cat.clone(), factor)?));
        }
    }
    let tiles: Vec<(&str, Images<Cpu>)> =
        tiles.iter().map(|(word, image)| (word.as_str(), image.clone())).collect();
    Ok(grid(3, 150.0, &tiles))
}

fn affine() -> Result<Sheet> {
    let cat = cat()?;
    let map = |transform: Affine, fill: FillMode| {
        affine_augment(cat.clone(), &[transform], fill).map_err(|cause| anyhow!("{cause}"))
    };
    let (same, black) = (Affine::IDENTITY, FillMode::Constant(0.0));
    let turned = Affine { rotation: 25.0, ..same };
    let tiles = [
        ("rotation 25°", map(turned, black)?),
        ("shift (20, −25)", map(Affine { shift: (20.0, -25.0), ..same }, black)?),
        ("shear 25°", map(Affine { shear: 25.0, ..same }, black)?),
        ("zoom (1.4, 0.8)", map(Affine { zoom: (1.4, 0.8), ..same }, black)?),
        ("constant", map(Affine { zoom: (1.5, 1.5), ..turned }, FillMode::Constant(0.5))?),
        ("nearest", map(Affine { zoom: (1.5, 1.5), ..turned }, FillMode::Nearest)?),
        ("reflect", map(Affine { zoom: (1.5, 1.5), ..turned }, FillMode::Reflect)?),
        ("wrap", map(Affine { zoom: (1.5, 1.5), ..turned }, FillMode::Wrap)?),
    ];
    Ok(grid(4, 150.0, &tiles))
}

fn generator() -> Result<Sheet> {
    let arguments = Arguments {
        rotation_range: 20.0,
        width_shift_range: 0.15,
        height_shift_range: 0.15,
        shear_range: 10.0,
        zoom_range: 0.25,
        channel_shift_range: 0.12,
        horizontal_flip: true,
        fill_mode: FillMode::Reflect,
        ..Arguments::default()
    };
    let generator = ImageDataGenerator::new(arguments).map_err(|cause| anyhow!("{cause}"))?;
    let (cat, mut rng) = (cat()?, StdRng::seed_from_u64(4));
    let tiles: Vec<(&str, Images<Cpu>)> =
        (0..12).map(|_| ("", generator.random_transform(cat.clone(), &mut rng))).collect();
    Ok(grid(4, 150.0, &tiles))
}
