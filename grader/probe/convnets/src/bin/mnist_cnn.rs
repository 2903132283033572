//! Calls into `convnets::mnist_cnn`.

fn main() {}
