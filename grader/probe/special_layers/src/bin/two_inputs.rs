//! Calls into `special_layers::two_inputs`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, Plain, serve};
use special_layers::two_inputs::{self as student, Meeting, TwoInputs, Weights};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("two_inputs", |call| {
        let (a, b): (Plain<(usize, usize)>, Plain<(usize, usize)>) = (call.tensor("a")?, call.tensor("b")?);
        let model = TwoInputs {
            first: layer(call, "first")?,
            second: layer(call, "second")?,
            output: layer(call, "output")?,
        };
        let y = student::two_inputs(&model, a.leaky_trace(), b.leaky_trace(), meeting(call)?)?;
        let TwoInputs { first, second, output } = &model;
        Outputs::new().gradients(
            call,
            y,
            &[
                ("a", &a),
                ("b", &b),
                ("first_weight", &first.weight),
                ("first_bias", &first.bias),
                ("second_weight", &second.weight),
                ("second_bias", &second.bias),
                ("output_weight", &output.weight),
                ("output_bias", &output.bias),
            ],
        )
    })])
}

fn layer(call: &Inputs, name: &str) -> Result<Weights<Dev>, Fault> {
    Ok(Weights {
        weight: call.tensor(&format!("{name}_weight"))?,
        bias: call.tensor(&format!("{name}_bias"))?,
    })
}

fn meeting(call: &Inputs) -> Result<Meeting, Fault> {
    match call.text("meeting")? {
        "add" => Ok(Meeting::Add),
        "concatenate" => Ok(Meeting::Concatenate),
        "dot" => Ok(Meeting::Dot),
        other => Err(Fault::Unsupported(format!("there is no merge layer `{other}`"))),
    }
}
