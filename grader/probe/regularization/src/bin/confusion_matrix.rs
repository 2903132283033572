//! Calls into `regularization::confusion_matrix`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, serve};
use regularization::confusion_matrix as student;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("confusion_matrix", |call| {
        let confusion = student::ConfusionMatrix::new(&call.tensor("logits")?, &call.indexes("labels")?)?;
        outputs(call, &confusion)
    })])
}

fn outputs(call: &Inputs, confusion: &student::ConfusionMatrix) -> Result<Outputs, Fault> {
    let counts: Vec<f64> = confusion.counts.iter().flatten().map(|&count| count as f64).collect();
    let shape = (confusion.counts.len(), confusion.counts.first().map_or(0, Vec::len));
    let counts: Tensor<(usize, usize), f64, Dev> = call.dev.tensor_from_vec(counts, shape);
    let vector = |numbers: Vec<f64>| -> Tensor<(usize,), f64, Dev> {
        let count = numbers.len();
        call.dev.tensor_from_vec(numbers, (count,))
    };
    Ok(Outputs::new()
        .double("counts", &counts)
        .number("accuracy", confusion.accuracy())
        .double("recall", &vector(confusion.recall()))
        .double("precision", &vector(confusion.precision()))
        .number("balanced_accuracy", confusion.balanced_accuracy()))
}
