//! A loss, its tangent, and the way down.

use anyhow::Result;
use first_steps::{
    derivatives::{gradient_by_hand, line_loss},
    line::fit_line,
};

use crate::{
    Figure,
    numbers::{counted, steps},
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "tangent",
        chapter: "first_steps",
        alt: "The loss of a line through three points as a function of its slope, with the tangent at slope 1.",
        caption: "At slope 1 the tangent falls by 6 for each unit of slope: the derivative says which way is down, and how steep it is just there.",
        draw: tangent,
    },
    Figure {
        name: "descent_rates",
        chapter: "first_steps",
        alt: "Six steps of gradient descent on w² with the learning rates 0.1, 0.9 and 1.1.",
        caption: "The same loss and the same start: a small rate creeps down, a large one jumps from side to side, and one beyond the border climbs out.",
        draw: descent_rates,
    },
    Figure {
        name: "line_fit",
        chapter: "first_steps",
        alt: "Left: the line after 0, 1, 5 and 200 steps of gradient descent, with three points. Right: the loss falling over the steps, on a logarithmic axis.",
        caption: "After five steps the line lies nearly where it stays; the last bit takes many more, because slope and intercept have to find each other.",
        draw: line_fit,
    },
];

/// The three points of the lecture.
const X: [f32; 3] = [1.0, 2.0, 3.0];
const TARGETS: [f32; 3] = [2.0, 3.0, 5.0];

fn tangent() -> Result<Sheet> {
    let mut sheet = Sheet::new(330.0);
    let area = Rect::new(70.0, 20.0, 590.0, 250.0);
    let x = Axis::linear(0.0, 3.0, 0.5, "slope of the line (its intercept is 0)");
    let plot = Plot::new(&mut sheet, area, x, Axis::linear(0.0, 13.0, 2.0, "loss"));
    let loss = |slope: f64| f64::from(line_loss(slope as f32, 0.0, &X, &TARGETS));
    plot.curve(&mut sheet, Hue::Blue, steps(0.0, 3.0, 61).into_iter().map(|slope| (slope, loss(slope))));
    let (at, down) = (loss(1.0), f64::from(gradient_by_hand(1.0, 0.0, &X, &TARGETS).0));
    plot.dashed(&mut sheet, Hue::Orange, [0.0, 1.33].map(|slope| (slope, at + down * (slope - 1.0))));
    plot.dots(&mut sheet, Hue::Orange, 5.0, [(1.0, at)]);
    let slope = format!("slope 1: loss {at:.0}, derivative −{:.0}", -down);
    plot.note(&mut sheet, Hue::Orange, (1.0, at), (12.0, -8.0), Anchor::Start, &slope);
    Ok(sheet)
}

fn descent_rates() -> Result<Sheet> {
    let mut sheet = Sheet::new(310.0);
    for (k, (rate, hue)) in [(0.1, Hue::Blue), (0.9, Hue::Green), (1.1, Hue::Orange)].into_iter().enumerate()
    {
        let area = Rect::new(60.0 + 220.0 * k as f64, 45.0, 175.0, 205.0);
        let y = Axis::linear(0.0, 9.0, 3.0, if k == 0 { "loss w²" } else { "" });
        let plot = Plot::new(&mut sheet, area, Axis::linear(-3.0, 3.0, 1.0, "w"), y);
        plot.heading(&mut sheet, &format!("η = {rate}"));
        plot.styled(&mut sheet, Hue::Soft, " thin", steps(-3.0, 3.0, 61).into_iter().map(|w| (w, w * w)));
        // A step against the gradient 2w.
        let way: Vec<f64> = std::iter::successors(Some(1.0), |w| Some(w - rate * 2.0 * w)).take(7).collect();
        let way: Vec<(f64, f64)> = way.into_iter().map(|w| (w, w * w)).collect();
        plot.curve(&mut sheet, hue, way.iter().copied());
        plot.dots(&mut sheet, hue, 4.0, way.iter().copied());
        plot.note(&mut sheet, Hue::Ink, way[0], (10.0, 4.0), Anchor::Start, "start");
    }
    Ok(sheet)
}

fn line_fit() -> Result<Sheet> {
    let mut sheet = Sheet::new(330.0);
    let area = Rect::new(60.0, 45.0, 270.0, 225.0);
    let plot =
        Plot::new(&mut sheet, area, Axis::linear(0.0, 4.0, 1.0, "x"), Axis::linear(0.0, 7.0, 1.0, "y"));
    plot.heading(&mut sheet, "The line after some steps");
    let hues = [(0, Hue::Soft), (1, Hue::Gold), (5, Hue::Green), (200, Hue::Blue)];
    for (i, (count, hue)) in hues.into_iter().enumerate() {
        let line = fit_line(&X, &TARGETS, 0.05, count);
        let y = |x: f64| f64::from(line.slope) * x + f64::from(line.intercept);
        plot.curve(&mut sheet, hue, steps(0.0, 4.0, 81).into_iter().map(|x| (x, y(x))));
        let place = (area.left + 12.0, area.top + 16.0 + 19.0 * i as f64);
        sheet.text(hue, place, Anchor::Start, &format!("after {count}"));
    }
    let points: Vec<(f64, f64)> = X.iter().zip(TARGETS).map(|(x, y)| (f64::from(*x), f64::from(y))).collect();
    plot.dots(&mut sheet, Hue::Ink, 5.0, points);

    let area = Rect::new(420.0, 45.0, 250.0, 225.0);
    let x = Axis::linear(0.0, 200.0, 50.0, "steps, η = 0.05");
    let plot = Plot::new(&mut sheet, area, x, Axis::log(-2, 2, 1, "loss"));
    plot.heading(&mut sheet, "The loss");
    let losses = fit_line(&X, &TARGETS, 0.05, 200).losses;
    plot.curve(&mut sheet, Hue::Blue, counted(&losses).into_iter().map(|(step, loss)| (step - 1.0, loss)));
    Ok(sheet)
}
