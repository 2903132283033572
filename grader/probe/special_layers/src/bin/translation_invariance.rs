//! Calls into `special_layers::translation_invariance`.

fn main() {}
