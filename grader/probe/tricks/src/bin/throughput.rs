//! Calls into `tricks::throughput`.

use std::time::Instant;

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, serve};
use tricks::throughput as student;

type Matrix<E> = Tensor<(usize, usize), E, Dev>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("matmul_throughput/matmul_gflops", |call| {
            let sizes = (call.count("n")?, call.count("k")?, call.count("m")?);
            let seconds = f64::from(call.number("seconds")?);
            let gflops = student::matmul_gflops(sizes, call.count("repeats")?, seconds);
            Ok(Outputs::new().number("gflops", gflops))
        }),
        ("matmul_throughput", |call| {
            let (product, outputs) = measure(call, &call.tensor("a")?, &call.tensor("b")?)?;
            Ok(outputs.tensor("product", &product))
        }),
        ("matmul_throughput/matmul_throughput in double precision", |call| {
            let (product, outputs) = measure(call, &call.double("a")?, &call.double("b")?)?;
            Ok(outputs.double("product", &product))
        }),
    ])
}

/// The product, what was measured, and how much time passed for the caller meanwhile.
fn measure<E: Dtype>(call: &Inputs, a: &Matrix<E>, b: &Matrix<E>) -> Result<(Matrix<E>, Outputs), Fault>
where
    Dev: Device<E>,
{
    let start = Instant::now();
    let (product, rate) = student::matmul_throughput(a, b, call.count("repeats")?);
    call.dev.synchronize();
    let elapsed = start.elapsed().as_secs_f64();
    let outputs = Outputs::new().number("gflops", rate.gflops).number("seconds", rate.seconds);
    Ok((product, outputs.number("elapsed", elapsed)))
}
