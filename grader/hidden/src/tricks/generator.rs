//! Cases for `tricks::generator`.
