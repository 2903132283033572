//! Calls into `regularization::ridge`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, Plain, serve};
use regularization::ridge as student;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("ridge_closed_form", |call| {
            if call.flag("double")? {
                let (theta, model) = closed_form(call, &call.double("a")?, &call.double("y")?)?;
                let outputs = Outputs::new().double("theta", &theta).double("intercept", &model.intercept);
                return Ok(outputs.double("theta_beside_an_intercept", &model.theta));
            }
            let (theta, model) = closed_form(call, &call.tensor("a")?, &call.tensor("y")?)?;
            let outputs = Outputs::new().tensor("theta", &theta).tensor("intercept", &model.intercept);
            Ok(outputs.tensor("theta_beside_an_intercept", &model.theta))
        }),
        ("ridge_gradient", |call| {
            let (a, y) = (call.tensor("a")?, call.tensor("y")?);
            let gamma = call.number("gamma")?;
            if call.has("steps") {
                let (learning_rate, steps) = (call.number("learning_rate")?, call.count("steps")?);
                let theta = student::ridge_gradient_descent(&a, &y, gamma, learning_rate, steps);
                return Ok(Outputs::new().tensor("theta_after", &theta));
            }
            let theta: Plain<(usize,)> = call.tensor("theta")?;
            let loss = student::ridge_loss(theta.leaky_trace(), &a, &y, gamma);
            Outputs::new().gradients(call, loss, &[("theta", &theta)])
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
