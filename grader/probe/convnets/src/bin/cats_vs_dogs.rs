//! Calls into `convnets::cats_vs_dogs`.

fn main() {}
