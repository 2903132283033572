//! Calls into `convnets::filters`.

fn main() {}
