//! Calls into `convnets::shapes`.

fn main() {}
