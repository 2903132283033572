//! Calls into `regularization::dropout_features`.

fn main() {}
