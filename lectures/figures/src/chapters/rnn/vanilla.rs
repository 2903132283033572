//! The recurrent cell unrolled, and a gradient that is clipped.

use anyhow::{Result, anyhow};
use dfdx::prelude::*;
use rnn::{
    gradients::clip_grad_norm,
    vanilla::{RnnWeights, rnn_unroll},
};

use crate::{
    Figure,
    diagram::labelled,
    numbers::{matrix, vector},
    plot::{Axis, Plot, minus},
    sheet::{Anchor, Hue, Rect, Sheet, short},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "unrolled",
        chapter: "rnn",
        alt: "A recurrent cell with its loop on the left, and on the right the same cell four times in a row, with inputs from below and states to the right, and the numbers of one unit.",
        caption: "The four boxes are one: the same W, U and b at every step; the input 1 of the first step fades as its state is handed on.",
        draw: unrolled,
    },
    Figure {
        name: "clipping",
        chapter: "rnn",
        alt: "Three gradients in the plane as grey arrows and, clipped to a norm of 2.5, as coloured ones; a circle shows the limit.",
        caption: "What lies within the circle stays; what reaches beyond is shortened to it, and points where it pointed before.",
        draw: clipping,
    },
];

fn unrolled() -> Result<Sheet> {
    let inputs = [1.0, 0.0, 0.0, 0.0];
    let weights =
        RnnWeights { input: matrix(&[1.0], 1, 1), hidden: matrix(&[0.8], 1, 1), bias: vector(&[0.0]) };
    let x = Cpu::default().tensor_from_vec(inputs.to_vec(), (1, 4, 1));
    let states = rnn_unroll(x, matrix(&[0.0], 1, 1), &weights).as_vec();

    let mut sheet = Sheet::new(250.0);
    let cell = Rect::new(50.0, 95.0, 64.0, 56.0);
    labelled(&mut sheet, Hue::Blue, cell, &["tanh", "W U b"]);
    sheet.arrow(Hue::Soft, (82.0, 205.0), (82.0, 153.0));
    sheet.arrow(Hue::Soft, (82.0, 93.0), (82.0, 45.0));
    sheet.polyline(Hue::Soft, " thin", &[(82.0, 66.0), (138.0, 66.0), (138.0, 123.0)]);
    sheet.arrow(Hue::Soft, (138.0, 123.0), (116.0, 123.0));
    sheet.text(Hue::Ink, (82.0, 224.0), Anchor::Middle, "x");
    sheet.text(Hue::Ink, (82.0, 38.0), Anchor::Middle, "h");
    sheet.text(Hue::Ink, (182.0, 128.0), Anchor::Middle, "=");
    for (step, (&x, &state)) in inputs.iter().zip(&states).enumerate() {
        let left = 255.0 + 112.0 * step as f64;
        let middle = left + 32.0;
        labelled(&mut sheet, Hue::Blue, Rect::new(left, 95.0, 64.0, 56.0), &["tanh", "W U b"]);
        sheet.arrow(Hue::Soft, (middle, 190.0), (middle, 153.0));
        sheet.arrow(Hue::Soft, (middle, 93.0), (middle, 60.0));
        sheet.arrow(Hue::Orange, (left - 46.0, 123.0), (left - 2.0, 123.0));
        let number = minus(&short(f64::from(state), 2));
        sheet.text(
            Hue::Orange,
            (middle, 50.0),
            Anchor::Middle,
            &format!("h{} = {number}", lowered(step + 1)),
        );
        sheet.text(Hue::Ink, (middle, 208.0), Anchor::Middle, &format!("x{} = {x}", lowered(step + 1)));
    }
    sheet.text(Hue::Orange, (228.0, 114.0), Anchor::Middle, "h₀ = 0");
    sheet.small(Hue::Soft, (255.0, 236.0), Anchor::Start, "one input, one unit: W = 1, U = 0.8, b = 0");
    Ok(sheet)
}

fn lowered(number: usize) -> char {
    ['₀', '₁', '₂', '₃', '₄'][number]
}

fn clipping() -> Result<Sheet> {
    const LIMIT: f32 = 2.5;
    let mut sheet = Sheet::new(370.0);
    let area = Rect::new(200.0, 20.0, 290.0, 290.0);
    let x = Axis::linear(-5.0, 5.0, 1.0, "first parameter's gradient");
    let plot = Plot::new(&mut sheet, area, x, Axis::linear(-5.0, 5.0, 1.0, "second parameter's gradient"));
    let (centre, edge) = (plot.place(0.0, 0.0), plot.place(f64::from(LIMIT), 0.0));
    sheet.ring(Hue::Soft, centre, edge.0 - centre.0);
    for (gradient, hue) in [([3.0, -4.0], Hue::Orange), ([-3.0, 3.0], Hue::Blue), ([1.2, 1.6], Hue::Green)] {
        let mut clipped = [vector(&gradient[..1]), vector(&gradient[1..])];
        let norm = clip_grad_norm(&mut clipped, LIMIT).map_err(|cause| anyhow!("{cause}"))?;
        let place = |x: f32, y: f32| plot.place(f64::from(x), f64::from(y));
        sheet.arrow(Hue::Soft, centre, place(gradient[0], gradient[1]));
        let to = place(clipped[0].as_vec()[0], clipped[1].as_vec()[0]);
        sheet.line(hue, centre, to);
        sheet.dot(hue, to, 4.0);
        let words = format!("norm {}", short(f64::from(norm), 2));
        let at = (f64::from(gradient[0]), f64::from(gradient[1]));
        let (by, anchor) =
            if norm < LIMIT { ((-10.0, 4.0), Anchor::End) } else { ((10.0, -2.0), Anchor::Start) };
        plot.note(&mut sheet, hue, at, by, anchor, &words);
    }
    sheet.small(Hue::Soft, (500.0, 160.0), Anchor::Start, "circle: the limit, 2.5");
    Ok(sheet)
}
