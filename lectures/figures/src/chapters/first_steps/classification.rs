//! Softmax and cross entropy.

use anyhow::Result;
use dfdx::prelude::*;
use first_steps::classification::{cross_entropy as loss_of, softmax as probabilities};

use crate::{
    Figure,
    numbers::{matrix, steps},
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet, short},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "softmax",
        chapter: "first_steps",
        alt: "Bars of the probabilities that softmax makes of the logits 2, 1, 0; of 7, 6, 5; and of 20, 10, 0.",
        caption: "Adding 5 to all logits changes nothing; multiplying them by 10 makes the first class all but certain.",
        draw: softmax,
    },
    Figure {
        name: "cross_entropy",
        chapter: "first_steps",
        alt: "The cross entropy of two classes over the difference of the right logit and the wrong one, from −6 to 6, with its slope.",
        caption: "Wrong with certainty costs as much as one was certain, and pulls with a slope of almost −1; right with certainty costs nothing and pulls no more.",
        draw: cross_entropy,
    },
];

fn softmax() -> Result<Sheet> {
    let mut sheet = Sheet::new(300.0);
    let rows = [[2.0, 1.0, 0.0], [7.0, 6.0, 5.0], [20.0, 10.0, 0.0]];
    for (k, logits) in rows.into_iter().enumerate() {
        let area = Rect::new(60.0 + 220.0 * k as f64, 45.0, 180.0, 195.0);
        let x = Axis::linear(-0.5, 2.5, 1.0, "class");
        let y = Axis::linear(0.0, 1.15, 0.25, if k == 0 { "probability" } else { "" });
        let plot = Plot::new(&mut sheet, area, x, y);
        plot.heading(&mut sheet, &format!("logits {}, {}, {}", logits[0], logits[1], logits[2]));
        let shares = probabilities(matrix(&logits, 1, 3)).as_vec();
        for (class, share) in shares.into_iter().enumerate() {
            let (at, share) = (class as f64, f64::from(share));
            plot.bar(&mut sheet, Hue::CURVES[class], at - 0.32, at + 0.32, share);
            plot.note(&mut sheet, Hue::Ink, (at, share), (0.0, -6.0), Anchor::Middle, &short(share, 3));
        }
    }
    Ok(sheet)
}

fn cross_entropy() -> Result<Sheet> {
    let mut sheet = Sheet::new(330.0);
    let area = Rect::new(70.0, 20.0, 590.0, 250.0);
    let x = Axis::linear(-6.0, 6.0, 1.0, "logit of the right class minus logit of the other");
    let plot = Plot::new(&mut sheet, area, x, Axis::linear(-1.0, 6.0, 1.0, "loss"));
    let loss = |margin: f64| {
        let logits = matrix(&[margin as f32, 0.0], 1, 2);
        let loss = loss_of(logits.leaky_trace(), &[0]).map_err(|cause| anyhow::anyhow!("{cause}"))?;
        let value = f64::from(loss.as_vec()[0]);
        anyhow::Ok((value, f64::from(loss.backward().get(&logits).as_vec()[0])))
    };
    let places = steps(-6.0, 6.0, 61);
    let values: Vec<(f64, f64)> = places.iter().map(|&x| loss(x)).collect::<Result<_>>()?;
    plot.level(&mut sheet, Hue::Soft, 0.0);
    plot.curve(&mut sheet, Hue::Blue, places.iter().zip(&values).map(|(&x, value)| (x, value.0)));
    plot.dashed(&mut sheet, Hue::Orange, places.iter().zip(&values).map(|(&x, value)| (x, value.1)));
    plot.dots(&mut sheet, Hue::Blue, 5.0, [(0.0, loss(0.0)?.0)]);
    plot.note(
        &mut sheet,
        Hue::Blue,
        (0.0, 0.693),
        (10.0, -8.0),
        Anchor::Start,
        "an even guess: ln 2 = 0.693",
    );
    plot.note(&mut sheet, Hue::Blue, (-4.5, 4.5), (12.0, -4.0), Anchor::Start, "cross entropy");
    plot.note(&mut sheet, Hue::Orange, (-4.0, -0.9), (0.0, -14.0), Anchor::Middle, "its slope");
    Ok(sheet)
}
