//! Pictures of what a network has inside: filters and feature maps.
