//! Where weights start: Xavier, He, and what happens to a signal fifty layers down.

use std::{error::Error, fmt, iter::repeat_with};

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng};
use rand_distr::StandardNormal;
use toolkit::tensor::Matrix;

/// A nonlinearity that [`calculate_gain`] knows no gain for, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsupportedNonlinearity(pub String);

impl fmt::Display for UnsupportedNonlinearity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unsupported nonlinearity `{}`", self.0)
    }
}

impl Error for UnsupportedNonlinearity {}

/// What follows each layer of the network that [`signal_propagation`] looks into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// The hyperbolic tangent.
    Tanh,
    /// The rectified linear unit.
    Relu,
}

/// The factor by which the weights before a nonlinearity must be scaled up to make good for what it takes from the
/// signal's standard deviation:
///
/// ```text
/// linear, sigmoid                                          1
/// conv1d, conv2d, conv3d                                   1
/// conv_transpose1d, conv_transpose2d, conv_transpose3d     1
/// tanh                                                     5/3
/// relu                                                     √2
/// leaky_relu                                               √(2 / (1 + slope²))
/// ```
///
/// Only `leaky_relu` looks at `slope`; `None` is the usual slope of 0.01. Names are matched letter by letter, as
/// PyTorch does. Any other name is an `Err` that carries it.
///
/// Source: slide “`calculate_gain`”; PyTorch's `torch.nn.init.calculate_gain`.
///
/// ```
/// use tricks::initialization::calculate_gain;
/// assert_eq!(calculate_gain("linear", None), Ok(1.0));
/// assert_eq!(calculate_gain("leaky_relu", Some(1.0)), Ok(1.0));
/// assert!(calculate_gain("staircase", None).is_err());
/// ```
pub fn calculate_gain(nonlinearity: &str, slope: Option<f32>) -> Result<f32, UnsupportedNonlinearity> {
    match nonlinearity {
        "linear" | "sigmoid" => Ok(1.0),
        "conv1d" | "conv2d" | "conv3d" => Ok(1.0),
        "conv_transpose1d" | "conv_transpose2d" | "conv_transpose3d" => Ok(1.0),
        "tanh" => Ok(5.0 / 3.0),
        "relu" => Ok(2.0_f32.sqrt()),
        "leaky_relu" => {
            let slope = slope.unwrap_or(0.01);
            Ok((2.0 / (1.0 + slope * slope)).sqrt())
        }
        other => Err(UnsupportedNonlinearity(other.to_owned())),
    }
}

/// How many inputs feed one output (`fan_in`), and how many outputs one input feeds (`fan_out`):
///
/// ```text
/// shape of the weights               fan_in        fan_out
/// (in, out)                          in            out           a dense layer
/// (length, in, out)                  length · in   length · out  a 1-d convolution
/// (height, width, in, out)           area · in     area · out    a 2-d convolution, area = height · width
/// ```
///
/// Any number of axes: the last two are channels, the product of all before them is the kernel's area. As in Keras, a
/// vector counts its length for both fans, and a scalar counts 1.
///
/// Source: slide “Xavier”; Keras's `compute_fans`.
///
/// ```
/// use tricks::initialization::fans;
/// assert_eq!(fans(&[784, 512]), (784, 512));
/// assert_eq!(fans(&[3, 3, 16, 32]), (144, 288));
/// ```
pub fn fans(shape: &[usize]) -> (usize, usize) {
    match shape {
        [] => (1, 1),
        [length] => (*length, *length),
        [kernel @ .., inputs, outputs] => {
            let area: usize = kernel.iter().product();
            (area * inputs, area * outputs)
        }
    }
}

/// Weights drawn from Xavier's (Glorot's) normal distribution:
///
/// ```text
/// w ~ N(0, std²),    std = gain · √(2 / (fan_in + fan_out))
/// ```
///
/// `shape` is (in, out) or a kernel's (…, in, out), see [`fans`]. The std is a compromise between 1/√fan_in, which keeps
/// the signal's size on its way forward, and 1/√fan_out, which keeps the gradient's on its way back. `gain` comes from
/// [`calculate_gain`]; a gain of 0 gives zeros.
///
/// All randomness comes from `rng`, which moves on: the same seed gives the same weights, the next call others. Draw on
/// the host and copy to `dev`.
///
/// Source: slide “Xavier”; Glorot & Bengio 2010.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let weights = tricks::initialization::xavier_normal((150, 50), 1.0, &dev, &mut rng);
/// assert_eq!(*weights.shape(), (150, 50));
/// let std = weights.stddev::<Rank0, _>(0.0).array();
/// assert!((std - 0.1).abs() < 0.01, "√(2/200) is 0.1, and yours is {std}");
/// ```
pub fn xavier_normal<S: Shape, D: Device<f32>>(
    shape: S,
    gain: f32,
    dev: &D,
    rng: &mut StdRng,
) -> Tensor<S, f32, D> {
    let (fan_in, fan_out) = fans_of(&shape);
    let std = gain * (2.0 / (fan_in + fan_out)).sqrt();
    fill(shape, dev, || std * rng.sample::<f32, _>(StandardNormal))
}

