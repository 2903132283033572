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
pub use protocol::{Array, Formula, hash, uniform};
pub use serve::{Adapter, serve};

/// A network as calls bring it and answers show it, from one list: `read` puts it together from the call's tensors, each in a
/// variable of its name, and `tensors` finds each of them in its place.
#[macro_export]
macro_rules! network {
    ($network:ident of $call:ident = $made:expr; $($tensor:ident at $($place:tt).+),+ $(,)?) => {
        /// The network that a call brings.
        #[allow(non_snake_case, reason = "a tensor may be called by a formula's letter")]
        fn read($call: &$crate::Inputs) -> Result<$network<$crate::Dev>, $crate::Fault> {
            $(let $tensor = $call.tensor(stringify!($tensor))?;)+
            Ok($made)
        }

        /// A network's tensors by name.
        fn tensors(network: &$network<$crate::Dev>) -> Vec<(&'static str, &dyn $crate::Leaf)> {
            vec![$((stringify!($tensor), &network.$($place).+ as &dyn $crate::Leaf)),+]
        }
    };
}

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
