//! Given: what the exercises of this chapter use and nobody has to write.

pub mod architecture;
pub mod digits;
pub mod pet_classifier;
pub mod resnet_parts;
pub mod small_net;
