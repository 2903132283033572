//! The image that a unit likes best.
