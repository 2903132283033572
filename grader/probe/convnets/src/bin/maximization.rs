//! Calls into `convnets::maximization`.

fn main() {}
