//! Capstone: the notebook's convolutional network.
