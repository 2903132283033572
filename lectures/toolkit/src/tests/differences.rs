//! Against plain float64 programs and their finite differences, on shapes drawn at random.

use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{close, oracle};
use crate::ops::{
    Activation, ActivationOps, BiasOps, ConvBlock, ConvConfig, ConvOps, DenseOps, DepthwiseOps, EmbeddingOps,
    LossOps, LstmOps, LstmWeights, PoolConfig, PoolOps, Pooling, TimeStepOps, composition,
};
use crate::tape::backward_from;
use crate::tensor::{Images, Indices, Matrix, Sequences, Vector};

/// Draws shapes and numbers, and keeps the numbers for the oracle.
struct Draw(StdRng, Vec<Vec<f64>>);

impl Draw {
    fn new(seed: u64) -> Self {
        Draw(StdRng::seed_from_u64(seed), vec![])
    }

    fn size(&mut self, range: std::ops::RangeInclusive<usize>) -> usize {
        self.0.gen_range(range)
    }

    /// Multiples of 1/64 that are all different within a tensor of less than 256 numbers: no ties, no rounding.
    fn tensor<S: Shape>(&mut self, shape: S) -> Tensor<S, f32, Cpu> {
        let mut numbers: Vec<f32> =
            (0..shape.num_elements()).map(|k| (k as f32 % 256.0 - 127.5) / 64.0).collect();
        rand::seq::SliceRandom::shuffle(numbers.as_mut_slice(), &mut self.0);
        self.1.push(numbers.iter().map(|&number| f64::from(number)).collect());
        Cpu::default().tensor_from_vec(numbers, shape)
    }

    fn indices(&mut self, n: usize, below: usize) -> (Vec<usize>, Indices<Cpu>) {
        let indices: Vec<usize> = (0..n).map(|_| self.0.gen_range(0..below)).collect();
        (indices.clone(), Cpu::default().tensor_from_vec(indices, (n,)))
    }

    /// Compares a result and the gradients of ⟨result, d_y⟩ with those of `f`, a function of all that was drawn.
    fn check<S: Shape>(
        mut self,
        y: Tensor<S, f32, Cpu, super::Traced>,
        f: impl Fn(&[Vec<f64>]) -> Vec<f64>,
        gradient_of: impl Fn(&Gradients<f32, Cpu>) -> Vec<Vec<f32>>,
    ) {
        close("y", &y.as_vec(), &f(&self.1), 4e-6);
        let inputs = self.1.clone();
        let d_y = self.tensor(*y.shape());
        let want = oracle::gradients(f, &inputs, self.1.last().unwrap());
        let got = gradient_of(&backward_from(y, d_y));
        for (part, (got, want)) in got.iter().zip(&want).enumerate() {
            close(&format!("gradient of input {part}"), got, want, 4e-6);
        }
        assert_eq!(got.len(), want.len());
    }
}

#[test]
fn conv2d() {
    for seed in 0..20 {
        let mut draw = Draw::new(seed);
        let (stride, padding) = (draw.size(1..=3), draw.size(0..=2));
        let (kh, kw) = (draw.size(1..=3), draw.size(1..=3));
        let (n, h, w) = (draw.size(1..=3), draw.size(kh..=6), draw.size(kw..=6));
        let (inputs, filters) = (draw.size(1..=2), draw.size(1..=7));
        let x: Images<Cpu> = draw.tensor((n, h, w, inputs));
        let kernel: Images<Cpu> = draw.tensor((kh, kw, inputs, filters));
        let bias: Vector<Cpu> = draw.tensor((filters,));
        let y = Cpu::conv2d(x.leaky_trace(), &kernel, &bias, ConvConfig { stride, padding });
        let pixels = y.shape().1 * y.shape().2 * n;
        let f = |v: &[Vec<f64>]| {
            let mut y = v[2].repeat(pixels);
            oracle::windows((n, h, w), (kh, kw), (stride, padding), |to, tap, from| {
                for (c, o) in (0..inputs * filters).map(|k| (k / filters, k % filters)) {
                    y[to * filters + o] += v[0][from * inputs + c] * v[1][(tap * inputs + c) * filters + o];
                }
            });
            y
        };
        draw.check(y, f, |g| vec![g.get(&x).as_vec(), g.get(&kernel).as_vec(), g.get(&bias).as_vec()]);
    }
}

#[test]
fn pooling() {
    for seed in 0..20 {
        let mut draw = Draw::new(seed);
        let (size, stride, largest) = (draw.size(1..=3), draw.size(1..=3), seed % 2 == 0);
        let (n, h, w, c) = (draw.size(1..=2), draw.size(size..=7), draw.size(size..=6), draw.size(1..=3));
        let x: Images<Cpu> = draw.tensor((n, h, w, c));
        let pool = if largest { Cpu::max_pool2d } else { Cpu::avg_pool2d };
        let y = pool(x.leaky_trace(), PoolConfig { size, stride });
        let count = y.shape().num_elements();
        let f = |v: &[Vec<f64>]| {
            let mut y = vec![if largest { f64::NEG_INFINITY } else { 0.0 }; count];
            oracle::windows((n, h, w), (size, size), (stride, 0), |to, _, from| {
                for k in 0..c {
                    let (y, x) = (&mut y[to * c + k], v[0][from * c + k]);
                    *y = if largest { y.max(x) } else { *y + x / (size * size) as f64 };
                }
            });
            y
        };
        draw.check(y, f, |g| vec![g.get(&x).as_vec()]);
    }
}

