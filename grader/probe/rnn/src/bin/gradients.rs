//! Calls into `rnn::gradients`.

fn main() {}
