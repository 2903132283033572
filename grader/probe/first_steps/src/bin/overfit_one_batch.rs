//! Calls into `first_steps::overfit_one_batch`.

use first_steps::{
    given::classifier::{Classifier, Examples},
    overfit_one_batch::{self as student, End},
};
use probe::{Outputs, serve};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("overfit_one_batch", |call| {
        let mut model = Classifier { weights: call.tensor("weights")?, biases: call.tensor("biases")? };
        let batch = Examples { x: call.tensor("x")?, labels: call.indexes("labels")? };
        let (rate, goal) = (call.number("learning_rate")?, call.number("goal")?);
        let attempt = student::overfit_one_batch(&mut model, &batch, rate, goal, call.count("most_steps")?)?;
        let end = match attempt.end {
            End::Learnt => "learnt",
            End::Stuck => "stuck",
            End::Diverged => "diverged",
        };
        Ok(Outputs::new()
            .text("end", end)
            .numbers("losses", &attempt.losses)
            .tensor("weights", &model.weights)
            .tensor("biases", &model.biases))
    })])
}
