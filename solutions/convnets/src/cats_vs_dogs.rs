//! Capstone: cats or dogs, from two thousand photographs.
