//! What an autoencoder learns to see, with and without dropout.
