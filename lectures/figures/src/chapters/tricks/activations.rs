//! Activation functions and their slopes.

use anyhow::Result;
use tricks::activations::{
    leaky_relu, leaky_relu_derivative, relu, relu_derivative, sigmoid, sigmoid_derivative, tanh_derivative,
};

use crate::{
    Figure,
    numbers::{graph, steps},
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "activations",
        chapter: "tricks",
        alt: "Four plots from −6 to 6: sigmoid, tanh, relu and leaky relu, each with its slope; where the slope is below 0.05 the plot is shaded.",
        caption: "In the shaded parts the slope is below 0.05 and hardly any gradient comes back: two such ends for the saturating functions, one for relu, none for the leaky one.",
        draw: activations,
    },
    Figure {
        name: "slopes_multiplied",
        chapter: "tricks",
        alt: "The largest possible product of slopes over ten layers on a logarithmic axis: sigmoid falls to a millionth, tanh and relu stay at 1.",
        caption: "A quarter a layer is the best that sigmoids can do: after ten layers less than a millionth of the gradient is left, before any weight has had its say.",
        draw: slopes_multiplied,
    },
];

/// Below this slope hardly anything comes back.
const STARVED: f64 = 0.05;

type Graph = Vec<(f64, f64)>;

fn activations() -> Result<Sheet> {
    let x = steps(-6.0, 6.0, 121);
    let functions: [(&str, Graph, Graph, f64); 4] = [
        ("sigmoid", graph(&x, sigmoid), graph(&x, sigmoid_derivative), -1.0),
        ("tanh", graph(&x, |x| x.tanh()), graph(&x, tanh_derivative), -1.0),
        ("relu", graph(&x, relu), graph(&x, relu_derivative), -1.0),
        (
            "leaky relu, a = 0.1",
            graph(&x, |x| leaky_relu(x, 0.1)),
            graph(&x, |x| leaky_relu_derivative(x, 0.1)),
            -1.0,
        ),
    ];
    let mut sheet = Sheet::new(540.0);
    for (k, (name, values, slopes, low)) in functions.into_iter().enumerate() {
        let area = Rect::new(50.0 + 345.0 * (k % 2) as f64, 40.0 + 255.0 * (k / 2) as f64, 280.0, 170.0);
        let y = Axis::linear(low, 2.0, 1.0, "");
        let plot = Plot::new(&mut sheet, area, Axis::linear(-6.0, 6.0, 2.0, "x"), y);
        plot.heading(&mut sheet, name);
        starved(&slopes).into_iter().for_each(|(from, to)| plot.band(&mut sheet, Hue::Orange, from, to));
        plot.level(&mut sheet, Hue::Soft, 0.0);
        plot.curve(&mut sheet, Hue::Blue, values);
        plot.dashed(&mut sheet, Hue::Orange, slopes);
        if k == 0 {
            plot.note(&mut sheet, Hue::Blue, (2.2, 1.0), (0.0, -10.0), Anchor::Start, "function");
            plot.note(&mut sheet, Hue::Orange, (1.2, 0.25), (16.0, -2.0), Anchor::Start, "its slope");
        }
    }
    Ok(sheet)
}

/// The stretches where the slope is small.
fn starved(slopes: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let parts = slopes.chunk_by(|a, b| (a.1.abs() < STARVED) == (b.1.abs() < STARVED));
    let starved = parts.filter(|part| part[0].1.abs() < STARVED);
    starved.map(|part| (part[0].0, part[part.len() - 1].0)).collect()
}

fn slopes_multiplied() -> Result<Sheet> {
    let mut sheet = Sheet::new(320.0);
    let area = Rect::new(75.0, 20.0, 480.0, 240.0);
    let x = Axis::linear(0.0, 10.0, 1.0, "layers");
    let plot = Plot::new(&mut sheet, area, x, Axis::log(-7, 0, 1, "share of the gradient, at most"));
    let x = steps(-6.0, 6.0, 121);
    let largest = |slopes: Graph| slopes.into_iter().map(|(_, slope)| slope).fold(0.0, f64::max);
    let curves = [
        (Hue::Blue, largest(graph(&x, relu_derivative)), "tanh and relu"),
        (Hue::Orange, largest(graph(&x, sigmoid_derivative)), "sigmoid"),
    ];
    for (hue, slope, name) in curves {
        let shares: Graph = (0..=10).map(|layers| (f64::from(layers), slope.powi(layers))).collect();
        plot.curve(&mut sheet, hue, shares.iter().copied());
        plot.dots(&mut sheet, hue, 4.0, shares.iter().copied());
        plot.note(&mut sheet, hue, shares[10], (12.0, 5.0), Anchor::Start, name);
    }
    Ok(sheet)
}
