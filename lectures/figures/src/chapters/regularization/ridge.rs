//! Ridge regression on the diabetes table.

use anyhow::Result;
use datasets::{Examples, diabetes};
use dfdx::prelude::*;
use regularization::ridge::ridge_closed_form;

use crate::{
    Figure,
    numbers::steps,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "ridge_path",
    chapter: "regularization",
    alt: "The ten parameters of ridge regression on the diabetes table as curves over Γ from 0.1 to 100,000: s1 and s2 begin far from 0 on opposite sides and come in first.",
    caption: "s1 and s2 quarrel at the left, one far below 0 and one far above; a Γ of 10 ends that, long before bmi and s5, which carry the prediction, give way.",
    draw: ridge_path,
}];

/// Columns divided by their standard deviations about their means, and targets about theirs.
pub fn standardized() -> Result<(Vec<f64>, Vec<f64>, usize)> {
    let table = diabetes::bundled()?;
    let (n, d) = (table.len(), table.columns.len());
    let mut values: Vec<f64> = table.values.iter().map(|&value| f64::from(value)).collect();
    for column in 0..d {
        let mean = values.iter().skip(column).step_by(d).sum::<f64>() / n as f64;
        let squares = values.iter().skip(column).step_by(d).map(|value| (value - mean).powi(2));
        let std = (squares.sum::<f64>() / n as f64).sqrt();
        values.iter_mut().skip(column).step_by(d).for_each(|value| *value = (*value - mean) / std);
    }
    let mean = table.targets.iter().map(|&target| f64::from(target)).sum::<f64>() / n as f64;
    Ok((values, table.targets.iter().map(|&target| f64::from(target) - mean).collect(), d))
}

fn ridge_path() -> Result<Sheet> {
    let (values, targets, d) = standardized()?;
    let (dev, n) = (Cpu::default(), targets.len());
    let (a, y) = (dev.tensor_from_vec(values, (n, d)), dev.tensor_from_vec(targets, (n,)));
    let gammas: Vec<f64> = steps(-1.0, 5.0, 49).into_iter().map(|power| 10_f64.powf(power)).collect();
    let path: Result<Vec<Vec<f64>>, _> =
        gammas.iter().map(|&gamma| Ok(ridge_closed_form(&a, &y, gamma)?.as_vec())).collect();
    let path = path.map_err(|cause: regularization::ridge::InvalidGamma| anyhow::anyhow!("{cause}"))?;

    let mut sheet = Sheet::new(400.0);
    let area = Rect::new(80.0, 20.0, 580.0, 320.0);
    let plot = Plot::new(&mut sheet, area, Axis::log(-1, 5, 1, "Γ"), Axis::linear(-40.0, 40.0, 10.0, "θ"));
    plot.level(&mut sheet, Hue::Soft, 0.0);
    let named = [
        ("s1", Hue::Orange),
        ("s2", Hue::Blue),
        ("bmi", Hue::Green),
        ("s5", Hue::Purple),
        ("sex", Hue::Gold),
    ];
    for (k, column) in diabetes::COLUMNS.iter().enumerate() {
        let curve = gammas.iter().zip(&path).map(|(&gamma, theta)| (gamma, theta[k]));
        match named.iter().find(|(name, _)| name == column) {
            Some((name, hue)) => {
                plot.curve(&mut sheet, *hue, curve);
                let up = if ["bmi", "s1"].contains(name) { -8.0 } else { 18.0 };
                plot.note(&mut sheet, *hue, (0.13, path[0][k]), (0.0, up), Anchor::Start, name);
            }
            None => plot.styled(&mut sheet, Hue::Soft, " thin", curve),
        }
    }
    sheet.small(Hue::Soft, (area.right(), area.top + 12.0), Anchor::End, "thin: the five others");
    Ok(sheet)
}
