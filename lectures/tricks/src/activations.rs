//! Activation functions and their slopes: why the sigmoid starves deep networks and the ReLU does not.

use dfdx::prelude::*;

/// The logistic sigmoid, element by element:
///
/// ```text
/// σ(x) = 1 / (1 + e⁻ˣ)
/// ```
///
/// Any shape. Values and gradients stay finite for |x| up to 10⁴, where `e⁻ˣ` alone would overflow. Each is right to a few
/// roundings of its own size, also where it is tiny: σ(−20) is 2.06 · 10⁻⁹ and not 0, and so on down to x = −87, where `f32`
/// ends; the slope at 20 is the same number. A tensor without elements comes back as it is: dfdx's `choose` would panic.
///
/// Write it without dfdx's own `sigmoid`.
///
/// Source: slide “ReLU and vanishing gradients”.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let y = tricks::activations::sigmoid(dev.tensor([-1000.0, 0.0, 1.0]));
/// assert_eq!(y.array()[..2], [0.0, 0.5]);
/// assert!((y.array()[2] - 0.7310586).abs() < 1e-6);
/// let tail = tricks::activations::sigmoid(dev.tensor([-20.0])).array()[0];
/// assert!((tail / 2.0611537e-9 - 1.0).abs() < 1e-5, "σ(−20) is 2.0611537e-9, and yours is {tail}");
/// ```
pub fn sigmoid<S: Shape, D: Device<f32>, T: Tape<f32, D>>(x: Tensor<S, f32, D, T>) -> Tensor<S, f32, D, T> {
    todo!()
}

/// The rectified linear unit, element by element:
///
/// ```text
/// relu(x) = max(0, x)
/// ```
///
/// Any shape; a tensor without elements comes back as it is (dfdx's `choose` would panic). The gradient at exactly 0 is 0.
///
/// Write it without dfdx's own `relu` and `prelu`.
///
/// Source: slide “ReLU and vanishing gradients”; Nair & Hinton 2010.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let y = tricks::activations::relu(dev.tensor([-2.0, 0.0, 3.0]));
/// assert_eq!(y.array(), [0.0, 0.0, 3.0]);
/// ```
pub fn relu<S: Shape, D: Device<f32>, T: Tape<f32, D>>(x: Tensor<S, f32, D, T>) -> Tensor<S, f32, D, T> {
    todo!()
}

/// The leaky rectified linear unit, element by element:
///
/// ```text
/// leaky_relu(x) = x          where x > 0
///                 slope · x  elsewhere
/// ```
///
/// Any shape, tensors without elements as for [`relu`]; `slope` is usually 0.01. Slope 0 gives [`relu`], slope 1 the
/// identity, and slopes above 1 are allowed.
///
/// Write it without dfdx's own `prelu`.
///
/// Source: slide “ReLU and vanishing gradients”; Maas, Hannun & Ng 2013.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let y = tricks::activations::leaky_relu(dev.tensor([-2.0, 0.0, 3.0]), 0.1);
/// assert_eq!(y.array(), [-0.2, 0.0, 3.0]);
/// ```
pub fn leaky_relu<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<S, f32, D, T>,
    slope: f32,
) -> Tensor<S, f32, D, T> {
    todo!()
}

/// The sigmoid's slope at `x`: `σ'(x) = σ(x) · (1 − σ(x))`, at most 1/4.
///
/// Any shape, also without elements. `x` is the sigmoid's *input*. Use it to see gradients vanish: ten layers multiply ten
/// such factors.
///
/// Write this slope and the three below as formulas, without `backward`.
///
/// Source: slide “ReLU and vanishing gradients”.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let slopes = tricks::activations::sigmoid_derivative(dev.tensor([0.0, 1000.0]));
/// assert_eq!(slopes.array(), [0.25, 0.0]);
/// ```
pub fn sigmoid_derivative<S: Shape, D: Device<f32>>(x: Tensor<S, f32, D>) -> Tensor<S, f32, D> {
    todo!()
}

/// The hyperbolic tangent's slope at `x`: `tanh'(x) = 1 − tanh²(x)`.
///
/// Any shape, also without elements. `x` is the *input* of tanh.
///
/// Source: slide “ReLU and vanishing gradients”.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let slopes = tricks::activations::tanh_derivative(dev.tensor([0.0, 1000.0]));
/// assert_eq!(slopes.array(), [1.0, 0.0]);
/// ```
pub fn tanh_derivative<S: Shape, D: Device<f32>>(x: Tensor<S, f32, D>) -> Tensor<S, f32, D> {
    todo!()
}

/// The slope of [`relu`] at `x`: 1 where `x > 0`, 0 elsewhere, and 0 at exactly 0.
///
/// Any shape, also without elements.
///
/// Source: slide “ReLU and vanishing gradients”.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let slopes = tricks::activations::relu_derivative(dev.tensor([-2.0, 0.0, 3.0]));
/// assert_eq!(slopes.array(), [0.0, 0.0, 1.0]);
/// ```
pub fn relu_derivative<S: Shape, D: Device<f32>>(x: Tensor<S, f32, D>) -> Tensor<S, f32, D> {
    todo!()
}

/// The slope of [`leaky_relu`] at `x`: 1 where `x > 0`, `slope` where `x < 0`; at exactly 0 either will do.
///
/// Any shape, also without elements.
///
/// Source: slide “ReLU and vanishing gradients”.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let slopes = tricks::activations::leaky_relu_derivative(dev.tensor([-2.0, 3.0]), 0.1);
/// assert_eq!(slopes.array(), [0.1, 1.0]);
/// ```
pub fn leaky_relu_derivative<S: Shape, D: Device<f32>>(
    x: Tensor<S, f32, D>,
    slope: f32,
) -> Tensor<S, f32, D> {
    todo!()
}
