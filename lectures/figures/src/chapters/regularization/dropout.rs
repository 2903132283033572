//! Dropout: a thinned network, and a batch of masks.

use anyhow::{Result, anyhow};
use rand::{SeedableRng, rngs::StdRng};
use regularization::dropout::dropout;

use crate::{
    Figure,
    cells::Cells,
    diagram::unit,
    numbers::matrix,
    sheet::{Anchor, Hue, Point, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "thinned",
        chapter: "regularization",
        alt: "A network of five inputs, two layers of six hidden units and three outputs, whole, and for three examples with units missing together with all their connections.",
        caption: "Each example trains another thinned network; a unit that is missing takes part in nothing, forward or backward, and all of them share their weights with the whole one.",
        draw: thinned,
    },
    Figure {
        name: "masks",
        chapter: "regularization",
        alt: "A batch of six rows of eight ones after dropout with p = 0.5: zeros and twos, different in each row; and in evaluation, unchanged.",
        caption: "Every row has zeros of its own, the others are doubled so that the mean stays near 1, and in evaluation nothing happens at all.",
        draw: masks,
    },
];

const LAYERS: [usize; 4] = [5, 6, 6, 3];

fn thinned() -> Result<Sheet> {
    let mut sheet = Sheet::new(250.0);
    let mut rng = StdRng::seed_from_u64(9);
    for (k, name) in ["the whole network", "example 1", "example 2", "example 3"].into_iter().enumerate() {
        let left = 22.0 + 172.0 * k as f64;
        sheet.text(Hue::Ink, (left, 24.0), Anchor::Start, name);
        let mut present = Vec::new();
        for (layer, units) in LAYERS.into_iter().enumerate() {
            let rate = [0.2, 0.5, 0.5, 0.0][layer];
            let ones = matrix(&vec![1.0; units], 1, units);
            let kept = dropout(ones, rate, k > 0, &mut rng).map_err(|cause| anyhow!("{cause}"))?.as_vec();
            present.push(kept.into_iter().map(|value| value > 0.0).collect::<Vec<bool>>());
        }
        network(&mut sheet, left, &present);
    }
    Ok(sheet)
}

fn network(sheet: &mut Sheet, left: f64, present: &[Vec<bool>]) {
    let place = |layer: usize, i: usize| -> Point {
        let height = 32.0 * (LAYERS[layer] as f64 - 1.0);
        (left + 10.0 + 42.0 * layer as f64, 135.0 - height / 2.0 + 32.0 * i as f64)
    };
    for layer in 0..LAYERS.len() - 1 {
        for i in (0..LAYERS[layer]).filter(|&i| present[layer][i]) {
            for j in (0..LAYERS[layer + 1]).filter(|&j| present[layer + 1][j]) {
                sheet.thin(Hue::Soft, place(layer, i), place(layer + 1, j));
            }
        }
    }
    for (layer, units) in present.iter().enumerate() {
        for (i, &is_present) in units.iter().enumerate() {
            let hue = [Hue::Gold, Hue::Blue, Hue::Blue, Hue::Green][layer];
            unit(sheet, if is_present { hue } else { Hue::Soft }, place(layer, i), 8.0, is_present);
        }
    }
}

fn masks() -> Result<Sheet> {
    let mut sheet = Sheet::new(250.0);
    let mut rng = StdRng::seed_from_u64(3);
    for (k, (name, training)) in [("training, p = 0.5", true), ("evaluation", false)].into_iter().enumerate()
    {
        let cells = Cells { at: (40.0 + 345.0 * k as f64, 40.0), size: (34.0, 30.0) };
        sheet.text(Hue::Ink, (cells.at.0, 28.0), Anchor::Start, name);
        let y =
            dropout(matrix(&[1.0; 48], 6, 8), 0.5, training, &mut rng).map_err(|cause| anyhow!("{cause}"))?;
        let y = y.as_vec();
        for (i, value) in y.iter().enumerate() {
            let shade = (Hue::Blue, f64::from(*value) * 0.25);
            cells.word(&mut sheet, (i / 8, i % 8), shade, &format!("{value}"));
        }
        let mean = y.iter().sum::<f32>() / y.len() as f32;
        sheet.small(Hue::Soft, (cells.at.0, 240.0), Anchor::Start, &format!("mean {mean:.2}"));
    }
    Ok(sheet)
}
