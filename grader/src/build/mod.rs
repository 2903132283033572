//! From sources to programs: what is staged, compiled, and taken out where it does not compile.

pub mod assemble;
pub mod beside;
pub mod compile;
pub mod inputs;
pub mod intake;
pub mod stage;
