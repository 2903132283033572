//! Works out what is judged or shown from the raw outputs that a program answered. Nothing is decided here.

use hidden::{Operand, Step, mean};
use protocol::{Array, Value, Values};

use super::reading::as_array;

/// Why nothing can be worked out.
#[derive(Clone, Debug, PartialEq)]
pub enum Underivable {
    /// There is no such output, or it is no array.
    Missing(String),
    /// An array has another shape than the one that it is put beside.
    Shape {
        /// The array's.
        got: Vec<usize>,
        /// What it should be.
        want: Vec<usize>,
    },
}

/// What comes of `output` step by step; `outputs` are all of the same call.
pub fn derive(outputs: &Values, output: &str, steps: &[Step]) -> Result<Array, Underivable> {
    let start = raw(outputs, output)?;
    steps.iter().try_fold(start, |array, step| take(step, array, outputs))
}

fn raw(outputs: &Values, name: &str) -> Result<Array, Underivable> {
    outputs.get(name).and_then(as_array).ok_or_else(|| Underivable::Missing(name.to_owned()))
}

fn take(step: &Step, array: Array, outputs: &Values) -> Result<Array, Underivable> {
    let values = || array.to_f64();
    Ok(match step {
        Step::Minus(other) => each(&array, &operand(other, outputs)?, |x, y| x - y)?,
        Step::Times(other) => each(&array, &operand(other, outputs)?, |x, y| x * y)?,
        Step::Over(other) => each(&array, &operand(other, outputs)?, |x, y| x / y)?,
        Step::Dot(weights) => vector(dots(&values(), weights)),
        Step::Error { against, deviation } => {
            let squares = each(&array, against, |y, truth| (y - truth).powi(2))?;
            number(mean(&squares.to_f64()).sqrt() / deviation)
        }
        Step::Accuracy(labels) => number(accuracy(&array, labels)?),
        Step::Equal(to) => number(mean(&each(&array, to, |x, y| f64::from(u8::from(x == y)))?.to_f64())),
        Step::Statistic(statistic) => number(statistic.of(&values())),
        Step::Sorted => {
            let mut sorted = values();
            sorted.chunks_mut(width(&array)).for_each(|row| row.sort_by(f64::total_cmp));
            Array::f64(&array.shape, sorted)
        }
        Step::Transposed => transposed(&array),
        Step::Entries => vector(entries(&array)),
        Step::Log10 => Array::f64(&array.shape, values().into_iter().map(f64::log10).collect()),
        Step::Shares(count) => vector(shares(&values(), *count)),
        Step::BesideOnes => beside_ones(&array),
        Step::SecondMoments => second_moments(&array),
        Step::Known(known) => known.clone(),
    })
}

fn operand(operand: &Operand, outputs: &Values) -> Result<Array, Underivable> {
    match operand {
        Operand::Output(name) => raw(outputs, name),
        Operand::Known(known) => Ok(known.clone()),
    }
}

fn number(number: f64) -> Array {
    Array::f64(&[], vec![number])
}

fn vector(numbers: Vec<f64>) -> Array {
    Array::f64(&[numbers.len()], numbers)
}

/// The length of a row, at least 1.
fn width(array: &Array) -> usize {
    array.shape.last().copied().unwrap_or(1).max(1)
}

/// Rows and columns of a matrix; all axes but the first are columns.
fn lengths(array: &Array) -> (usize, usize) {
    let rows = array.shape.first().copied().unwrap_or(1);
    (rows, array.len() / rows.max(1))
}

/// Element by element with an array of the same shape, or with a single number.
fn each(array: &Array, other: &Array, f: fn(f64, f64) -> f64) -> Result<Array, Underivable> {
    let (left, right) = (array.to_f64(), other.to_f64());
    let values = match (array.shape == other.shape, &right[..]) {
        (true, _) => left.iter().zip(&right).map(|(&x, &y)| f(x, y)).collect(),
        (false, &[y]) if other.shape.is_empty() => left.iter().map(|&x| f(x, y)).collect(),
        _ => return Err(Underivable::Shape { got: array.shape.clone(), want: other.shape.clone() }),
    };
    Ok(Array::f64(&array.shape, values))
}

fn dots(values: &[f64], weights: &[f64]) -> Vec<f64> {
    let runs = values.chunks_exact(weights.len().max(1));
    // A weight of 0 hides even a NaN: the element is none of its business.
    let dot = |run: &[f64]| run.iter().zip(weights).filter(|(_, w)| **w != 0.0).map(|(x, w)| x * w).sum();
    runs.map(dot).collect()
}

/// A row with a NaN in it is wrong whatever its label.
fn accuracy(array: &Array, labels: &[usize]) -> Result<f64, Underivable> {
    let (values, width) = (array.to_f64(), width(array));
    if array.shape.len() != 2 || array.shape[0] != labels.len() {
        return Err(Underivable::Shape { got: array.shape.clone(), want: vec![labels.len(), width] });
    }
    let right = |(row, &label): (&[f64], &usize)| {
        row.iter().all(|x| !x.is_nan())
            && (0..row.len()).reduce(|best, i| if row[i] > row[best] { i } else { best }) == Some(label)
    };
    let right = values.chunks(width).zip(labels).filter(|&pair| right(pair)).count();
    Ok(right as f64 / labels.len() as f64)
}

fn transposed(array: &Array) -> Array {
    let ((rows, columns), values) = (lengths(array), array.to_f64());
    let values = (0..columns).flat_map(|j| (0..rows).map(move |i| i * columns + j)).map(|at| values[at]);
    Array::f64(&[columns, rows], values.collect())
}

