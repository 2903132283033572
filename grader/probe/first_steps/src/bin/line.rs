//! Calls into `first_steps::line`.

use first_steps::line as student;
use probe::{Outputs, serve};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("fit_line", |call| {
        let (x, targets) = (call.tensor::<(usize,)>("x")?, call.tensor::<(usize,)>("targets")?);
        let (learning_rate, steps) = (call.number("learning_rate")?, call.count("steps")?);
        let line = student::fit_line(&x.as_vec(), &targets.as_vec(), learning_rate, steps);
        let outputs = Outputs::new().number("slope", line.slope).number("intercept", line.intercept);
        Ok(outputs.numbers("losses", &line.losses))
    })])
}
