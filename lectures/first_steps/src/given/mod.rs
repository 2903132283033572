//! Given: what the exercises of this chapter use and nobody has to write.

pub mod classifier;
