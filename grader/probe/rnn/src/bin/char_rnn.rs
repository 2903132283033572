//! Calls into `rnn::char_rnn`.

fn main() {}
