//! Pooling, and the way from feature maps back to vectors.
