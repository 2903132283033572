//! The child's side of the grader: reads calls, runs a student's functions on them, writes back what came out.
//!
//! It computes and nothing else: no expected value, verdict or score ever enters this process.

mod counts;
mod device;
mod inputs;
mod outputs;
mod panics;
mod serve;

use rayon::prelude::*;

pub use device::Dev;
pub use inputs::{Fault, FromLengths, Inputs};
pub use outputs::{Leaf, Outputs};
pub use protocol::Array;
pub use serve::{Adapter, serve};

/// `number(0), number(1), …`, `count` of them, made by all threads: a large network has a hundred million weights.
pub fn numbers(count: usize, number: impl Fn(u32) -> f32 + Sync) -> Vec<f32> {
    const BLOCK: usize = 1 << 16;
    let mut numbers = vec![0.0; count];
    numbers.par_chunks_mut(BLOCK).enumerate().for_each(|(block, numbers)| {
        for (i, x) in numbers.iter_mut().enumerate() {
            *x = number((block * BLOCK + i) as u32);
        }
    });
    numbers
}

/// A tensor of single precision on the device, without a tape.
pub type Plain<S> = dfdx::prelude::Tensor<S, f32, Dev>;
/// A tensor of single precision on the device that carries a tape.
pub type Taped<S> = dfdx::prelude::Tensor<S, f32, Dev, dfdx::prelude::OwnedTape<f32, Dev>>;
