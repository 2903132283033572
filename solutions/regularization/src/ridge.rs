//! Ridge regression: least squares that does not trust its data blindly.
