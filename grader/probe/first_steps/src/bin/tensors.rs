//! Calls into `first_steps::tensors`, which is written for the processor alone, whatever the device of the other tasks is.

use dfdx::prelude::*;
use first_steps::tensors as student;
use probe::{Array, Fault, FromLengths, Inputs, Outputs, serve};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("add_bias", |call| Ok(matrix(&student::add_bias(on_cpu(call, "x")?, on_cpu(call, "bias")?)))),
        ("matrix_product", |call| {
            Ok(matrix(&student::matrix_product(on_cpu(call, "a")?, on_cpu(call, "b")?)))
        }),
    ])
}

fn on_cpu<S: FromLengths>(call: &Inputs, name: &str) -> Result<Tensor<S, f32, Cpu>, Fault> {
    let tensor = call.tensor::<S>(name)?;
    Ok(Cpu::default().tensor_from_vec(tensor.as_vec(), *tensor.shape()))
}

fn matrix(y: &Tensor<(usize, usize), f32, Cpu>) -> Outputs {
    let (rows, columns) = *y.shape();
    Outputs::new().array("y", Array::f32(&[rows, columns], y.as_vec()))
}
