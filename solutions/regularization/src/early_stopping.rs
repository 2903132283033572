//! Early stopping: when to stop, and whose weights to keep.
