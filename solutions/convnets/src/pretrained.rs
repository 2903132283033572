//! Weights that somebody else has trained.
