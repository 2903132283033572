//! # Recurrent networks
//!
//! Networks with a memory: cells that read a sequence step by step, why they forget, the LSTM that forgets less, and two
//! capstones that write and add.
//!
//! Read and write the modules in this order; `vanishing_gradient` in `gradients` waits until `lstm` is written.

#![allow(unused_variables, reason = "a stub uses its arguments only once you have written it")]

pub mod given;
pub mod vanilla;
pub mod gradients;
pub mod echo_state;
pub mod lstm;
pub mod text;
pub mod char_rnn;
pub mod seq2seq;
