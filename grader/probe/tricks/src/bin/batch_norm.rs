//! Calls into `tricks::batch_norm`.

use dfdx::prelude::*;
use probe::{Dev, Fault, FromLengths, Inputs, Outputs, Plain, serve};
use tricks::batch_norm as student;

type Features = (usize, usize);
type Images = (usize, usize, usize, usize);
type Channels = Plain<(usize,)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("batch_norm_train", |call| match call.tensor::<Features>("x") {
            Ok(x) => train(call, x),
            Err(_) => train(call, call.tensor::<Images>("x")?),
        }),
        ("batch_norm_eval", |call| match call.tensor::<Features>("x") {
            Ok(x) => eval(call, x),
            Err(_) => eval(call, call.tensor::<Images>("x")?),
        }),
    ])
}

fn train<S: FromLengths>(call: &Inputs, x: Plain<S>) -> Result<Outputs, Fault> {
    let (gamma, beta): (Channels, Channels) = (call.tensor("gamma")?, call.tensor("beta")?);
    let (mut running, epsilon) = (running(call)?, call.number("epsilon")?);
    let y = student::batch_norm_train(x.leaky_trace(), &gamma, &beta, &mut running, epsilon)?;
    remembered(&running).gradients(call, y, &[("x", &x), ("gamma", &gamma), ("beta", &beta)])
}

fn eval<S: FromLengths>(call: &Inputs, x: Plain<S>) -> Result<Outputs, Fault> {
    let (gamma, beta): (Channels, Channels) = (call.tensor("gamma")?, call.tensor("beta")?);
    let (running, epsilon) = (running(call)?, call.number("epsilon")?);
    let y = student::batch_norm_eval(x.leaky_trace(), &gamma, &beta, &running, epsilon);
    remembered(&running).gradients(call, y, &[("x", &x), ("gamma", &gamma), ("beta", &beta)])
}

fn running(call: &Inputs) -> Result<student::RunningStatistics<Dev>, Fault> {
    Ok(student::RunningStatistics {
        mean: call.tensor("running_mean")?,
        variance: call.tensor("running_variance")?,
        momentum: call.number("momentum")?,
    })
}

fn remembered(running: &student::RunningStatistics<Dev>) -> Outputs {
    Outputs::new().tensor("running_mean", &running.mean).tensor("running_variance", &running.variance)
}
