//! Calls into `special_layers::embedding`.

fn main() {}
