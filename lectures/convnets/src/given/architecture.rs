//! Given: the parts of which networks are made, layers, plans, and parameters by name.

use std::{collections::BTreeMap, error::Error, fmt};

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng};
use toolkit::tensor::{Images, Matrix, Vector};

use crate::classics::parameter_shapes;

/// A layer. Those with `filters` or `units` have weights and biases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// A window of `size` × `size` for each filter, with as many zeros on every side of the image as `padding` says.
    Convolution {
        /// Channels that come out.
        filters: usize,
        /// Height and width of the kernel.
        size: usize,
        /// Pixels from one window to the next.
        stride: usize,
        /// Zeros on each side.
        padding: usize,
    },
    /// Weighted sums of all numbers, each with a bias.
    Dense {
        /// How many sums.
        units: usize,
    },
    /// The hyperbolic tangent of each number.
    Tanh,
    /// max(x, 0) of each number.
    Relu,
    /// The largest of each window of `size` × `size`, channel by channel.
    MaxPool {
        /// Height and width of the window.
        size: usize,
        /// Pixels from one window to the next.
        stride: usize,
    },
    /// The mean of each window of `size` × `size`, channel by channel.
    AveragePool {
        /// Height and width of the window.
        size: usize,
        /// Pixels from one window to the next.
        stride: usize,
    },
    /// Zeros at random places while training. In use, as here, everything passes.
    Dropout,
}

/// A network's plan: layers on images, then a flatten, then layers on vectors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Architecture {
    /// The images it takes: (height, width, channels).
    pub input: (usize, usize, usize),
    /// From images to maps: everything but dense layers.
    pub features: Vec<Layer>,
    /// From the flattened maps to logits: dense layers, and what stands between them.
    pub classifier: Vec<Layer>,
}

/// What a layer learns.
#[derive(Clone, Debug)]
pub enum Parameter<D: Device<f32>> {
    /// A convolution's weights: (height, width, in, out).
    Kernel(Images<D>),
    /// A dense layer's weights: (in, out).
    Matrix(Matrix<D>),
    /// Biases: (out,).
    Bias(Vector<D>),
}

/// A plan and the parameters that belong to it, by name.
#[derive(Clone, Debug)]
pub struct Network<D: Device<f32>> {
    /// The plan.
    pub architecture: Architecture,
    /// As [`parameter_shapes`](crate::classics::parameter_shapes) names them.
    pub parameters: BTreeMap<String, Parameter<D>>,
}

/// Images of a size that the network was not made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongSize {
    /// What it takes: (height, width, channels).
    pub wanted: (usize, usize, usize),
    /// What it was given.
    pub found: (usize, usize, usize),
}

impl fmt::Display for WrongSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((h, w, c), (height, width, channels)) = (self.wanted, self.found);
        write!(f, "the network takes images of {h} × {w} × {c}, not of {height} × {width} × {channels}")
    }
}

impl Error for WrongSize {}

impl<D: Device<f32>> Parameter<D> {
    /// These numbers, the last axis fastest.
    ///
    /// # Panics
    /// When there are not as many as the shape says, or when it has neither four axes, nor two, nor one.
    pub fn new(shape: &[usize], values: Vec<f32>, dev: &D) -> Self {
        match *shape {
            [h, w, inputs, outputs] => Self::Kernel(dev.tensor_from_vec(values, (h, w, inputs, outputs))),
            [inputs, outputs] => Self::Matrix(dev.tensor_from_vec(values, (inputs, outputs))),
            [outputs] => Self::Bias(dev.tensor_from_vec(values, (outputs,))),
            _ => panic!("no parameter has the shape {shape:?}"),
        }
    }

    /// Its shape.
    pub fn shape(&self) -> Vec<usize> {
        match self {
            Self::Kernel(kernel) => kernel.shape().concrete().to_vec(),
            Self::Matrix(matrix) => matrix.shape().concrete().to_vec(),
            Self::Bias(bias) => bias.shape().concrete().to_vec(),
        }
    }
}

impl<D: Device<f32>> Network<D> {
    /// A network to train: weights drawn from ±√(6 / inputs) as He et al. 2015 have it, biases 0.
    pub fn new(architecture: Architecture, dev: &D, rng: &mut StdRng) -> Self {
        let mut draw = |shape: &[usize]| -> Vec<f32> {
            let [axes @ .., outputs] = shape else { return Vec::new() };
            let inputs: usize = axes.iter().product();
            let limit = (6.0 / inputs as f32).sqrt();
            let weights = (0..inputs * outputs).map(|_| rng.gen_range(-limit..limit));
            if axes.is_empty() { vec![0.0; *outputs] } else { weights.collect() }
        };
        let named = parameter_shapes(&architecture).into_iter();
        let parameters =
            named.map(|(name, shape)| (name, Parameter::new(&shape, draw(&shape), dev))).collect();
        Self { architecture, parameters }
    }

    /// How many numbers it learns.
    pub fn count(&self) -> usize {
        self.parameters.values().map(|parameter| parameter.shape().iter().product::<usize>()).sum()
    }

    /// The convolution's weights of this name.
    ///
    /// # Panics
    /// When there are none; and so do the next two.
    pub fn kernel(&self, name: &str) -> &Images<D> {
        match self.parameters.get(name) {
            Some(Parameter::Kernel(kernel)) => kernel,
            _ => panic!("the network has no kernel `{name}`"),
        }
    }

    /// The dense layer's weights of this name.
    pub fn matrix(&self, name: &str) -> &Matrix<D> {
        match self.parameters.get(name) {
            Some(Parameter::Matrix(matrix)) => matrix,
            _ => panic!("the network has no matrix `{name}`"),
        }
    }

    /// The biases of this name.
    pub fn bias(&self, name: &str) -> &Vector<D> {
        match self.parameters.get(name) {
            Some(Parameter::Bias(bias)) => bias,
            _ => panic!("the network has no biases `{name}`"),
        }
    }
}
