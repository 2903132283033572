//! Products of matrices of growing size on one core, in single and double precision.

use anyhow::Result;
use dfdx::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};
use tricks::throughput::matmul_throughput;

use crate::{
    Figure,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
    traces::{self, Trace},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "throughput",
    chapter: "tricks",
    alt: "Billions of operations a second of products of square matrices of 8 to 256 rows on a processor, in single and double precision, both axes logarithmic.",
    caption: "On one core single precision is at most about twice as fast as double; and of 8 × 8 numbers the products get a thirtieth of the speed that those of 64 × 64 get, since what every call costs is shared by so few sums.",
    draw: throughput,
}];

/// What it is drawn from: run it with `RAYON_NUM_THREADS=1`, or it is no single core.
pub const TRACES: &[Trace] = &[Trace { name: "throughput", train: measure }];

const SIZES: [usize; 6] = [8, 16, 32, 64, 128, 256];
/// Measurements of which the best counts: others are at work on the machine, too.
const TRIES: usize = 100;

#[derive(Serialize, Deserialize)]
struct Rates {
    single: Vec<f64>,
    double: Vec<f64>,
}

fn measure() -> Result<Value> {
    let rates = |of: fn(usize) -> f64| SIZES.iter().map(|&n| best(|| of(n))).collect();
    Ok(to_value(Rates { single: rates(rate::<f32>), double: rates(rate::<f64>) })?)
}

fn best(of: impl Fn() -> f64) -> f64 {
    (0..TRIES).map(|_| of()).fold(0.0, f64::max)
}

/// Of about a millisecond, or of one product that takes longer.
fn rate<E: Dtype>(n: usize) -> f64
where
    Cpu: Device<E> + SampleTensor<E>,
    rand_distr::StandardNormal: rand_distr::Distribution<E>,
{
    let dev = Cpu::default();
    let a: Tensor<(usize, usize), E, Cpu> = dev.sample_like(&(n, n), rand_distr::StandardNormal);
    let repeats = (10_000_000 / n.pow(3)).clamp(1, 2_000);
    matmul_throughput(&a, &a, repeats).1.gflops
}

fn throughput() -> Result<Sheet> {
    let rates: Rates = traces::load("throughput")?;
    let mut sheet = Sheet::new(330.0);
    let area = Rect::new(75.0, 25.0, 430.0, 245.0);
    let names: Vec<String> = SIZES.iter().map(usize::to_string).collect();
    let ticks: Vec<(f64, &str)> =
        SIZES.iter().map(|&n| (n as f64).log2()).zip(names.iter().map(String::as_str)).collect();
    let x = Axis::linear(3.0, 8.0, 1.0, "rows and columns of both matrices").ticks(&ticks);
    let plot = Plot::new(&mut sheet, area, x, Axis::log(0, 2, 1, "billion operations a second"));
    for (k, (hue, values, name)) in [
        (Hue::Blue, &rates.single, "single precision, f32"),
        (Hue::Orange, &rates.double, "double precision, f64"),
    ]
    .into_iter()
    .enumerate()
    {
        let points = || SIZES.iter().map(|&n| (n as f64).log2()).zip(values.iter().copied());
        plot.curve(&mut sheet, hue, points());
        plot.dots(&mut sheet, hue, 3.5, points());
        let at = (area.right() + 12.0, area.top + 20.0 + 22.0 * k as f64);
        sheet.text(hue, at, Anchor::Start, name);
    }
    sheet.small(Hue::Soft, (area.right() + 12.0, area.top + 72.0), Anchor::Start, "one core of a processor;");
    sheet.small(Hue::Soft, (area.right() + 12.0, area.top + 90.0), Anchor::Start, "on a GPU: not run");
    Ok(sheet)
}
