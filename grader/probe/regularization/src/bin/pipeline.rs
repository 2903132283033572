//! Calls into `regularization::pipeline`.

use probe::{Fault, Inputs, Outputs, serve};
use regularization::{cross_validation::Fold, pipeline as student};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("pipeline", pipeline), ("pipeline/held_out_error", held_out_error)])
}

fn pipeline(call: &Inputs) -> Result<Outputs, Fault> {
    let (keep, gamma) = (call.count("keep")?, f64::from(call.number("gamma")?));
    let pipeline = student::Pipeline::fit(&call.tensor("a")?, &call.tensor("y")?, keep, gamma)?;
    let predicted = pipeline.predict(call.tensor("unseen")?);
    Ok(Outputs::new().indexes("chosen", &pipeline.chosen).tensor("predicted", &predicted))
}

fn held_out_error(call: &Inputs) -> Result<Outputs, Fault> {
    let (keep, gamma) = (call.count("keep")?, f64::from(call.number("gamma")?));
    let fold = Fold { training: call.indexes("training")?, validation: call.indexes("validation")? };
    let error = student::held_out_error(&call.tensor("a")?, &call.tensor("y")?, &fold, keep, gamma)?;
    Ok(Outputs::new().number("error", error))
}
