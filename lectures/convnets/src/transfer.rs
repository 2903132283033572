//! Transfer learning: keep the features, replace the head.
