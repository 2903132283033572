//! Dropout: hidden units that cannot rely on each other.
