//! Calls into `regularization::ridge`.

fn main() {}