#[test]
fn conv_block() {
    let activations = [Activation::Identity, Activation::Relu, Activation::Tanh];
    let poolings =
        [Pooling::None, Pooling::Max(2), Pooling::Average(2), Pooling::Max(3), Pooling::Average(1)];
    for seed in 0..30 {
        let mut draw = Draw::new(seed);
        let (activation, pooling) = (activations[seed as usize % 3], poolings[seed as usize % 5]);
        let (stride, padding) = (draw.size(1..=2), draw.size(0..=1));
        let (n, side, c, filters) = (draw.size(1..=3), draw.size(7..=8), draw.size(1..=2), draw.size(1..=7));
        let x: Images<Cpu> = draw.tensor((n, side, side + 1, c));
        let kernel: Images<Cpu> = draw.tensor((3, 2, c, filters));
        let bias: Vector<Cpu> = draw.tensor((filters,));
        let block = ConvBlock { conv: ConvConfig { stride, padding }, activation, pooling };
        let y = Cpu::conv_block(x.leaky_trace(), &kernel, &bias, block);
        let (oh, ow) = ((side + 2 * padding - 3) / stride + 1, (side + 1 + 2 * padding - 2) / stride + 1);
        let f = |v: &[Vec<f64>]| {
            let mut z = v[2].repeat(n * oh * ow);
            oracle::windows((n, side, side + 1), (3, 2), (stride, padding), |to, tap, from| {
                for (k, o) in (0..c * filters).map(|k| (k / filters, k % filters)) {
                    z[to * filters + o] += v[0][from * c + k] * v[1][(tap * c + k) * filters + o];
                }
            });
            let activate = |z: &f64| match activation {
                Activation::Identity => *z,
                Activation::Relu => z.max(0.0),
                Activation::Tanh => z.tanh(),
            };
            pooled(&z.iter().map(activate).collect::<Vec<_>>(), (n, oh, ow), filters, pooling)
        };
        draw.check(y, f, |g| vec![g.get(&x).as_vec(), g.get(&kernel).as_vec(), g.get(&bias).as_vec()]);
    }
}

#[test]
fn depthwise_conv2d() {
    for seed in 0..20 {
        let mut draw = Draw::new(seed);
        let (stride, padding) = (draw.size(1..=3), draw.size(0..=2));
        let (kh, kw, c) = (draw.size(1..=3), draw.size(1..=3), draw.size(1..=4));
        let (n, h, w) = (draw.size(1..=3), draw.size(kh..=5), draw.size(kw..=4));
        let x: Images<Cpu> = draw.tensor((n, h, w, c));
        let kernel: Sequences<Cpu> = draw.tensor((kh, kw, c));
        let bias: Vector<Cpu> = draw.tensor((c,));
        let f = |v: &[Vec<f64>]| {
            let mut y = v[2]
                .repeat(n * ((h + 2 * padding - kh) / stride + 1) * ((w + 2 * padding - kw) / stride + 1));
            oracle::windows((n, h, w), (kh, kw), (stride, padding), |to, tap, from| {
                (0..c).for_each(|k| y[to * c + k] += v[0][from * c + k] * v[1][tap * c + k]);
            });
            y
        };
        let convolve = if seed % 2 == 0 { composition::depthwise_conv2d } else { Cpu::depthwise_conv2d };
        let y = convolve(x.leaky_trace(), &kernel, &bias, ConvConfig { stride, padding });
        draw.check(y, f, |g| vec![g.get(&x).as_vec(), g.get(&kernel).as_vec(), g.get(&bias).as_vec()]);
    }
}

fn pooled(z: &[f64], (n, h, w): (usize, usize, usize), c: usize, pooling: Pooling) -> Vec<f64> {
    let (size, largest) = match pooling {
        Pooling::None => (1, false),
        Pooling::Max(size) => (size, true),
        Pooling::Average(size) => (size, false),
    };
    let mut y = vec![if largest { f64::NEG_INFINITY } else { 0.0 }; n * (h / size) * (w / size) * c];
    oracle::windows((n, h, w), (size, size), (size, 0), |to, _, from| {
        for k in 0..c {
            let (y, z) = (&mut y[to * c + k], z[from * c + k]);
            *y = if largest { y.max(z) } else { *y + z / (size * size) as f64 };
        }
    });
    y
}

