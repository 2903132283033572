//! Calls into `rnn::text`.

fn main() {}
