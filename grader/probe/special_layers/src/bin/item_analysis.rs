//! Calls into `special_layers::item_analysis`.

fn main() {}
