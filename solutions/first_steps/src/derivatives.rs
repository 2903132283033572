//! Gradients: worked out by hand, read off a tape, and kept when a tensor is used twice.

use dfdx::prelude::*;
use toolkit::tensor::Vector;

/// How badly the line `slope · x + intercept` fits: the mean of the squared errors.
///
/// ```text
/// eᵢ   = slope · xᵢ + intercept − targetᵢ
/// loss = (e₀² + e₁² + …) / n
/// ```
///
/// There are n ≥ 1 points: `x` and `targets` have the same length.
///
/// Source: lecture, section 3; Gauss 1809.
///
/// ```
/// use first_steps::derivatives::line_loss;
/// // y = 2x + 1 says 1 at 0 and 7 at 3: errors 1 − 2 and 7 − 4.
/// assert_eq!(line_loss(2.0, 1.0, &[0.0, 3.0], &[2.0, 4.0]), 5.0); // ((−1)² + 3²) / 2
/// ```
pub fn line_loss(slope: f32, intercept: f32, x: &[f32], targets: &[f32]) -> f32 {
    let squares = x.iter().zip(targets).map(|(x, target)| (slope * x + intercept - target).powi(2));
    squares.sum::<f32>() / x.len() as f32
}

/// The gradient of [`line_loss`]: how fast the loss grows when the slope grows, and when the intercept does.
///
/// ```text
/// ∂loss/∂slope     = 2 · (e₀ · x₀ + e₁ · x₁ + …) / n
/// ∂loss/∂intercept = 2 · (e₀ + e₁ + …) / n
/// ```
///
/// The result is that pair, (for the slope, for the intercept).
///
/// Source: lecture, section 3; Gauss 1809.
///
/// ```
/// use first_steps::derivatives::gradient_by_hand;
/// // The errors are −1 at 0 and 3 at 3.
/// let gradient = gradient_by_hand(2.0, 1.0, &[0.0, 3.0], &[2.0, 4.0]);
/// assert_eq!(gradient, (9.0, 2.0)); // 2 · (−1 · 0 + 3 · 3) / 2 and 2 · (−1 + 3) / 2
/// ```
pub fn gradient_by_hand(slope: f32, intercept: f32, x: &[f32], targets: &[f32]) -> (f32, f32) {
    let (mut for_slope, mut for_intercept) = (0.0, 0.0);
    for (x, target) in x.iter().zip(targets) {
        let error = slope * x + intercept - target;
        for_slope += error * x;
        for_intercept += error;
    }
    let n = x.len() as f32;
    (2.0 * for_slope / n, 2.0 * for_intercept / n)
}

/// The gradient of a neuron's loss, by the tape: the pair (for the weight, for the bias).
///
/// ```text
/// yᵢ   = tanh(weight · xᵢ + bias)
/// loss = ((y₀ − target₀)² + (y₁ − target₁)² + …) / n
/// ```
///
/// Shapes: `weight` and `bias` are single numbers (`Rank0`), `x` and `targets` (n,), n ≥ 1.
///
/// Compute the loss with dfdx, starting from `weight.leaky_trace()` and `bias.leaky_trace()`, call `backward()`, and ask
/// for both gradients. A single number is repeated n times by `broadcast_like::<(usize,), Axis<0>>(x.shape())`. In an
/// operation of two tensors the one with the tape stands on the left.
///
/// Source: lecture, section 4; Rumelhart, Hinton & Williams 1986.
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::derivatives::gradient_by_tape;
/// let dev = Cpu::default();
/// let (weight, bias) = (dev.tensor(0.0), dev.tensor(0.0));
/// let (x, targets) = (dev.tensor_from_vec(vec![1.0, 2.0], (2,)), dev.tensor_from_vec(vec![0.5, -0.25], (2,)));
/// // Here y is 0 and tanh has the slope 1: 2 · (−0.5 · 1 + 0.25 · 2) / 2 and 2 · (−0.5 + 0.25) / 2
/// assert_eq!(gradient_by_tape(&weight, &bias, &x, &targets), (0.0, -0.25));
/// ```
pub fn gradient_by_tape(
    weight: &Tensor<Rank0, f32, Cpu>,
    bias: &Tensor<Rank0, f32, Cpu>,
    x: &Vector<Cpu>,
    targets: &Vector<Cpu>,
) -> (f32, f32) {
    let weights = weight.leaky_trace().broadcast_like::<(usize,), Axis<0>>(x.shape());
    let biases = bias.leaky_trace().broadcast_like::<(usize,), Axis<0>>(x.shape());
    let y = (weights * x.clone() + biases).tanh();
    let loss = (y - targets.clone()).square().mean::<Rank0, _>();
    let gradients = loss.backward();
    (gradients.get(weight).array(), gradients.get(bias).array())
}

/// A curve that rises and falls again, element by element:
///
/// ```text
/// y = x / (1 + x²)
/// ```
///
/// Any shape, and any tape: where `x` carries one, the gradient reaches `x` through both of its uses.
///
/// Source: lecture, section 5.
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::derivatives::used_twice;
/// let dev = Cpu::default();
/// let x = dev.tensor([0.0, 1.0, 2.0]);
/// let y = used_twice(x.leaky_trace());
/// assert_eq!(y.array(), [0.0, 0.5, 0.4]);
/// let gradients = y.sum::<Rank0, _>().backward();
/// assert_eq!(gradients.get(&x).array()[..2], [1.0, 0.0]); // steepest at 0, the top at 1
/// ```
pub fn used_twice<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<S, f32, D, T>,
) -> Tensor<S, f32, D, T> {
    let below = x.retaped::<T>().square() + 1.0;
    x / below
}
