//! Capstone: a network that writes verses.
