//! Calls into `convnets::occlusion`.

fn main() {}
