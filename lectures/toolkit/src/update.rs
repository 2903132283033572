//! dfdx's updates of a parameter, compiled in this crate for the CPU. They are generic: compiled with a student's program, in
//! which units are not inlined into each other, they call two functions for every number and a step takes several times as long.

use std::any::Any;

use dfdx::prelude::*;
use dfdx::tensor_ops::{AdamConfig, SgdConfig};

use crate::tensor::{Images, Matrix, Sequences, Vector};

/// A tensor's elements on a device.
type Elements<D> = <D as Storage<f32>>::Vec;

/// [`SgdConfig::try_update`].
///
/// # Errors
/// When the device has no memory left.
pub(crate) fn sgd<S: Shape, D: Device<f32>>(
    config: &SgdConfig,
    parameter: &mut Tensor<S, f32, D>,
    velocity: &mut Elements<D>,
    gradient: &Elements<D>,
) -> Result<(), D::Err> {
    if sgd_on_cpu(config, parameter, velocity, gradient) {
        return Ok(());
    }
    config.try_update(parameter, velocity, gradient)
}

/// [`AdamConfig::try_update`].
///
/// # Errors
/// When the device has no memory left.
pub(crate) fn adam<S: Shape, D: Device<f32>>(
    config: &AdamConfig,
    steps: i32,
    parameter: &mut Tensor<S, f32, D>,
    moments: [&mut Elements<D>; 2],
    gradient: &Elements<D>,
) -> Result<(), D::Err> {
    let [first, second] = moments;
    if adam_on_cpu(config, steps, parameter, [&mut *first, &mut *second], gradient) {
        return Ok(());
    }
    config.try_update(steps, parameter, first, second, gradient)
}

/// Whether an update of the parameter `p` was done: of those tensors that have a name in [`crate::tensor`].
macro_rules! as_what_it_is {
    ($p:ident, $update:expr) => {
        if let Some($p) = $p.downcast_mut::<Vector<Cpu>>() {
            $update
        } else if let Some($p) = $p.downcast_mut::<Matrix<Cpu>>() {
            $update
        } else if let Some($p) = $p.downcast_mut::<Sequences<Cpu>>() {
            $update
        } else if let Some($p) = $p.downcast_mut::<Images<Cpu>>() {
            $update
        } else {
            false
        }
    };
}

/// Whether it was done: for the CPU's tensors whose sizes are known at run time.
fn sgd_on_cpu(config: &SgdConfig, p: &mut dyn Any, v: &mut dyn Any, g: &dyn Any) -> bool {
    let (Some(v), Some(g)) = (v.downcast_mut::<Elements<Cpu>>(), g.downcast_ref::<Elements<Cpu>>()) else {
        return false;
    };
    as_what_it_is!(p, config.try_update(p, v, g).is_ok())
}

/// The same for Adam.
fn adam_on_cpu(
    config: &AdamConfig,
    steps: i32,
    p: &mut dyn Any,
    [first, second]: [&mut dyn Any; 2],
    g: &dyn Any,
) -> bool {
    let moments = (first.downcast_mut::<Elements<Cpu>>(), second.downcast_mut::<Elements<Cpu>>());
    let ((Some(m), Some(v)), Some(g)) = (moments, g.downcast_ref::<Elements<Cpu>>()) else { return false };
    as_what_it_is!(p, config.try_update(steps, p, m, v, g).is_ok())
}
