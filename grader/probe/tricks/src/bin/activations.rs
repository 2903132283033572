//! Calls into `tricks::activations`.

use dfdx::prelude::*;
use probe::{Outputs, Plain, serve};
use tricks::activations as student;

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("sigmoid", |call| {
            let x: Matrix = call.tensor("x")?;
            Outputs::new().gradients(call, student::sigmoid(x.leaky_trace()), &[("x", &x)])
        }),
        ("relu", |call| {
            let x: Matrix = call.tensor("x")?;
            Outputs::new().gradients(call, student::relu(x.leaky_trace()), &[("x", &x)])
        }),
        ("leaky_relu", |call| {
            let x: Matrix = call.tensor("x")?;
            Outputs::new().gradients(
                call,
                student::leaky_relu(x.leaky_trace(), call.number("slope")?),
                &[("x", &x)],
            )
        }),
        ("activation_derivatives", |call| {
            let (x, slope): (Matrix, _) = (call.tensor("x")?, call.number("slope")?);
            Ok(Outputs::new()
                .tensor("sigmoid", &student::sigmoid_derivative(x.clone()))
                .tensor("tanh", &student::tanh_derivative(x.clone()))
                .tensor("relu", &student::relu_derivative(x.clone()))
                .tensor("leaky_relu", &student::leaky_relu_derivative(x, slope)))
        }),
    ])
}
