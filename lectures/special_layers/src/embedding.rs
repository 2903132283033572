//! Embeddings: a vector for every index.
