//! Calls into `special_layers::pooling`.

fn main() {}
