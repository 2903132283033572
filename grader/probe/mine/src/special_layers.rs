//! Layers from `special_layers`. The toolkit counts padding in pixels and students by name, so one that is neither none nor
//! `Same` can't be theirs.

use ::special_layers::{
    conv::{self, ConvOptions, Padding},
    dense as linear, pooling,
};
use dfdx::prelude::*;
use toolkit::{
    ops::{ConvConfig, composition},
    own::OwnLayers,
};

/// A linear layer.
pub fn dense(own: &mut OwnLayers) {
    own.linear = Some(linear::dense);
}

/// A convolution of images.
pub fn conv2d(own: &mut OwnLayers) {
    own.conv2d = Some(|x, kernel, bias, config| {
        let (height, width, _, _) = *kernel.shape();
        let Some(padding) = padding((height, width), config) else {
            return composition::conv2d(x, kernel, bias, config);
        };
        let options = ConvOptions { stride: config.stride, padding, dilation: 1, groups: 1 };
        conv::conv2d(x, kernel, bias, options).unwrap_or_else(|e| panic!("{e}"))
    });
}

/// The pooling of images.
pub fn max_pool(own: &mut OwnLayers) {
    own.max_pool2d = Some(|x, config| {
        pooling::max_pool2d(x, config.size, config.stride, Padding::Valid).unwrap_or_else(|e| panic!("{e}"))
    });
}

/// What a student would call this padding: `Same` adds half of an odd kernel's size on each side.
fn padding((height, width): (usize, usize), ConvConfig { stride, padding }: ConvConfig) -> Option<Padding> {
    match padding {
        0 => Some(Padding::Valid),
        _ if stride == 1 && height == width && height == 2 * padding + 1 => Some(Padding::Same),
        _ => None,
    }
}