#[test]
fn linear_and_activations() {
    for seed in 0..12 {
        let mut draw = Draw::new(seed);
        let (n, inputs, outputs) = (draw.size(1..=9), draw.size(1..=9), draw.size(1..=9));
        let x: Matrix<Cpu> = draw.tensor((n, inputs));
        let weight: Matrix<Cpu> = draw.tensor((inputs, outputs));
        let bias: Vector<Cpu> = draw.tensor((outputs,));
        let y = Cpu::linear(x.leaky_trace(), &weight, &bias);
        let (y, activation): (_, fn(f64) -> f64) = match seed % 4 {
            0 => (Cpu::sigmoid(y), |z| 1.0 / (1.0 + (-z).exp())),
            1 => (Cpu::tanh(y), f64::tanh),
            2 => (Cpu::relu6(y), |z| z.clamp(0.0, 6.0)),
            _ => (Cpu::bias_add(y, &bias), |z| z),
        };
        let twice = if seed % 4 == 3 { 2.0 } else { 1.0 };
        let f = |v: &[Vec<f64>]| {
            let products = oracle::matmul(&v[0], &v[1], inputs, outputs);
            products.iter().zip(v[2].iter().cycle()).map(|(z, b)| activation(z + twice * b)).collect()
        };
        draw.check(y, f, |g| vec![g.get(&x).as_vec(), g.get(&weight).as_vec(), g.get(&bias).as_vec()]);
    }
}

#[test]
fn softmax_cross_entropy() {
    for seed in 0..8 {
        let mut draw = Draw::new(seed);
        let (n, classes) = (draw.size(1..=9), draw.size(1..=9));
        let (targets, indices) = draw.indices(n, classes);
        let x: Matrix<Cpu> = draw.tensor((n, classes));
        let y = Cpu::softmax_cross_entropy(x.leaky_trace(), &indices);
        draw.check(y, |v| vec![oracle::cross_entropy(&v[0], &targets)], |g| vec![g.get(&x).as_vec()]);
    }
}

#[test]
fn embedding() {
    for seed in 0..8 {
        let mut draw = Draw::new(seed);
        let (rows, width, n) = (draw.size(1..=9), draw.size(1..=5), draw.size(1..=12));
        let (rows_read, indices) = draw.indices(n, rows);
        let table: Matrix<Cpu> = draw.tensor((rows, width));
        let y = Cpu::embedding(table.leaky_trace(), &indices);
        let f =
            |v: &[Vec<f64>]| rows_read.iter().flat_map(|row| v[0][row * width..][..width].to_vec()).collect();
        draw.check(y, f, |g| vec![g.get(&table).as_vec()]);
    }
}

#[test]
fn lstm_and_its_last_step() {
    for seed in 0..8 {
        let mut draw = Draw::new(seed);
        let (n, steps, features, width) =
            (draw.size(1..=5), draw.size(1..=4), draw.size(1..=3), draw.size(1..=3));
        let x: Sequences<Cpu> = draw.tensor((n, steps, features));
        let input = draw.tensor((features, 4 * width));
        let hidden = draw.tensor((width, 4 * width));
        let weights = LstmWeights { input, hidden, bias: draw.tensor((4 * width,)) };
        let y = Cpu::time_step(Cpu::lstm(x.leaky_trace(), &weights), steps - 1);
        let f = |v: &[Vec<f64>]| {
            let states = oracle::lstm(&v[0], &v[1..], steps, features);
            states.chunks(steps * width).flat_map(|states| states[(steps - 1) * width..].to_vec()).collect()
        };
        let LstmWeights { input, hidden, bias } = &weights;
        draw.check(y, f, |g| {
            vec![g.get(&x).as_vec(), g.get(input).as_vec(), g.get(hidden).as_vec(), g.get(bias).as_vec()]
        });
    }
}

#[test]
fn lstm_from_states() {
    for seed in 0..16 {
        let mut draw = Draw::new(seed);
        // enough sequences for two threads, now and then
        let (n, steps, features, width) =
            (draw.size(1..=20), draw.size(1..=4), draw.size(1..=3), draw.size(1..=3));
        let x: Sequences<Cpu> = draw.tensor((n, steps, features));
        let (h, c): (Matrix<Cpu>, Matrix<Cpu>) = (draw.tensor((n, width)), draw.tensor((n, width)));
        let input = draw.tensor((features, 4 * width));
        let hidden = draw.tensor((width, 4 * width));
        let weights = LstmWeights { input, hidden, bias: draw.tensor((4 * width,)) };
        let lstm_from = if seed % 2 == 0 { composition::lstm_from } else { Cpu::lstm_from };
        let (states, cells) = lstm_from(x.leaky_trace(), (h.leaky_trace(), c.leaky_trace()), &weights);
        let y = (states.reshape_like(&(n, steps * width)), cells).concat_along(Axis::<1>);
        let f = |v: &[Vec<f64>]| {
            let (states, cells) = oracle::lstm_from(&v[0], (&v[1], &v[2]), &v[3..], steps);
            let rows = states.chunks(steps * width).zip(cells.chunks(width));
            rows.flat_map(|(states, cells)| [states, cells].concat()).collect()
        };
        let LstmWeights { input, hidden, bias } = &weights;
        draw.check(y, f, |g| {
            let begin = [g.get(&x).as_vec(), g.get(&h).as_vec(), g.get(&c).as_vec()];
            begin
                .into_iter()
                .chain([g.get(input).as_vec(), g.get(hidden).as_vec(), g.get(bias).as_vec()])
                .collect()
        });
    }
}