fn entries(array: &Array) -> Vec<f64> {
    let ((_, columns), values) = (lengths(array), array.to_f64());
    let entries: Vec<Vec<u64>> =
        values.chunks(columns.max(1)).map(|entry| entry.iter().map(|x| x.to_bits()).collect()).collect();
    let first = |entry| entries.iter().position(|other| other == entry).unwrap_or_default() as f64;
    entries.iter().map(first).collect()
}

fn shares(values: &[f64], count: usize) -> Vec<f64> {
    let share = |k: usize| values.iter().filter(|&&x| x == k as f64).count() as f64 / values.len() as f64;
    (0..count).map(share).collect()
}

fn beside_ones(array: &Array) -> Array {
    let ((rows, columns), values) = (lengths(array), array.to_f64());
    let values = values.chunks(columns.max(1)).flat_map(|row| row.iter().copied().chain([1.0]));
    Array::f64(&[rows, columns + 1], values.collect())
}

fn second_moments(array: &Array) -> Array {
    let ((rows, columns), values) = (lengths(array), array.to_f64());
    let moment = |i: usize, j: usize| {
        values.chunks(columns.max(1)).map(|row| row[i] * row[j]).sum::<f64>() / rows as f64
    };
    let values = (0..columns * columns).map(|at| moment(at / columns, at % columns));
    Array::f64(&[columns, columns], values.collect())
}

/// The numbers of a value as they are shown, after `steps`.
pub fn shown(outputs: &Values, output: &str, steps: &[Step]) -> Option<Value> {
    if steps.is_empty() {
        return outputs.get(output).cloned();
    }
    derive(outputs, output, steps).ok().map(Value::Array)
}

#[cfg(test)]
mod tests {
    use hidden::Derived;

    use super::*;

    fn outputs(values: &[(&str, Array)]) -> Values {
        values.iter().map(|(name, array)| ((*name).to_owned(), Value::Array(array.clone()))).collect()
    }

    fn numbers(outputs: &Values, derived: Derived) -> Vec<f64> {
        derive(outputs, &derived.output, &derived.steps).unwrap().to_f64()
    }

    fn matrix(columns: usize, values: &[f64]) -> Array {
        Array::f64(&[values.len() / columns, columns], values.to_vec())
    }

    #[test]
    fn an_error_is_measured_in_standard_deviations_of_the_truth() {
        let outputs = outputs(&[("y", Array::f32(&[2], vec![1.0, 5.0]))]);
        let truth = hidden::Tensor::zeros(vec![2]) + 1.0;
        assert_eq!(numbers(&outputs, Derived::of("y").error(&truth, 2.0)), [2.0_f64.sqrt()]);
        let longer = hidden::Tensor::zeros(vec![3]);
        let Derived { output, steps } = Derived::of("y").error(&longer, 1.0);
        let unlike = Underivable::Shape { got: vec![2], want: vec![3] };
        assert_eq!(derive(&outputs, &output, &steps), Err(unlike));
    }

    #[test]
    fn an_accuracy_counts_the_rows_whose_largest_number_is_at_their_label() {
        let logits = matrix(3, &[0.0, 2.0, 1.0, 5.0, 5.0, 0.0, f64::NAN, 9.0, 0.0, 3.0, 4.0, 5.0]);
        let outputs = outputs(&[("logits", logits)]);
        assert_eq!(numbers(&outputs, Derived::of("logits").accuracy(&[1, 0, 1, 0])), [0.5]);
    }

    #[test]
    fn differences_and_ratios_are_of_outputs_of_the_same_call() {
        let outputs = outputs(&[("a", matrix(1, &[3.0, 8.0])), ("b", matrix(1, &[1.0, 2.0]))]);
        assert_eq!(numbers(&outputs, Derived::of("a").minus("b")), [2.0, 6.0]);
        assert_eq!(numbers(&outputs, Derived::of("a").over("b").dot(&[-1.0, 1.0])), [1.0]);
        assert_eq!(numbers(&outputs, Derived::of("a").times(2.0)), [6.0, 16.0]);
        let Derived { output, steps } = Derived::of("a").minus("c");
        assert_eq!(derive(&outputs, &output, &steps), Err(Underivable::Missing("c".to_owned())));
    }

    #[test]
    fn equal_entries_have_the_number_of_the_first_of_them() {
        let outputs = outputs(&[("m", matrix(2, &[1.0, 2.0, 2.0, 1.0, 1.0, 2.0]))]);
        assert_eq!(numbers(&outputs, Derived::of("m").step(Step::Entries)), [0.0, 1.0, 0.0]);
        assert_eq!(numbers(&outputs, Derived::of("m").sorted().step(Step::Entries)), [0.0; 3]);
        let columns = Derived::of("m").step(Step::Transposed).step(Step::Entries);
        assert_eq!(numbers(&outputs, columns), [0.0, 1.0]);
    }

    #[test]
    fn second_moments_are_a_covariance_where_the_mean_is_nothing() {
        let outputs = outputs(&[("m", matrix(2, &[1.0, 2.0, -1.0, 4.0]))]);
        assert_eq!(numbers(&outputs, Derived::of("m").step(Step::SecondMoments)), [1.0, -1.0, -1.0, 10.0]);
        assert_eq!(
            numbers(&outputs, Derived::of("m").step(Step::BesideOnes)),
            [1.0, 2.0, 1.0, -1.0, 4.0, 1.0]
        );
        assert_eq!(numbers(&outputs, Derived::of("m").step(Step::Shares(3))), [0.0, 0.25, 0.25]);
    }
}
