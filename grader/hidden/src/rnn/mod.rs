//! Hidden cases of the chapter `rnn`, a file a topic.

pub mod char_rnn;
pub mod clipping;
pub mod echo_state;
pub mod gradients;
pub mod lstm;
pub mod oracle;
pub mod seq2seq;
pub mod spectra;
pub mod text;
pub mod vanilla;
