//! The networks that `steps` times and `mnist` trains, of the toolkit's operations, and what the experiments share.

pub mod experiment;
pub mod vgg16;

use dfdx::prelude::*;
use rand_distr::Uniform;
use toolkit::ops::{
    Activation, ActivationOps, ConvBlock, ConvConfig, ConvOps, DenseOps, LstmOps, LstmWeights, Pooling,
    TimeStepOps,
};
use toolkit::optim::{Parameters, Visitor};
use toolkit::tensor::{Images, Matrix, Sequences, Vector};

/// Weights drawn from ±√(6 / (in + out)) (Xavier), zeros as bias.
fn uniform<S: Shape>(dev: &Cpu, shape: S, inputs: usize, outputs: usize) -> Tensor<S, f32, Cpu> {
    let limit = (6.0 / (inputs + outputs) as f32).sqrt();
    dev.sample_like(&shape, Uniform::new(-limit, limit))
}

/// Weights (in, out) and bias.
type Linear = (Matrix<Cpu>, Vector<Cpu>);
/// Kernel (height, width, in, out) and bias.
type Conv = (Images<Cpu>, Vector<Cpu>);

fn linear(dev: &Cpu, inputs: usize, outputs: usize) -> Linear {
    (uniform(dev, (inputs, outputs), inputs, outputs), dev.zeros_like(&(outputs,)))
}

fn conv(dev: &Cpu, size: usize, inputs: usize, filters: usize) -> Conv {
    let area = size * size;
    let kernel = uniform(dev, (size, size, inputs, filters), area * inputs, area * filters);
    (kernel, dev.zeros_like(&(filters,)))
}

fn flatten<T: Tape<f32, Cpu>>(x: Images<Cpu, T>) -> Matrix<Cpu, T> {
    let (n, h, w, c) = *x.shape();
    x.reshape_like(&(n, h * w * c))
}

/// A classifier of images (n, 28, 28, 1).
pub trait Classifier: Parameters<Cpu> {
    /// The logits (n, 10); `tape` records how they come about.
    fn forward<T: Tape<f32, Cpu>>(&self, x: Images<Cpu>, tape: T) -> Matrix<Cpu, T>;
}

/// 784 – 512 – 10 with ReLU.
pub struct Mlp(Vec<Linear>);

impl Mlp {
    /// Drawn by the device.
    pub fn new(dev: &Cpu) -> Self {
        Mlp(vec![linear(dev, 784, 512), linear(dev, 512, 10)])
    }
}

impl Classifier for Mlp {
    fn forward<T: Tape<f32, Cpu>>(&self, x: Images<Cpu>, tape: T) -> Matrix<Cpu, T> {
        let [(w1, b1), (w2, b2)] = &self.0[..] else { panic!("two layers") };
        Cpu::linear(Cpu::relu(Cpu::linear_of_data(flatten(x), w1, b1, tape)), w2, b2)
    }
}

/// Convolutions and linear layers, one after the other.
pub struct Convolutional {
    convs: Vec<Conv>,
    linears: Vec<Linear>,
}

impl Parameters<Cpu> for Mlp {
    fn visit<V: Visitor<Cpu>>(&mut self, visitor: &mut V) -> Result<(), CpuError> {
        self.0.visit(visitor)
    }
}

impl Parameters<Cpu> for Convolutional {
    fn visit<V: Visitor<Cpu>>(&mut self, visitor: &mut V) -> Result<(), CpuError> {
        self.convs.visit(visitor)?;
        self.linears.visit(visitor)
    }
}

/// 3×3×32, 3×3×64, maximum of 2×2, 128, 10, with ReLU.
pub struct MnistCnn(Convolutional);

impl MnistCnn {
    /// Drawn by the device.
    pub fn new(dev: &Cpu) -> Self {
        let convs = vec![conv(dev, 3, 1, 32), conv(dev, 3, 32, 64)];
        MnistCnn(Convolutional { convs, linears: vec![linear(dev, 9216, 128), linear(dev, 128, 10)] })
    }
}

impl Parameters<Cpu> for MnistCnn {
    fn visit<V: Visitor<Cpu>>(&mut self, visitor: &mut V) -> Result<(), CpuError> {
        self.0.visit(visitor)
    }
}