/// Weights drawn from Xavier's (Glorot's) uniform distribution:
///
/// ```text
/// w ~ U(−limit, limit),    limit = gain · √(6 / (fan_in + fan_out))
/// ```
///
/// That limit gives the same std as [`xavier_normal`]'s, because the std of U(−a, a) is a/√3. Shapes, `gain` and `rng`
/// as there; a gain of 0 gives zeros.
///
/// Write it without the toolkit's own `xavier_uniform`.
///
/// Source: slide “Xavier”; Glorot & Bengio 2010.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let weights = tricks::initialization::xavier_uniform((500, 100), 1.0, &dev, &mut rng);
/// let largest = weights.abs().max::<Rank0, _>().array();
/// assert!(0.09 < largest && largest <= 0.1, "√(6/600) is 0.1, and your largest weight is {largest}");
/// ```
pub fn xavier_uniform<S: Shape, D: Device<f32>>(
    shape: S,
    gain: f32,
    dev: &D,
    rng: &mut StdRng,
) -> Tensor<S, f32, D> {
    let (fan_in, fan_out) = fans_of(&shape);
    let limit = gain * (6.0 / (fan_in + fan_out)).sqrt();
    // Scaling U(−1, 1) also works for a limit of 0, where the range −limit..limit would be empty.
    fill(shape, dev, || limit * rng.gen_range(-1.0_f32..1.0))
}

/// Weights drawn from He's (Kaiming's) normal distribution, truncated as Keras's `he_normal` does:
///
/// ```text
/// w ~ N(0, σ²), drawn again while |w| > 2σ,    σ = √(2 / fan_in) / 0.87962566
/// ```
///
/// Without the tails the std is only 0.87962566 σ, so that division makes it √(2 / fan_in): relu silences half of the
/// inputs, and twice the variance makes good for it. Shapes and `rng` as for [`xavier_normal`].
///
/// Source: slide “He”; He, Zhang, Ren & Sun 2015; Keras's `he_normal`.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let weights = tricks::initialization::kaiming_normal((200, 50), &dev, &mut rng);
/// let std = weights.clone().stddev::<Rank0, _>(0.0).array();
/// assert!((std - 0.1).abs() < 0.005, "√(2/200) is 0.1, and yours is {std}");
/// let largest = weights.abs().max::<Rank0, _>().array();
/// assert!(largest < 0.2274, "0.2/0.87962566 is 0.22737, and your largest weight is {largest}");
/// ```
pub fn kaiming_normal<S: Shape, D: Device<f32>>(shape: S, dev: &D, rng: &mut StdRng) -> Tensor<S, f32, D> {
    /// The std of a standard normal that is cut off at ±2.
    const TRUNCATED_STD: f32 = 0.879_625_66_f64 as f32;

    let (fan_in, _) = fans_of(&shape);
    let std = (2.0 / fan_in).sqrt() / TRUNCATED_STD;
    fill(shape, dev, || {
        loop {
            let z: f32 = rng.sample(StandardNormal);
            if z.abs() <= 2.0 {
                break std * z;
            }
        }
    })
}

/// The size of the signal after every layer of a deep network without biases:
///
/// ```text
/// h₀ = x,    hₗ = activation(hₗ₋₁ · Wₗ),    result: std(h₁), std(h₂), …
/// ```
///
/// `x` is (batch, units), each layer (in, out). The std of hₗ is over all its elements, batch and units alike, after the
/// activation, about their mean, dividing by their number n (not n − 1). One number a layer, the first layer's first; no
/// layers, no numbers. Layers that don't fit each other panic, as any matrix product does.
///
/// Source: slide “ReLU and vanishing gradients”; Glorot & Bengio 2010, figures 2 and 6.
///
/// ```
/// use dfdx::prelude::*;
/// use tricks::initialization::{Activation, signal_propagation};
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![1.0, 3.0], (2, 1));
/// let twice = dev.tensor_from_vec(vec![2.0], (1, 1));
/// let stds = signal_propagation(x, &[twice.clone(), twice], Activation::Relu);
/// assert_eq!(stds, [2.0, 4.0]);
/// ```
pub fn signal_propagation<D: Device<f32>>(
    x: Matrix<D>,
    layers: &[Matrix<D>],
    activation: Activation,
) -> Vec<f32> {
    let mut signal = x;
    let mut stds = Vec::new();
    for weights in layers {
        let sums = signal.matmul(weights.clone());
        signal = match activation {
            Activation::Tanh => sums.tanh(),
            Activation::Relu => sums.relu(),
        };
        let std = signal.clone().stddev::<Rank0, _>(0.0);
        stds.extend(std.as_vec());
    }
    stds
}

/// [`fans`] as numbers to calculate with.
fn fans_of(shape: &impl Shape) -> (f32, f32) {
    let lengths: Vec<usize> = shape.concrete().into_iter().collect();
    let (fan_in, fan_out) = fans(&lengths);
    (fan_in as f32, fan_out as f32)
}

/// A tensor whose elements come from `draw`, one after the other.
fn fill<S: Shape, D: Device<f32>>(shape: S, dev: &D, draw: impl FnMut() -> f32) -> Tensor<S, f32, D> {
    let values = repeat_with(draw).take(shape.num_elements()).collect();
    dev.tensor_from_vec(values, shape)
}
