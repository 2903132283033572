//! Calls into `special_layers::merge`.

fn main() {}
