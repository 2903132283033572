//! Calls into `convnets::architectures`.

fn main() {}
