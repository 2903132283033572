//! Calls into `regularization::weight_decay`.

fn main() {}
