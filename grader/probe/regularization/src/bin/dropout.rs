//! Calls into `regularization::dropout`.

fn main() {}
