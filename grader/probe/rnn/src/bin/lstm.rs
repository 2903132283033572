//! Calls into `rnn::lstm`.

fn main() {}
