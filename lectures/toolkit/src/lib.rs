//! What students use but don't write: shared, tested code that every chapter may call.

pub mod linalg;
pub mod shape;
pub mod tape;
pub mod tensor;
pub mod ops;
pub mod init;
pub mod norm;
pub mod own;
pub mod efficientnet;
pub mod resize;
pub mod optim;
pub mod sparse;
pub mod fit;
pub mod callbacks;
pub mod epoch_log;
pub mod allocator;
#[cfg(feature = "pictures")]
pub mod pictures;
#[cfg(feature = "progress")]
pub mod progress;
mod axes;
mod epoch;
mod gemm;
mod math;
mod threads;
mod update;
#[cfg(test)]
mod tests;

/// The page for those who go on to PyTorch, whose snippets `cargo test` runs.
#[cfg(doctest)]
#[doc = include_str!("../../saved.md")]
struct Saved;
