//! Word vectors from the company that words keep.
