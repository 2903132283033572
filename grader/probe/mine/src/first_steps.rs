//! Layers from `first_steps`.

use ::first_steps::classification;
use toolkit::own::OwnLayers;

/// The loss, from logits and labels.
pub fn cross_entropy(own: &mut OwnLayers) {
    own.cross_entropy = Some(|logits, labels| {
        classification::cross_entropy(logits, labels).unwrap_or_else(|e| panic!("{e}"))
    });
}
