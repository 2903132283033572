//! Calls into `regularization::weight_decay`.

use dfdx::prelude::*;
use probe::{Dev, Fault, FromLengths, Inputs, Outputs, Plain, serve};
use regularization::weight_decay as student;

type Matrix = Plain<(usize, usize)>;
type Vector = Plain<(usize,)>;
type Layer = student::Layer<Dev>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("l2_penalty", |call| {
            penalty::<(usize,)>(call)
                .or_else(|_| penalty::<(usize, usize)>(call))
                .or_else(|_| penalty::<(usize, usize, usize, usize)>(call))
        }),
        ("sgd_weight_decay", |call| {
            let decayed = train(call, 0.0, call.number("weight_decay")?)?;
            let penalised = train(call, call.number("weight_decay")?, 0.0)?;
            Ok(layer(layer(Outputs::new(), "decayed_", &decayed), "penalised_", &penalised))
        }),
        ("sgd_weight_decay/SgdW::step", |call| Ok(layer(Outputs::new(), "", &steps(call)?))),
    ])
}

/// The penalty of the call's weights, if they are of rank `S`.
fn penalty<S: FromLengths>(call: &Inputs) -> Result<Outputs, Fault> {
    let w: Plain<S> = call.tensor("w")?;
    let y = student::l2_penalty(w.leaky_trace(), call.number("lambda")?);
    Outputs::new().gradients(call, y, &[("w", &w)])
}

fn layer(outputs: Outputs, prefix: &str, layer: &Layer) -> Outputs {
    let outputs = outputs.tensor(&format!("{prefix}weights"), &layer.weights);
    outputs.tensor(&format!("{prefix}biases"), &layer.biases)
}

fn start(call: &Inputs) -> Result<Layer, Fault> {
    Ok(Layer { weights: call.tensor("weights")?, biases: call.tensor("biases")? })
}

fn optimizer(call: &Inputs, weight_decay: f32) -> Result<student::SgdW<Dev>, Fault> {
    Ok(student::SgdW::new(call.number("learning_rate")?, call.number("momentum")?, weight_decay))
}

/// A step for each of the call's gradients.
fn steps(call: &Inputs) -> Result<Layer, Fault> {
    let (mut parameters, mut sgd) = (start(call)?, optimizer(call, call.number("weight_decay")?)?);
    let gradients = call.tensors("weight_gradients")?.into_iter().zip(call.tensors("bias_gradients")?);
    let schedule: Vec<Vector> = call.tensors("rates_of_step")?;
    for (number, (weights, biases)) in gradients.enumerate() {
        if let Some([learning_rate, momentum, weight_decay]) =
            schedule.get(number).map(|r| r.as_vec()).as_deref()
        {
            sgd = student::SgdW {
                learning_rate: *learning_rate,
                momentum: *momentum,
                weight_decay: *weight_decay,
                ..sgd
            };
        }
        sgd.step(&mut parameters, &Layer { weights, biases });
    }
    Ok(parameters)
}

/// Trains a linear layer on the call's `x` and `targets`, with a penalty in the loss or with decay in the step. Adam's
/// direction takes the gradient's place where the call says so.
fn train(call: &Inputs, penalty: f32, decay: f32) -> Result<Layer, Fault> {
    let (x, targets): (Matrix, Matrix) = (call.tensor("x")?, call.tensor("targets")?);
    let (mut parameters, mut sgd) = (start(call)?, optimizer(call, decay)?);
    let (mut for_weights, mut for_biases) = (Adam::new(&parameters.weights), Adam::new(&parameters.biases));
    for step in 1..=call.count("steps")? {
        let products = x.leaky_trace().matmul(parameters.weights.leaky_trace());
        let offsets = parameters.biases.leaky_trace().broadcast_like::<_, Axis<0>>(products.shape());
        let error = (products + offsets - targets.clone()).square().mean::<Rank0, _>();
        let loss = error + student::l2_penalty(parameters.weights.leaky_trace(), penalty);
        let gradients = loss.backward();
        let (mut weights, mut biases): (Matrix, Vector) =
            (gradients.get(&parameters.weights), gradients.get(&parameters.biases));
        if call.flag("adam")? {
            (weights, biases) = (for_weights.direction(step, &weights), for_biases.direction(step, &biases));
        }
        sgd.step(&mut parameters, &Layer { weights, biases });
    }
    Ok(parameters)
}

/// Kingma & Ba's running means with their usual constants.
struct Adam<S: Shape> {
    first: Plain<S>,
    second: Plain<S>,
}

impl<S: Shape> Adam<S> {
    fn new(like: &Plain<S>) -> Self {
        let zeros = || like.device().zeros_like(like.shape());
        Self { first: zeros(), second: zeros() }
    }

    fn direction(&mut self, step: usize, gradient: &Plain<S>) -> Plain<S> {
        self.first.axpy(0.9, gradient, 0.1);
        self.second.axpy(0.999, &gradient.clone().square(), 0.001);
        let correction = |beta: f64| (1.0 - beta.powf(step as f64)) as f32;
        let root = (self.second.clone() / correction(0.999)).sqrt();
        self.first.clone() / correction(0.9) / (root + 1e-8)
    }
}
