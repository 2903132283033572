//! How large a layer's output is, and how much of the image it sees.