impl Classifier for MnistCnn {
    fn forward<T: Tape<f32, Cpu>>(&self, x: Images<Cpu>, tape: T) -> Matrix<Cpu, T> {
        let [(k1, c1), (k2, c2)] = &self.0.convs[..] else { panic!("two convolutions") };
        let [(w1, b1), (w2, b2)] = &self.0.linears[..] else { panic!("two linear layers") };
        let block = ConvBlock {
            activation: Activation::Relu,
            ..ConvBlock::plain(ConvConfig { stride: 1, padding: 0 })
        };
        let x = Cpu::conv_block_of_data(x, k1, c1, block, tape);
        let x = Cpu::conv_block(x, k2, c2, ConvBlock { pooling: Pooling::Max(2), ..block });
        let x = Cpu::relu(Cpu::linear(flatten(x), w1, b1));
        Cpu::linear(x, w2, b2)
    }
}

/// LeNet-5 with tanh and average pooling.
pub struct LeNet5(Convolutional);

impl LeNet5 {
    /// Drawn by the device.
    pub fn new(dev: &Cpu) -> Self {
        let convs = vec![conv(dev, 5, 1, 6), conv(dev, 5, 6, 16)];
        let linears = vec![linear(dev, 400, 120), linear(dev, 120, 84), linear(dev, 84, 10)];
        LeNet5(Convolutional { convs, linears })
    }
}

impl Parameters<Cpu> for LeNet5 {
    fn visit<V: Visitor<Cpu>>(&mut self, visitor: &mut V) -> Result<(), CpuError> {
        self.0.visit(visitor)
    }
}

impl Classifier for LeNet5 {
    fn forward<T: Tape<f32, Cpu>>(&self, x: Images<Cpu>, tape: T) -> Matrix<Cpu, T> {
        let [(k1, c1), (k2, c2)] = &self.0.convs[..] else { panic!("two convolutions") };
        let [(w1, b1), (w2, b2), (w3, b3)] = &self.0.linears[..] else { panic!("three linear layers") };
        let (activation, pooling) = (Activation::Tanh, Pooling::Average(2));
        let block = |padding| ConvBlock { conv: ConvConfig { stride: 1, padding }, activation, pooling };
        let x = Cpu::conv_block_of_data(x, k1, c1, block(2), tape);
        let x = Cpu::conv_block(x, k2, c2, block(0));
        let x = Cpu::tanh(Cpu::linear(flatten(x), w1, b1));
        Cpu::linear(Cpu::tanh(Cpu::linear(x, w2, b2)), w3, b3)
    }
}

/// An LSTM reads 5 characters of 12; another writes 3 from its last state.
pub struct Seq2Seq {
    layers: Vec<LstmWeights<Cpu>>,
    output: Linear,
}

impl Seq2Seq {
    /// Drawn by the device.
    pub fn new(dev: &Cpu) -> Self {
        let layer = |inputs: usize| LstmWeights {
            input: uniform(dev, (inputs, 512), inputs, 512),
            hidden: uniform(dev, (128, 512), 128, 512),
            bias: dev.zeros_like(&(512,)),
        };
        Seq2Seq { layers: vec![layer(12), layer(128)], output: linear(dev, 128, 12) }
    }

    /// (n, 5, 12) gives (n · 3, 12).
    pub fn forward<T: Tape<f32, Cpu>>(&self, x: Sequences<Cpu, T>) -> Matrix<Cpu, T> {
        let n = x.shape().0;
        let last = Cpu::time_step(Cpu::lstm(x, &self.layers[0]), 4);
        let repeated = last.broadcast_like::<(usize, usize, usize), Axis<1>>(&(n, 3, 128));
        let states = Cpu::lstm(repeated, &self.layers[1]).reshape_like(&(n * 3, 128));
        Cpu::linear(states, &self.output.0, &self.output.1)
    }
}

impl Parameters<Cpu> for Seq2Seq {
    fn visit<V: Visitor<Cpu>>(&mut self, visitor: &mut V) -> Result<(), CpuError> {
        self.layers.visit(visitor)?;
        self.output.visit(visitor)
    }
}
