//! Calls into `regularization::ridge`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, Plain, serve};
use regularization::ridge as student;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("ridge_closed_form", |call| {
            let (theta, model) = closed_form(call, &call.tensor("a")?, &call.tensor("y")?)?;
            let outputs = Outputs::new().tensor("theta", &theta).tensor("intercept", &model.intercept);
            Ok(outputs.tensor("theta_beside_an_intercept", &model.theta))
        }),
        ("ridge_closed_form/ridge_closed_form in double precision", |call| {
            let (theta, model) = closed_form(call, &call.double("a")?, &call.double("y")?)?;
            let outputs = Outputs::new().double("theta", &theta).double("intercept", &model.intercept);
            Ok(outputs.double("theta_beside_an_intercept", &model.theta))
        }),
        ("ridge_gradient/ridge_loss", |call| {
            let (a, y, theta): (_, _, Plain<(usize,)>) =
                (call.tensor("a")?, call.tensor("y")?, call.tensor("theta")?);
            let loss = student::ridge_loss(theta.leaky_trace(), &a, &y, call.number("gamma")?);
            Outputs::new().gradients(call, loss, &[("theta", &theta)])
        }),
        ("ridge_gradient/ridge_gradient_descent", |call| {
            let (a, y, gamma) = (call.tensor("a")?, call.tensor("y")?, call.number("gamma")?);
            let (learning_rate, steps) = (call.number("learning_rate")?, call.count("steps")?);
            let theta = student::ridge_gradient_descent(&a, &y, gamma, learning_rate, steps);
            Ok(Outputs::new().tensor("theta_after", &theta))
        }),
    ])
}

type Vector<E> = Tensor<(usize,), E, Dev>;

/// Without an intercept and with one.
fn closed_form<E: Dtype>(
    call: &Inputs,
    a: &Tensor<(usize, usize), E, Dev>,
    y: &Vector<E>,
) -> Result<(Vector<E>, student::LinearModel<E, Dev>), Fault>
where
    Dev: Device<E>,
{
    let gamma = f64::from(call.number("gamma")?);
    Ok((student::ridge_closed_form(a, y, gamma)?, student::ridge_with_intercept(a, y, gamma)?))
}
