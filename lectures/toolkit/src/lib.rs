//! What students use but don't write: shared, tested code that every chapter may call.

pub mod linalg;
pub mod shape;
