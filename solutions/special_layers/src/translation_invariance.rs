//! How much of a feature map survives a shift of its image.
