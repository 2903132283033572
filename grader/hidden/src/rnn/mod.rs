//! Hidden cases of the chapter `rnn`, a file a topic.

mod char_rnn;
mod echo_state;
mod gradients;
mod lstm;
mod oracle;
mod seq2seq;
mod text;
mod spectra;
mod vanilla;

use crate::Author;

/// Every exercise of the chapter and who writes its cases, in reading order.
pub const EXERCISES: &[(&str, Author)] = &[
    ("rnn_cell", vanilla::rnn_cell),
    ("rnn_unroll", vanilla::rnn_unroll),
    ("vanishing_gradient", gradients::vanishing_gradient),
    ("clip_grad_norm", gradients::clip_grad_norm),
    ("echo_state_network", echo_state::echo_state_network),
    ("forget_gate", lstm::forget_gate),
    ("input_gate", lstm::input_gate),
    ("cell_update", lstm::cell_update),
    ("output_gate", lstm::output_gate),
    ("lstm_cell", lstm::lstm_cell),
    ("lstm_unroll", lstm::lstm_unroll),
    ("char_table", text::char_table),
    ("sample_with_temperature", text::sample_with_temperature),
    ("char_rnn", char_rnn::char_rnn),
    ("seq2seq_addition", seq2seq::seq2seq_addition),
];

/// Exercises that can be put to full-size data, and who writes those cases.
pub const FULL: &[(&str, Author)] = &[("char_rnn", char_rnn::full), ("seq2seq_addition", seq2seq::full)];
