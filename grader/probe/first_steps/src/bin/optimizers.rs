//! Calls into `first_steps::optimizers`: a step for each gradient of the call, with the state that the steps before left.

use first_steps::optimizers::{self as student, AdamState};
use probe::{Fault, FromLengths, Inputs, Outputs, Plain, serve};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("optimizers/sgd", |call| sgd::<(usize,)>(call).or_else(|_| sgd::<(usize, usize)>(call))),
        ("optimizers/rmsprop", |call| rmsprop::<(usize,)>(call).or_else(|_| rmsprop::<(usize, usize)>(call))),
        ("optimizers/adam", |call| adam::<(usize,)>(call).or_else(|_| adam::<(usize, usize)>(call))),
    ])
}

fn sgd<S: FromLengths>(call: &Inputs) -> Result<Outputs, Fault> {
    let (mut w, rate): (Plain<S>, _) = (call.tensor("w")?, call.number("learning_rate")?);
    for gradient in call.tensors("gradient")? {
        student::sgd(&mut w, &gradient, rate);
    }
    Ok(Outputs::new().tensor("w", &w))
}

fn rmsprop<S: FromLengths>(call: &Inputs) -> Result<Outputs, Fault> {
    let (mut w, mut mean_square): (Plain<S>, Plain<S>) = (call.tensor("w")?, call.tensor("mean_square")?);
    let (rate, decay) = (call.number("learning_rate")?, call.number("decay")?);
    for gradient in call.tensors("gradient")? {
        student::rmsprop(&mut w, &gradient, &mut mean_square, rate, decay);
    }
    Ok(Outputs::new().tensor("w", &w).tensor("mean_square", &mean_square))
}

fn adam<S: FromLengths>(call: &Inputs) -> Result<Outputs, Fault> {
    let (mut w, rate): (Plain<S>, _) = (call.tensor("w")?, call.number("learning_rate")?);
    let mut state = AdamState::new(&w);
    for gradient in call.tensors("gradient")? {
        student::adam(&mut w, &gradient, &mut state, rate);
    }
    let outputs = Outputs::new().tensor("w", &w).tensor("mean", &state.mean);
    Ok(outputs.tensor("mean_square", &state.mean_square).number("steps", state.steps))
}
