//! Capstone: a network that learns to add.
