//! Calls into `regularization::cross_validation`.

fn main() {}
