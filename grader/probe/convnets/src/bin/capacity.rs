//! Calls into `convnets::capacity`.

fn main() {}
