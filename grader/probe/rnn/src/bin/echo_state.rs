//! Calls into `rnn::echo_state`.

fn main() {}
