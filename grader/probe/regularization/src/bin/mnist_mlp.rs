//! Calls into `regularization::mnist_mlp`.

fn main() {}
