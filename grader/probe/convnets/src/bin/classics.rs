//! Calls into `convnets::classics`.

#[path = "../made.rs"]
mod made;
#[path = "../plans.rs"]
mod plans;

use convnets::classics as student;
use dfdx::prelude::*;
use plans::{drawn, narrowed};
use probe::{Dev, Fault, Inputs, Leaf, Outputs, Plain, serve};
use student::{Architecture, Network, Parameter};

type Images = Plain<(usize, usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("lenet5", |_| summary(&student::lenet5())),
        ("lenet5/logits", |call| all_logits(call, student::lenet5())),
        ("lenet5/logits by rule", |call| some_logits(call, student::lenet5())),
        ("lenet5/maps + parameter_shapes of a drawn plan", |call| summary(&drawn(call)?)),
        ("lenet5/logits of a drawn plan", |call| all_logits(call, drawn(call)?)),
        ("alexnet", |_| summary(&student::alexnet())),
        ("alexnet/logits by rule", |call| some_logits(call, student::alexnet())),
        ("alexnet/maps + parameter_shapes of a narrow plan", |call| {
            summary(&narrowed(call, student::alexnet())?)
        }),
        ("alexnet/logits of a narrow plan", |call| all_logits(call, narrowed(call, student::alexnet())?)),
        ("alexnet/logits by rule of a narrow plan", |call| {
            some_logits(call, narrowed(call, student::alexnet())?)
        }),
        ("vgg16", |_| summary(&student::vgg16())),
        ("vgg16/logits by rule", |call| some_logits(call, student::vgg16())),
        ("vgg16/maps + parameter_shapes of a narrow plan", |call| {
            summary(&narrowed(call, student::vgg16())?)
        }),
        ("vgg16/logits of a narrow plan", |call| all_logits(call, narrowed(call, student::vgg16())?)),
        ("vgg16/logits by rule of a narrow plan", |call| {
            some_logits(call, narrowed(call, student::vgg16())?)
        }),
        ("vgg19", |_| summary(&student::vgg19())),
        ("vgg19/logits by rule", |call| some_logits(call, student::vgg19())),
        ("vgg19/maps + parameter_shapes of a narrow plan", |call| {
            summary(&narrowed(call, student::vgg19())?)
        }),
        ("vgg19/logits of a narrow plan", |call| all_logits(call, narrowed(call, student::vgg19())?)),
        ("vgg19/logits by rule of a narrow plan", |call| {
            some_logits(call, narrowed(call, student::vgg19())?)
        }),
    ])
}

/// Names and shapes: nothing is allocated.
fn summary(architecture: &Architecture) -> Result<Outputs, Fault> {
    let (maps, shapes) = (student::maps(architecture), student::parameter_shapes(architecture));
    let lines: Vec<String> = shapes.iter().map(|(name, shape)| format!("{name} {shape:?}")).collect();
    let sizes = |(h, w, c): (usize, usize, usize)| [h, w, c];
    let outputs = Outputs::new().text("shapes", &lines.join("\n"));
    Ok(outputs.indexes("maps", &sizes(maps)).indexes("input", &sizes(architecture.input)))
}

/// The logits with parameters from the call, and gradients where it asks for them.
fn all_logits(call: &Inputs, architecture: Architecture) -> Result<Outputs, Fault> {
    let x: Images = call.tensor("x")?;
    let is_parameter = |name: &str| name.starts_with("features.") || name.starts_with("classifier.");
    let arrays = call.arrays("").into_iter().filter(|(name, _)| is_parameter(name));
    let parameters = arrays.map(|(name, (shape, values))| (name, Parameter::new(&shape, values, &call.dev)));
    let network = Network { architecture, parameters: parameters.collect() };
    if !call.has("d_y") {
        return Ok(Outputs::new().tensor("y", &student::logits(&network, x)?));
    }
    let mut leaves: Vec<(&str, &dyn Leaf)> = vec![("x", &x)];
    leaves.extend(network.parameters.iter().map(|(name, parameter)| (name.as_str(), leaf(parameter))));
    Outputs::new().gradients(call, student::logits(&network, x.leaky_trace())?, &leaves)
}

fn leaf(parameter: &Parameter<Dev>) -> &dyn Leaf {
    match parameter {
        Parameter::Kernel(kernel) => kernel,
        Parameter::Matrix(matrix) => matrix,
        Parameter::Bias(bias) => bias,
    }
}

/// Every so many logits of a network and an image that are made by rule.
fn some_logits(call: &Inputs, architecture: Architecture) -> Result<Outputs, Fault> {
    let (h, w, c) = architecture.input;
    let image = call.dev.tensor_from_vec(made::numbers("image", h * w * c, 1.0), (1, h, w, c));
    let parameters = student::parameter_shapes(&architecture).into_iter().map(|(name, shape)| {
        let inputs = shape[..shape.len() - 1].iter().product();
        let values = made::parameter(&name, &shape, inputs);
        (name, Parameter::new(&shape, values, &call.dev))
    });
    let network = Network { parameters: parameters.collect(), architecture };
    let logits = student::logits(&network, image)?.as_vec();
    let some: Vec<f32> = logits.into_iter().step_by(call.count("made")?).collect();
    Ok(Outputs::new().numbers("logits", &some))
}
