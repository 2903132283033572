//! Calls into `convnets::pretrained`.

fn main() {}
