//! Calls into `special_layers::dense`.

fn main() {}
