//! Merge layers: many inputs, one output.
