//! Calls into `special_layers::recommender`.

fn main() {}
