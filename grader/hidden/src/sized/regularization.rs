//! Sized calls of the chapter `regularization`.

use rand::Rng;

use super::{Workload, floats};
use crate::{Args, Budget, Rule, Statistic, Suite, Tensor};

/// Memory decides: weights are read, and read once more and written as a gradient.
pub fn l2_penalty(t: &mut Suite, size: &dyn Fn(&str) -> usize) -> Workload {
    let shape = ["rows", "columns"].map(size);
    let n = shape.iter().product::<usize>();
    let lambda = f64::from(t.rng.gen_range(0.1_f32..1.0));
    let args = Args::new().tensor("w", t.normal(&shape, 1.0)).number("lambda", lambda);
    Workload::new(args, Budget::sum(n), floats(n)).backward(&[], floats(3 * n))
}

/// Who is dropped is chance, so an answer is known by what it scales: input and cotangent are two numbers drawn for this call
/// alone. As in the hidden cases, a right answer misses a bound less than once in 10⁸ calls.
pub fn dropout(t: &mut Suite, size: &dyn Fn(&str) -> usize) -> Workload {
    let shape = ["rows", "columns"].map(size);
    let n = shape.iter().product::<usize>();
    let (p, value) = (0.5, f64::from(t.rng.gen_range(0.5_f32..2.0)));
    let args = Args::new()
        .function("dropout once")
        .constant("x", Tensor::from_elem(shape.to_vec(), value))
        .number("p", p)
        .flag("training", true)
        .count("seed", t.seed());
    let kept = value / (1.0 - p);
    let off = ((21.0 + 2f64.ln()) / (2.0 * n as f64)).sqrt() * kept;
    Workload::new(args, Budget::elementwise(), floats(2 * n))
        .backward(&shape, floats(5 * n))
        .check("y", Rule::Shape { shape: shape.to_vec() })
        .statistic("y", Statistic::Min, 0.0, 0.0)
        .statistic("y", Statistic::Max, kept * (1.0 - 4e-6), kept * (1.0 + 4e-6))
        .statistic("y", Statistic::Distinct, 2.0, 2.0)
        .statistic("y", Statistic::Mean, value - off, value + off)
}
