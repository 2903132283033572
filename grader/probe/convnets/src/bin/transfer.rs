//! Calls into `convnets::transfer`.

fn main() {}
