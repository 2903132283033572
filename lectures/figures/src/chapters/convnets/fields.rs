//! Receptive fields: how much of an image a unit depends on.

use anyhow::{Context, Result, anyhow};
use convnets::stacks::{Layer, Window, receptive_field};
use datasets::efficientnet;

use crate::{
    Figure,
    pictures::Pixels,
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "receptive_pyramid",
        chapter: "convnets",
        alt: "A row of eleven pixels, a map of nine units and one of seven above it; lines lead from one unit of the upper map to three units and five pixels.",
        caption: "Go down from the top: three neighbours, each of which has three of its own, and as they overlap that makes five.",
        draw: pyramid,
    },
    Figure {
        name: "receptive_fields",
        chapter: "convnets",
        alt: "A photograph of a cat with the receptive fields of the unit in the middle of VGG-16's five poolings: squares of 6, 16, 44, 100 and 212 pixels.",
        caption: "Behind the first pooling a unit sees a few hairs, behind the fourth the distance between the eyes, and behind the fifth nearly the whole face.",
        draw: fields,
    },
];

fn pyramid() -> Result<Sheet> {
    let layer =
        Layer::Convolution { filters: 1, window: Window { size: 3, stride: 1, padding: 0, dilation: 1 } };
    let mut sheet = Sheet::new(250.0);
    let box_at = |map: usize, i: usize| {
        Rect::new(120.0 + 44.0 * (i as f64 + map as f64), 180.0 - 70.0 * map as f64, 38.0, 30.0)
    };
    // The unit in the middle of the second map, and what it sees on each.
    let middle = 3;
    for (map, (name, length)) in [("image", 11), ("1st map", 9), ("2nd map", 7)].into_iter().enumerate() {
        let seen = receptive_field(&vec![layer; 2 - map]).map_err(|cause| anyhow!("{cause}"))?.size;
        let first = middle;
        for i in 0..length {
            let is_seen = (first..first + seen).contains(&i);
            sheet.fill(Hue::Orange, if is_seen { 0.5 } else { 0.06 }, box_at(map, i));
            sheet.border(Hue::Soft, box_at(map, i));
        }
        sheet.text(Hue::Ink, (110.0, box_at(map, 0).centre().1 + 5.0), Anchor::End, name);
        let words = if seen == 1 { "1 unit".to_owned() } else { format!("{seen}") };
        sheet.text(
            Hue::Orange,
            (box_at(map, length - 1).right() + 14.0, box_at(map, 0).centre().1 + 5.0),
            Anchor::Start,
            &words,
        );
        if map > 0 {
            for i in first..first + seen {
                for j in i..i + 3 {
                    sheet.thin(
                        Hue::Orange,
                        (box_at(map, i).centre().0, box_at(map, i).bottom()),
                        (box_at(map - 1, j).centre().0, box_at(map - 1, j).top),
                    );
                }
            }
        }
    }
    Ok(sheet)
}

/// VGG-16's convolutions and poolings, and after how many of them a pooling has just been.
fn vgg() -> (Vec<Layer>, Vec<usize>) {
    let (mut layers, mut ends) = (Vec::new(), Vec::new());
    for (filters, count) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
        let window = Window { size: 3, stride: 1, padding: 1, dilation: 1 };
        layers.extend(vec![Layer::Convolution { filters, window }; count]);
        layers.push(Layer::Pooling { window: Window { size: 2, stride: 2, padding: 0, dilation: 1 } });
        ends.push(layers.len());
    }
    (layers, ends)
}

fn fields() -> Result<Sheet> {
    let photograph = efficientnet::photograph("chelsea")?;
    let side = photograph.height as f64;
    let scale = 360.0 / side;
    let mut sheet = Sheet::new(400.0);
    let area = Rect::new(20.0, 20.0, 360.0, 360.0);
    let pixels = Pixels::new(photograph.height, photograph.width, 3, &photograph.pixels);
    sheet.picture(area, &pixels.as_photograph());
    let (layers, ends) = vgg();
    for (k, end) in ends.into_iter().enumerate() {
        let field = receptive_field(&layers[..end]).map_err(|cause| anyhow!("{cause}"))?;
        // The unit whose field lies nearest to the middle.
        let units = 224 / field.stride;
        let start = (units / 2 * field.stride) as f64 - field.padding as f64;
        let hue = Hue::CURVES[k];
        let size = field.size as f64 * scale;
        let rect = Rect::new(area.left + start * scale, area.top + start * scale, size, size);
        let last = layers[..end].iter().filter(|layer| matches!(layer, Layer::Convolution { .. })).count();
        sheet.fill(hue, 0.12, clipped(rect, area).context("a field lies within the photograph")?);
        sheet.frame(hue, clipped(rect, area).context("a field lies within the photograph")?);
        let words = format!("pooling {} ({last} convolutions): {} × {}", k + 1, field.size, field.size);
        sheet.text(hue, (400.0, 60.0 + 26.0 * k as f64), Anchor::Start, &words);
    }
    sheet.small(Hue::Soft, (400.0, 210.0), Anchor::Start, "of 224 × 224 pixels, in VGG-16");
    Ok(sheet)
}

fn clipped(rect: Rect, area: Rect) -> Option<Rect> {
    let (left, top) = (rect.left.max(area.left), rect.top.max(area.top));
    let (right, bottom) = (rect.right().min(area.right()), rect.bottom().min(area.bottom()));
    (right > left && bottom > top).then(|| Rect::new(left, top, right - left, bottom - top))
}
