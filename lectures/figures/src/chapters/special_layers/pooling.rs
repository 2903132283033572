//! Pooling: windows that become their largest number, and what a shift leaves of a map.

use anyhow::{Result, anyhow};
use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use rand_distr::StandardNormal;
use special_layers::{
    conv::Padding,
    pooling::{max_pool1d, max_pool2d},
    translation_invariance::translation_invariance as survival,
};

use super::conv::INPUT;
use crate::{
    Figure,
    cells::{Cells, number_word},
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "max_pool1d_frames",
        chapter: "special_layers",
        alt: "Windows of four at each of seven places of the input 1, 4, −1, 0, 2, −2, 1, 3, 3, 1, with their largest numbers 4, 4, 2, 2, 3, 3, 3.",
        caption: "A window's largest number, framed, stays the same over several places: the output moves less than the input does.",
        draw: max_pool1d_frames,
    },
    Figure {
        name: "max_pool2d",
        chapter: "special_layers",
        alt: "A map of four by four numbers in four windows of two by two, and the two by two numbers that max-pooling keeps.",
        caption: "Of each coloured window one number is left, its largest; where in the window it stood is forgotten.",
        draw: max_pool_2d,
    },
    Figure {
        name: "translation",
        chapter: "special_layers",
        alt: "How much of random pooled maps survives a shift by 0 to 8 pixels, for windows of 1, 2, 4 and 8 pixels, with the formula for each.",
        caption: "The larger the window, the more survives; at a shift of a whole window nothing is left, and without pooling one pixel is enough.",
        draw: translation,
    },
];

fn max_pool1d_frames() -> Result<Sheet> {
    let x = Cpu::default().tensor_from_vec(INPUT.to_vec(), (1, INPUT.len(), 1));
    let output = max_pool1d(x, 4, 1, Padding::Valid).map_err(|cause| anyhow!("{cause}"))?.as_vec();
    let mut sheet = Sheet::new(20.0 + 38.0 * output.len() as f64);
    for (frame, &value) in output.iter().enumerate() {
        let top = 14.0 + 38.0 * frame as f64;
        let input = Cells { at: (60.0, top), size: (34.0, 26.0) };
        sheet.small(Hue::Soft, (50.0, top + 17.0), Anchor::End, &format!("{}", frame + 1));
        input.numbers(&mut sheet, INPUT.len(), (Hue::Soft, 0.0), &INPUT);
        sheet.fill(Hue::Blue, 0.22, input.block((0, frame), (1, 4)));
        if let Some(winner) = (frame..frame + 4).find(|&i| INPUT[i] == value) {
            sheet.frame(Hue::Blue, input.cell(0, winner));
        }
        let result = Cells { at: (435.0, top), size: (34.0, 26.0) };
        result.numbers(&mut sheet, output.len(), (Hue::Green, 0.0), &output[..=frame]);
        sheet.fill(Hue::Green, 0.35, result.cell(0, frame));
    }
    Ok(sheet)
}

fn max_pool_2d() -> Result<Sheet> {
    let map = [1.0, 4.0, -1.0, 0.0, 2.0, -2.0, 1.0, 2.0, 3.0, 3.0, 1.0, -5.0, 0.0, 1.0, -4.0, -3.0];
    let x = Cpu::default().tensor_from_vec(map.to_vec(), (1, 4, 4, 1));
    let pooled = max_pool2d(x, 2, 2, Padding::Valid).map_err(|cause| anyhow!("{cause}"))?.as_vec();
    let mut sheet = Sheet::new(220.0);
    let (before, after) = (Cells::square((120.0, 20.0), 44.0), Cells::square((450.0, 64.0), 44.0));
    for (i, &value) in map.iter().enumerate() {
        let (row, column) = (i / 4, i % 4);
        let window = row / 2 * 2 + column / 2;
        let is_kept = value == pooled[window];
        let shade = (Hue::CURVES[window], if is_kept { 0.5 } else { 0.12 });
        before.word(&mut sheet, (row, column), shade, &number_word(value));
    }
    for (window, &value) in pooled.iter().enumerate() {
        let shade = (Hue::CURVES[window], 0.5);
        after.word(&mut sheet, (window / 2, window % 2), shade, &number_word(value));
    }
    sheet.arrow(Hue::Soft, (320.0, 108.0), (430.0, 108.0));
    sheet.small(Hue::Soft, (375.0, 98.0), Anchor::Middle, "2 × 2, stride 2");
    sheet.small(
        Hue::Soft,
        (120.0, 212.0),
        Anchor::Start,
        "dark: the largest of its window (3 and 3 are equal; either is)",
    );
    Ok(sheet)
}

fn translation() -> Result<Sheet> {
    // Independent values after a relu, as in the lecture's table.
    const SIDE: usize = 24;
    const MAPS: usize = 20;
    let mut rng = StdRng::seed_from_u64(1);
    let values = (0..MAPS * SIDE * SIDE).map(|_| rng.sample::<f32, _>(StandardNormal).max(0.0)).collect();
    let maps = Cpu::default().tensor_from_vec(values, (MAPS, SIDE, SIDE, 1));
    let mut sheet = Sheet::new(330.0);
    let area = Rect::new(75.0, 20.0, 470.0, 250.0);
    let y = Axis::linear(0.0, 1.0, 0.2, "part of the map that survives");
    let plot = Plot::new(&mut sheet, area, Axis::linear(0.0, 8.0, 1.0, "shift in pixels"), y);
    let pools = [(1, Hue::Orange), (2, Hue::Gold), (4, Hue::Green), (8, Hue::Blue)];
    for (k, (pool, hue)) in pools.into_iter().enumerate() {
        let survived = survival(maps.clone(), pool, 8).map_err(|cause| anyhow!("{cause}"))?;
        let points = survived.iter().enumerate().map(|(shift, &part)| (shift as f64, f64::from(part)));
        plot.dots(&mut sheet, hue, 4.0, points);
        let formula = |s: f64| if s < pool as f64 { (pool as f64 - s) / (pool as f64 + s) } else { 0.0 };
        plot.dashed(&mut sheet, hue, (0..=8).map(|shift| (f64::from(shift), formula(f64::from(shift)))));
        let word = if pool == 1 { "no pooling".to_owned() } else { format!("windows of {pool} × {pool}") };
        let place = (area.right() + 12.0, area.top + 90.0 - 22.0 * k as f64);
        sheet.text(hue, place, Anchor::Start, &word);
    }
    sheet.small(Hue::Soft, (area.right() + 12.0, area.top + 122.0), Anchor::Start, "dots: measured");
    sheet.small(Hue::Soft, (area.right() + 12.0, area.top + 140.0), Anchor::Start, "dashed: the formula");
    Ok(sheet)
}
