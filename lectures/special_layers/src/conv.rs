//! Convolution along one axis and two.
