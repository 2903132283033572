//! Activations, element by element. The CPU's programs use vector instructions and all threads.

use dfdx::prelude::*;
use rayon::prelude::*;

use crate::math;
use crate::own::{alone, own};
use crate::tape::{open, values};
use crate::threads::BLOCK;

/// Activations.
pub trait ActivationOps: Device<f32> {
    /// `max(x, 0)`, with slope 0 at 0; NaN stays NaN (dfdx's `relu` makes it 0).
    fn relu<S: Shape, T: Tape<f32, Self>>(x: Tensor<S, f32, Self, T>) -> Tensor<S, f32, Self, T> {
        relu(x)
    }

    /// `min(max(x, 0), 6)`, with slope 0 at 0 and 6.
    fn relu6<S: Shape, T: Tape<f32, Self>>(x: Tensor<S, f32, Self, T>) -> Tensor<S, f32, Self, T> {
        (relu(relu(x).negate() + 6.0) - 6.0).negate()
    }

    /// `1 / (1 + e⁻ˣ)`.
    fn sigmoid<S: Shape, T: Tape<f32, Self>>(x: Tensor<S, f32, Self, T>) -> Tensor<S, f32, Self, T> {
        x.sigmoid()
    }

    /// The hyperbolic tangent.
    fn tanh<S: Shape, T: Tape<f32, Self>>(x: Tensor<S, f32, Self, T>) -> Tensor<S, f32, Self, T> {
        x.tanh()
    }
}

#[cfg(feature = "cuda")]
impl ActivationOps for Cuda {}

/// [`ActivationOps::relu`] from dfdx's operations: a choice. Not `x.relu()`, which turns NaN into 0.
pub fn relu<S: Shape, D: Device<f32>, T: Tape<f32, D>>(x: Tensor<S, f32, D, T>) -> Tensor<S, f32, D, T> {
    let zeros: Tensor<S, f32, D> = x.device().zeros_like(x.shape());
    let (x, tape) = x.split_tape();
    x.le(0.0).choose(zeros.retaped::<T>(), x.put_tape(tape))
}

impl ActivationOps for Cpu {
    fn relu<S: Shape, T: Tape<f32, Cpu>>(x: Tensor<S, f32, Cpu, T>) -> Tensor<S, f32, Cpu, T> {
        match own(|own| own.relu) {
            Some(relu) => {
                let (shape, n) = (*x.shape(), x.shape().num_elements());
                alone(x.reshape_like(&(n,)), relu).reshape_like(&shape)
            }
            None => unary(x, positive, step),
        }
    }

    fn relu6<S: Shape, T: Tape<f32, Cpu>>(x: Tensor<S, f32, Cpu, T>) -> Tensor<S, f32, Cpu, T> {
        let inside = |y: f32| if y > 0.0 && y < 6.0 { 1.0 } else { 0.0 };
        unary(x, |x| if x > 6.0 { 6.0 } else { positive(x) }, inside)
    }

    fn sigmoid<S: Shape, T: Tape<f32, Cpu>>(x: Tensor<S, f32, Cpu, T>) -> Tensor<S, f32, Cpu, T> {
        unary(x, math::sigmoid, |y| y * (1.0 - y))
    }

    fn tanh<S: Shape, T: Tape<f32, Cpu>>(x: Tensor<S, f32, Cpu, T>) -> Tensor<S, f32, Cpu, T> {
        unary(x, math::tanh, |y| 1.0 - y * y)
    }
}

/// An element-wise function `y = f(x)` whose derivative `slope(y)` follows from its value.
fn unary<S: Shape, T: Tape<f32, Cpu>>(
    x: Tensor<S, f32, Cpu, T>,
    f: impl Fn(f32) -> f32 + Sync,
    slope: impl Fn(f32) -> f32 + Sync + 'static,
) -> Tensor<S, f32, Cpu, T> {
    let (x, mut elements, mut tape) = open(x);
    elements.par_chunks_mut(BLOCK).for_each(|block| block.iter_mut().for_each(|x| *x = f(*x)));
    let y: Tensor<S, f32, Cpu> = x.device().tensor_from_vec(elements, *x.shape());
    if T::OWNS_TAPE {
        let (x, output) = (x.ghost(), y.clone());
        tape.add_backward_op(move |gradients| {
            let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
            let y = values(&output);
            let d_x = gradients.get_or_alloc_mut(&x)?.par_chunks_mut(BLOCK);
            d_x.zip(d_y.par_chunks(BLOCK)).zip(y.par_chunks(BLOCK)).for_each(|((d_x, d_y), y)| {
                d_x.iter_mut().zip(d_y).zip(y).for_each(|((d_x, d_y), y)| *d_x += d_y * slope(*y));
            });
            **gradients.get_or_alloc_mut(&output)? = d_y;
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// An element-wise function that grows with its argument and whose slope follows from its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `z`
    Identity,
    /// `max(z, 0)`; NaN stays NaN
    Relu,
    /// The hyperbolic tangent
    Tanh,
}

impl Activation {
    /// Each element's value in its place.
    pub(crate) fn apply(self, z: &mut [f32]) {
        match self {
            Activation::Identity => {}
            Activation::Relu => z.iter_mut().for_each(|z| *z = positive(*z)),
            Activation::Tanh => z.iter_mut().for_each(|z| *z = math::tanh(*z)),
        }
    }

    /// Multiplies each element of `d` by the slope where the value is `y`.
    pub(crate) fn backward(self, d: &mut [f32], y: &[f32]) {
        let pairs = d.iter_mut().zip(y);
        match self {
            Activation::Identity => {}
            Activation::Relu => pairs.for_each(|(d, y)| *d *= step(*y)),
            Activation::Tanh => pairs.for_each(|(d, y)| *d *= 1.0 - y * y),
        }
    }
}

fn positive(x: f32) -> f32 {
    if x <= 0.0 { 0.0 } else { x }
}

fn step(y: f32) -> f32 {
    if y > 0.0 { 1.0 } else { 0.0 }
}
