//! Relu units that no example switches on any more, counted while networks learn with longer and longer steps.

use anyhow::Result;
use datasets::mnist;
use dfdx::{prelude::*, tensor::Trace as _};
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};
use toolkit::tensor::{Matrix, Vector};
use tricks::{
    activations::{leaky_relu, relu_derivative},
    init_matters::{Initialization, initial_weights},
};

use crate::{
    Figure,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
    traces::{self, Trace},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "dead_units",
    chapter: "tricks",
    alt: "Of 128 hidden units, those that are off for each of 2,000 digits, over 200 batches: none with relu at the learning rates 0.1 and 0.5, half of them with relu at 1, and with leaky relu at 1 many at first and 13 in the end.",
    caption: "Steps that are too long switch half of the relu units off within sixty batches, and none of those comes back; with a slope of 0.1 most do.",
    draw: dead_units,
}];

/// What it is drawn from.
pub const TRACES: &[Trace] = &[Trace { name: "dead_units", train: count }];

const DIGITS: usize = 2000;
const CLASSES: usize = 10;
const UNITS: usize = 128;
const BATCH: usize = 50;
const EPOCHS: usize = 5;
/// Batches from one count to the next.
const EVERY: usize = 10;

/// Step size, and the slope of the activation below 0.
const RUNS: [(f32, f32, Hue); 4] =
    [(0.1, 0.0, Hue::Blue), (0.5, 0.0, Hue::Gold), (1.0, 0.0, Hue::Orange), (1.0, 0.1, Hue::Green)];

/// A hidden layer and the one behind it, as the capstone has them.
struct Net {
    weights: [Matrix<Cpu>; 2],
    biases: [Vector<Cpu>; 2],
    slope: f32,
}

impl Net {
    fn new(pixels: usize, slope: f32, rng: &mut StdRng) -> Self {
        let dev = Cpu::default();
        let shapes = [(pixels, UNITS), (UNITS, CLASSES)];
        Net {
            weights: shapes.map(|shape| initial_weights(Initialization::He, shape, &dev, rng)),
            biases: shapes.map(|(_, units)| dev.zeros_like(&(units,))),
            slope,
        }
    }

    fn layer<T: Tape<f32, Cpu>>(&self, i: usize, x: Matrix<Cpu, T>) -> Matrix<Cpu, T> {
        let y = x.matmul(self.weights[i].retaped::<T>());
        let shape = *y.shape();
        y + self.biases[i].retaped::<T>().broadcast_like::<_, dfdx::shapes::Axis<0>>(&shape)
    }

    fn step(&mut self, x: Matrix<Cpu>, labels: Vec<usize>, rate: f32) {
        let n = labels.len();
        let labels = x.device().tensor_from_vec(labels, (n,));
        let hidden = leaky_relu(self.layer(0, x.leaky_trace()), self.slope);
        let log_probabilities = self.layer(1, hidden).log_softmax::<dfdx::shapes::Axis<1>>();
        let loss = log_probabilities.select::<(usize,), _>(labels).mean::<Rank0, _>().negate();
        let gradients = loss.backward();
        self.weights.iter_mut().for_each(|weights| weights.axpy(1.0, &gradients.get(weights), -rate));
        self.biases.iter_mut().for_each(|biases| biases.axpy(1.0, &gradients.get(biases), -rate));
    }

    /// Hidden units that are off for every one of these examples.
    fn off(&self, x: &Matrix<Cpu>) -> usize {
        let is_on = relu_derivative(self.layer(0, x.clone())).as_vec();
        (0..UNITS).filter(|&unit| is_on.iter().skip(unit).step_by(UNITS).all(|&on| on == 0.0)).count()
    }
}

/// The units that are off at the start and after every few batches.
fn count() -> Result<Value> {
    let digits = mnist::bundled()?.train;
    let pixels = digits.size();
    let matrix = |places: &[usize]| {
        let values =
            places.iter().flat_map(|&i| &digits.pixels[i * pixels..(i + 1) * pixels]).copied().collect();
        Cpu::default().tensor_from_vec(values, (places.len(), pixels))
    };
    let mut order: Vec<usize> = (0..DIGITS).collect();
    let all = matrix(&order);
    let runs = RUNS.into_iter().map(|(rate, slope, _)| {
        let mut rng = StdRng::seed_from_u64(1);
        let mut net = Net::new(pixels, slope, &mut rng);
        let mut counts = vec![net.off(&all)];
        for _ in 0..EPOCHS {
            order.shuffle(&mut rng);
            for (i, batch) in order.chunks(BATCH).enumerate() {
                net.step(matrix(batch), batch.iter().map(|&i| digits.labels[i]).collect(), rate);
                if (i + 1) % EVERY == 0 {
                    counts.push(net.off(&all));
                }
            }
        }
        json!(counts)
    });
    Ok(runs.collect())
}

fn dead_units() -> Result<Sheet> {
    let runs: Vec<Vec<f64>> = traces::load("dead_units")?;
    let mut sheet = Sheet::new(330.0);
    let area = Rect::new(70.0, 25.0, 380.0, 245.0);
    let steps = (EPOCHS * DIGITS / BATCH) as f64;
    let y = Axis::linear(0.0, 128.0, 32.0, "units off for every digit, of 128");
    let plot = Plot::new(&mut sheet, area, Axis::linear(0.0, steps, 50.0, "batches of 50 digits"), y);
    let mut ends: Vec<(f64, String, Hue)> = Vec::new();
    for ((rate, slope, hue), counts) in RUNS.into_iter().zip(&runs) {
        plot.curve(&mut sheet, hue, counts.iter().enumerate().map(|(k, count)| ((k * EVERY) as f64, *count)));
        let last = counts.last().copied().unwrap_or_default();
        let name = if slope > 0.0 { format!("leaky relu {slope}") } else { "relu".to_owned() };
        ends.push((plot.place(steps, last).1, format!("{name}, η = {rate}: {last}"), hue));
    }
    ends.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut highest = f64::INFINITY;
    for (y, words, hue) in ends {
        highest = (y + 5.0).min(highest - 19.0);
        sheet.text(hue, (area.right() + 12.0, highest), Anchor::Start, &words);
    }
    Ok(sheet)
}
