//! Calls into `regularization::time_windows`.

use probe::{Fault, Inputs, Outputs, serve};
use regularization::time_windows as student;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("time_windows", time_windows), ("time_windows/split_by_time", split_by_time)])
}

fn time_windows(call: &Inputs) -> Result<Outputs, Fault> {
    let part = call.count("start")?..call.count("end")?;
    let windows = student::time_windows(&call.tensor("series")?, part, span(call)?)?;
    Ok(Outputs::new().tensor("inputs", &windows.inputs).tensor("targets", &windows.targets))
}

fn split_by_time(call: &Inputs) -> Result<Outputs, Fault> {
    let (validation, test) = (call.count("validation")?, call.count("test")?);
    let split = student::split_by_time(&call.tensor("series")?, span(call)?, validation, test)?;
    Ok(Outputs::new()
        .tensor("training_inputs", &split.training.inputs)
        .tensor("training_targets", &split.training.targets)
        .tensor("validation_inputs", &split.validation.inputs)
        .tensor("validation_targets", &split.validation.targets)
        .tensor("test_inputs", &split.test.inputs)
        .tensor("test_targets", &split.test.targets))
}

fn span(call: &Inputs) -> Result<student::Span, Fault> {
    Ok(student::Span { length: call.count("length")?, horizon: call.count("horizon")? })
}
