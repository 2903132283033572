//! More parameters than examples: what a network can learn by heart.
