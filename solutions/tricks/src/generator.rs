//! An endless stream of augmented batches: the `ImageDataGenerator` of the slides.
