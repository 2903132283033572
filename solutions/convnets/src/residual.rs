//! Residual connections: how a network can be deep and still learn.
