//! Calls into `special_layers::skip_gram`.

fn main() {}
