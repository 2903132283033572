//! Weight decay, and the penalty that it is often taken for.
