//! Calls into `regularization::early_stopping`.

fn main() {}
