//! Calls into `convnets::residual`.

fn main() {}
