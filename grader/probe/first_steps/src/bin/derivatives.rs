//! Calls into `first_steps::derivatives`; all but the last task are written for the processor alone.

use dfdx::prelude::*;
use first_steps::derivatives as student;
use probe::{Fault, Inputs, Outputs, Plain, serve};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("gradient_by_hand", |call| {
            let (slope, intercept) = (call.number("slope")?, call.number("intercept")?);
            let gradient =
                student::gradient_by_hand(slope, intercept, &vector(call, "x")?, &vector(call, "targets")?);
            Ok(pair(["for_slope", "for_intercept"], gradient))
        }),
        ("gradient_by_hand/line_loss", |call| {
            let (slope, intercept) = (call.number("slope")?, call.number("intercept")?);
            let loss = student::line_loss(slope, intercept, &vector(call, "x")?, &vector(call, "targets")?);
            Ok(Outputs::new().number("loss", loss))
        }),
        ("gradient_by_tape", |call| {
            let dev = Cpu::default();
            let [x, targets] = [vector(call, "x")?, vector(call, "targets")?].map(|numbers| {
                let shape = (numbers.len(),);
                dev.tensor_from_vec(numbers, shape)
            });
            let (weight, bias) = (dev.tensor(call.number("weight")?), dev.tensor(call.number("bias")?));
            let gradient = student::gradient_by_tape(&weight, &bias, &x, &targets);
            Ok(pair(["for_weight", "for_bias"], gradient))
        }),
        ("used_twice", |call| {
            let x: Plain<(usize, usize)> = call.tensor("x")?;
            Outputs::new().gradients(call, student::used_twice(x.leaky_trace()), &[("x", &x)])
        }),
    ])
}

fn vector(call: &Inputs, name: &str) -> Result<Vec<f32>, Fault> {
    Ok(call.tensor::<(usize,)>(name)?.as_vec())
}

fn pair([first, second]: [&str; 2], gradient: (f32, f32)) -> Outputs {
    Outputs::new().number(first, gradient.0).number(second, gradient.1)
}
