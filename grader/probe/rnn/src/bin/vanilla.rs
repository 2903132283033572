//! Calls into `rnn::vanilla`.

fn main() {}
