//! Operations written for the CPU: parallel over images or rows, each with its own gradient.

mod ops;
mod columns;
mod scratch;
mod winograd;
pub(crate) mod conv;
pub(crate) mod depthwise;
pub(crate) mod pool;
pub(crate) mod elementwise;
pub(crate) mod dense;
pub(crate) mod norm;
pub(crate) mod loss;
pub(crate) mod embedding;
pub(crate) mod lstm;
mod lstm_kernel;

/// How many rows each thread gets when `rows` are shared out.
fn share(rows: usize) -> usize {
    rows.div_ceil(rayon::current_num_threads()).max(1)
}
