//! The ways of three optimizers down the same valley.

use anyhow::Result;
use dfdx::prelude::*;
use first_steps::optimizers::{AdamState, adam, rmsprop, sgd};
use toolkit::tensor::Vector;

use crate::{
    Figure,
    numbers::{steps, vector},
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "optimizer_paths",
    chapter: "first_steps",
    alt: "Contour lines of a valley that is fifty times steeper down than along, with forty steps each of SGD, RMSprop and Adam from the same start.",
    caption: "SGD jumps across the steep direction and crawls along the flat one; RMSprop and Adam move equally fast in both, and Adam overshoots, because it keeps its swing.",
    draw: optimizer_paths,
}];

const START: [f32; 2] = [-4.0, 1.5];
const STEPS: usize = 40;
/// How curved the loss is along each parameter.
const CURVATURE: [f32; 2] = [0.5, 25.0];

/// Where a way leads whose steps `step` makes, given the gradient of ½ · Σ curvature · w².
fn way(mut step: impl FnMut(&mut Vector<Cpu>, &Vector<Cpu>)) -> Vec<(f64, f64)> {
    let mut w = vector(&START);
    let mut way = Vec::new();
    for _ in 0..=STEPS {
        let at = w.as_vec();
        way.push((f64::from(at[0]), f64::from(at[1])));
        let gradient = w.clone() * vector(&CURVATURE);
        step(&mut w, &gradient);
    }
    way
}

fn optimizer_paths() -> Result<Sheet> {
    let mut mean_square = vector(&[0.0, 0.0]);
    let mut state = AdamState::new(&mean_square);
    let ways = [
        ("SGD, η = 0.075", Hue::Orange, way(|w, gradient| sgd(w, gradient, 0.075))),
        ("RMSprop, η = 0.1", Hue::Green, way(|w, gradient| rmsprop(w, gradient, &mut mean_square, 0.1, 0.9))),
        ("Adam, η = 0.2", Hue::Blue, way(|w, gradient| adam(w, gradient, &mut state, 0.2))),
    ];
    let mut sheet = Sheet::new(400.0);
    let area = Rect::new(70.0, 20.0, 460.0, 320.0);
    let x = Axis::linear(-5.0, 3.0, 1.0, "first weight (flat direction)");
    let plot =
        Plot::new(&mut sheet, area, x, Axis::linear(-2.0, 2.0, 1.0, "second weight (steep direction)"));
    for level in [0.1, 1.0, 4.0, 12.0, 30.0] {
        let ellipse = steps(0.0, std::f64::consts::TAU, 181).into_iter().map(|angle| {
            let radius = |curvature: f32| (2.0 * level / f64::from(curvature)).sqrt();
            (radius(CURVATURE[0]) * angle.cos(), radius(CURVATURE[1]) * angle.sin())
        });
        plot.styled(&mut sheet, Hue::Soft, " thin", ellipse);
    }
    for (k, (name, hue, way)) in ways.into_iter().enumerate() {
        plot.styled(&mut sheet, hue, "", way.iter().copied());
        plot.dots(&mut sheet, hue, 3.0, way);
        sheet.text(hue, (area.right() + 14.0, area.top + 18.0 + 22.0 * k as f64), Anchor::Start, name);
    }
    plot.dots(&mut sheet, Hue::Ink, 5.0, [(f64::from(START[0]), f64::from(START[1])), (0.0, 0.0)]);
    plot.note(&mut sheet, Hue::Ink, (-4.0, 1.5), (-4.0, -12.0), Anchor::Middle, "start");
    Ok(sheet)
}
