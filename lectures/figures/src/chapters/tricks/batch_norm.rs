//! A batch before and after batch normalization, and its running statistics.

use anyhow::{Result, anyhow};
use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use rand_distr::StandardNormal;
use tricks::batch_norm::{RunningStatistics, batch_norm_train};

use crate::{
    Figure,
    numbers::{matrix, vector},
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "batch_norm",
        chapter: "tricks",
        alt: "Five features of a batch of 64 examples as columns of dots: before batch norm at five places and of five widths, after it all about 0 with the same width.",
        caption: "Each column is moved and scaled by itself, and its shape stays: the outlier of the fourth feature is as far out as before, in units of its own spread.",
        draw: batch_norm,
    },
    Figure {
        name: "running_statistics",
        chapter: "tricks",
        alt: "A feature's batch means over sixty batches scatter about 2; the running mean climbs from 0 and stays near 2.",
        caption: "The running mean starts at 0 and has forgotten that after some thirty batches; from then on it is much steadier than any single batch.",
        draw: running_statistics,
    },
];

const FEATURES: usize = 5;
const BATCH: usize = 64;

fn normalized(x: Tensor<(usize, usize), f32, Cpu>, running: &mut RunningStatistics<Cpu>) -> Result<Vec<f32>> {
    let features = x.shape().1;
    let (gamma, beta) = (vector(&vec![1.0; features]), vector(&vec![0.0; features]));
    let y = batch_norm_train(x, &gamma, &beta, running, 1e-5).map_err(|cause| anyhow!("{cause}"))?;
    Ok(y.as_vec())
}

fn batch_norm() -> Result<Sheet> {
    let mut rng = StdRng::seed_from_u64(11);
    const FORMS: [(f32, f32); FEATURES] = [(3.0, 1.2), (-2.0, 0.4), (0.0, 2.2), (-4.0, 0.7), (6.0, 0.25)];
    let mut x: Vec<f32> = (0..BATCH * FEATURES)
        .map(|i| FORMS[i % FEATURES].0 + FORMS[i % FEATURES].1 * rng.sample::<f32, _>(StandardNormal))
        .collect();
    x[3] = 1.0;
    let mut running = RunningStatistics::new(FEATURES, &Cpu::default());
    let y = normalized(matrix(&x, BATCH, FEATURES), &mut running)?;
    let mut sheet = Sheet::new(330.0);
    for (k, (name, values, limit)) in [("before", &x, 8.0), ("after", &y, 8.0)].into_iter().enumerate() {
        let area = Rect::new(60.0 + 345.0 * k as f64, 45.0, 280.0, 225.0);
        let plot = Plot::new(
            &mut sheet,
            area,
            Axis::linear(0.5, 5.5, 1.0, "feature"),
            Axis::linear(-limit, limit, 2.0, "value"),
        );
        plot.heading(&mut sheet, name);
        plot.level(&mut sheet, Hue::Soft, 0.0);
        for (i, &value) in values.iter().enumerate() {
            let (example, feature) = (i / FEATURES, i % FEATURES);
            let aside = (example as f64 / BATCH as f64 - 0.5) * 0.5;
            let at = (feature as f64 + 1.0 + aside, f64::from(value));
            plot.dots(&mut sheet, Hue::CURVES[feature], if i == 3 { 4.5 } else { 2.0 }, [at]);
        }
    }
    Ok(sheet)
}

fn running_statistics() -> Result<Sheet> {
    let mut rng = StdRng::seed_from_u64(2);
    let mut running = RunningStatistics::new(1, &Cpu::default());
    let (mut means, mut followed) = (Vec::new(), vec![(0.0, 0.0)]);
    for batch in 1..=60 {
        let x: Vec<f32> = (0..16).map(|_| 2.0 + 1.5 * rng.sample::<f32, _>(StandardNormal)).collect();
        means.push((f64::from(batch), f64::from(x.iter().sum::<f32>() / 16.0)));
        normalized(matrix(&x, 16, 1), &mut running)?;
        followed.push((f64::from(batch), f64::from(running.mean.as_vec()[0])));
    }
    let mut sheet = Sheet::new(300.0);
    let area = Rect::new(70.0, 20.0, 590.0, 220.0);
    let x = Axis::linear(0.0, 60.0, 10.0, "batches of 16 examples");
    let plot = Plot::new(&mut sheet, area, x, Axis::linear(0.0, 3.5, 0.5, "mean of a feature"));
    plot.level(&mut sheet, Hue::Soft, 2.0);
    plot.dots(&mut sheet, Hue::Orange, 3.5, means);
    plot.curve(&mut sheet, Hue::Blue, followed);
    sheet.text(
        Hue::Orange,
        (area.right(), area.bottom() - 50.0),
        Anchor::End,
        "dots: the mean of each batch",
    );
    sheet.text(
        Hue::Blue,
        (area.right(), area.bottom() - 28.0),
        Anchor::End,
        "line: the running mean, α = 0.1",
    );
    Ok(sheet)
}
