//! Calls into `special_layers::conv`.

fn main() {}
