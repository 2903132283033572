//! Calls into `convnets::pretrained`.

#[path = "../made.rs"]
mod made;
#[path = "../plans.rs"]
mod plans;

use convnets::{
    classics::{self, Architecture},
    pretrained as student,
};
use dfdx::prelude::*;
use plans::{drawn, narrowed};
use probe::{Fault, Inputs, Outputs, serve};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("load_pretrained", |call| loaded(call, drawn(call)?)),
        ("load_pretrained/load_pretrained of a narrow plan", |call| {
            loaded(call, narrowed(call, classics::vgg16())?)
        }),
        ("load_pretrained/load_pretrained + logits", |call| made_by_rule(call, classics::vgg16())),
        ("load_pretrained/load_pretrained + logits of a narrow plan", |call| {
            made_by_rule(call, narrowed(call, classics::vgg16())?)
        }),
    ])
}

/// The parameters of a network that is loaded from the call's arrays.
fn loaded(call: &Inputs, architecture: Architecture) -> Result<Outputs, Fault> {
    let network = student::load_pretrained(architecture, &call.arrays("arrays/"), &call.dev)?;
    Ok(network.parameters.iter().fold(Outputs::new(), |outputs, (name, parameter)| match parameter {
        classics::Parameter::Kernel(kernel) => outputs.tensor(name, kernel),
        classics::Parameter::Matrix(matrix) => outputs.tensor(name, matrix),
        classics::Parameter::Bias(bias) => outputs.tensor(name, bias),
    }))
}

/// Every so many logits of a VGG-16 whose weights are made by rule, in PyTorch's layout.
fn made_by_rule(call: &Inputs, architecture: Architecture) -> Result<Outputs, Fault> {
    let (h, w, c) = architecture.input;
    let network = student::load_pretrained(architecture, &arrays(call)?, &call.dev)?;
    let image = call.dev.tensor_from_vec(made::numbers("image", h * w * c, 1.0), (1, h, w, c));
    let logits = classics::logits(&network, image)?.as_vec();
    let some: Vec<f32> = logits.into_iter().step_by(call.count("made")?).collect();
    Ok(Outputs::new().numbers("logits", &some))
}

/// The arrays that the call names, a name and a shape a line.
fn arrays(call: &Inputs) -> Result<student::Arrays, Fault> {
    let array = |line: &str| {
        let mut words = line.split(' ');
        let name = words.next().unwrap_or_default();
        let shape = words.map(str::parse).collect::<Result<Vec<usize>, _>>()?;
        let values = made::parameter(name, &shape, shape[1..].iter().product());
        Ok((name.to_owned(), (shape, values)))
    };
    call.text("arrays")?.lines().map(array).collect()
}
