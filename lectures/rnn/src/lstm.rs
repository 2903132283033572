//! The LSTM, gate by gate.
