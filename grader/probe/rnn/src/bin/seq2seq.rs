//! Calls into `rnn::seq2seq`.

fn main() {}
