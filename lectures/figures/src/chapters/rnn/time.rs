//! What becomes of a gradient on its way back through time.

use anyhow::Result;
use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use rand_distr::StandardNormal;
use rnn::{
    gradients::{vanishing_gradient, vanishing_gradient_lstm},
    lstm::LstmWeights,
    vanilla::RnnWeights,
};
use toolkit::{linalg::spectral_radius, tensor::Matrix};

use crate::{
    Figure,
    numbers::{matrix, vector},
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "gradient_through_time",
    chapter: "rnn",
    alt: "The norm of the gradient over thirty steps back on a logarithmic axis, for vanilla networks of spectral radius 0.5, 0.9 and 1.1 and LSTMs with forget biases 1 and 3.",
    caption: "Straight lines: a vanilla network loses a factor ρ at every step; an LSTM loses once, where h is written into C, and then only what its forget gate lets go.",
    draw: gradient_through_time,
}];

const UNITS: usize = 8;
const STEPS: usize = 30;

/// A random matrix (rows, columns) of small numbers.
fn small(rows: usize, columns: usize, scale: f32, rng: &mut StdRng) -> Matrix<Cpu> {
    let values: Vec<f32> =
        (0..rows * columns).map(|_| scale * rng.sample::<f32, _>(StandardNormal)).collect();
    matrix(&values, rows, columns)
}

/// A square matrix of a given spectral radius.
fn of_radius(radius: f64, rng: &mut StdRng) -> Matrix<Cpu> {
    let u = small(UNITS, UNITS, 1.0, rng);
    let double = u.as_vec().into_iter().map(f64::from).collect();
    let now = spectral_radius(&Cpu::default().tensor_from_vec(double, (UNITS, UNITS)));
    u * (radius / now) as f32
}

fn gradient_through_time() -> Result<Sheet> {
    let mut sheet = Sheet::new(390.0);
    let area = Rect::new(75.0, 20.0, 440.0, 310.0);
    let x = Axis::linear(0.0, 30.0, 5.0, "steps back in time");
    let plot = Plot::new(&mut sheet, area, x, Axis::log(-8, 2, 2, "norm of the Jacobian"));
    let mut row = 0;
    let mut draw = |sheet: &mut Sheet, hue: Hue, name: &str, norms: Vec<f32>, is_lstm: bool| {
        let curve = norms.iter().enumerate().map(|(k, &norm)| (k as f64, f64::from(norm)));
        if is_lstm {
            plot.dashed(sheet, hue, curve)
        } else {
            plot.curve(sheet, hue, curve)
        }
        sheet.text(hue, (area.right() + 14.0, area.top + 20.0 + 22.0 * f64::from(row)), Anchor::Start, name);
        row += 1;
    };
    let x = small(STEPS, 2, 0.01, &mut StdRng::seed_from_u64(1));
    for (radius, hue) in [(1.1, Hue::Orange), (0.9, Hue::Gold), (0.5, Hue::Purple)] {
        let mut rng = StdRng::seed_from_u64(2);
        let weights = RnnWeights {
            input: small(2, UNITS, 0.1, &mut rng),
            hidden: of_radius(radius, &mut rng),
            bias: vector(&[0.0; UNITS]),
        };
        draw(&mut sheet, hue, &format!("vanilla, ρ = {radius}"), vanishing_gradient(&x, &weights), false);
    }
    for (forget, hue) in [(3.0, Hue::Blue), (1.0, Hue::Green)] {
        let mut rng = StdRng::seed_from_u64(2);
        let mut bias = vec![0.0; 4 * UNITS];
        bias[UNITS..2 * UNITS].fill(forget);
        let weights = LstmWeights {
            input: small(2, 4 * UNITS, 0.1, &mut rng),
            hidden: small(UNITS, 4 * UNITS, 0.03, &mut rng),
            bias: vector(&bias),
        };
        let name = format!("LSTM, forget bias {forget}");
        draw(&mut sheet, hue, &name, vanishing_gradient_lstm(&x, &weights), true);
    }
    Ok(sheet)
}
