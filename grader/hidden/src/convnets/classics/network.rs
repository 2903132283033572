//! The oracle of convolutional networks: plain loops in double precision over a list of layers.

use crate::{Args, Suite, Tensor, as_it_is, convnets::convolution::Window, is_supposed, otherwise};

/// As in the call: kind, then up to four sizes.
pub type Layer = [usize; 5];

pub const fn conv(filters: usize, size: usize, stride: usize, padding: usize) -> Layer {
    [0, filters, size, stride, padding]
}

pub const fn dense(units: usize) -> Layer {
    [1, units, 0, 0, 0]
}

pub const TANH: Layer = [2, 0, 0, 0, 0];
pub const RELU: Layer = [3, 0, 0, 0, 0];
pub const DROPOUT: Layer = [6, 0, 0, 0, 0];

pub const fn max_pool(size: usize, stride: usize) -> Layer {
    [4, size, stride, 0, 0]
}

pub const fn average_pool(size: usize, stride: usize) -> Layer {
    [5, size, stride, 0, 0]
}

/// A plan of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub input: [usize; 3],
    pub features: Vec<Layer>,
    pub classifier: Vec<Layer>,
}

/// A batch of maps (n, h, w, c).
struct Maps {
    shape: [usize; 4],
    values: Vec<f64>,
}

impl Plan {
    /// The shapes of the maps before the first layer, and after each.
    pub fn shapes(&self) -> Vec<[usize; 3]> {
        let mut shapes = vec![self.input];
        for layer in &self.features {
            let [h, w, c] = shapes[shapes.len() - 1];
            let places = |length: usize, size, stride, padding| (length + 2 * padding - size) / stride + 1;
            shapes.push(match *layer {
                [0, filters, size, stride, padding] => {
                    [places(h, size, stride, padding), places(w, size, stride, padding), filters]
                }
                [4 | 5, size, stride, ..] => [places(h, size, stride, 0), places(w, size, stride, 0), c],
                _ => [h, w, c],
            });
        }
        shapes
    }

    /// Height, width and channels of what is flattened.
    pub fn maps(&self) -> [usize; 3] {
        self.shapes()[self.features.len()]
    }

    /// Names and shapes of all parameters.
    pub fn parameters(&self) -> Vec<(String, Vec<usize>)> {
        let mut parameters = vec![];
        let from = otherwise("layers were numbered from 1", 0, 1);
        let biases = |n: usize| otherwise("biases had one axis more", vec![n], vec![1, n]);
        let behind =
            otherwise("the classifier's numbers went on behind the features'", 0, self.features.len());
        for (i, (layer, [_, _, c])) in self.features.iter().zip(self.shapes()).enumerate() {
            if let [0, filters, size, ..] = *layer {
                let i = i + from;
                let shape = vec![size, size, c, filters];
                let shape =
                    otherwise("kernels had filters before channels", shape, vec![size, size, filters, c]);
                parameters.push((format!("features.{i}.weight"), shape));
                parameters.push((format!("features.{i}.bias"), biases(filters)));
            }
        }
        let mut inputs = self.maps().iter().product();
        for (i, layer) in self.classifier.iter().enumerate() {
            if let [1, units, ..] = *layer {
                let i = i + from + behind;
                let shape =
                    otherwise("matrices had units before inputs", vec![inputs, units], vec![units, inputs]);
                parameters.push((format!("classifier.{i}.weight"), shape));
                parameters.push((format!("classifier.{i}.bias"), biases(units)));
                inputs = units;
            }
        }
        parameters
    }

    /// The same plan with a fraction of the filters and units, for other images.
    pub fn narrowed(&self, divisor: usize, input: [usize; 3]) -> Self {
        let narrow = |layer: &Layer| match *layer {
            [kind @ (0 | 1), outputs, a, b, c] => [kind, outputs / divisor, a, b, c],
            other => other,
        };
        let (features, classifier) = (self.features.iter(), self.classifier.iter());
        Self { input, features: features.map(narrow).collect(), classifier: classifier.map(narrow).collect() }
    }

    /// The plan as arguments of a call.
    pub fn args(&self) -> Args {
        Args::new()
            .indexes("input", &self.input)
            .indexes("features", self.features.as_flattened())
            .indexes("classifier", self.classifier.as_flattened())
    }

    /// Adds images and random parameters that keep the signal's size.
    pub fn filled(&self, t: &mut Suite, args: Args, n: usize) -> Args {
        let [h, w, c] = self.input;
        let images = t.normal(&[n, h, w, c], 1.0);
        as_it_is(|| self.parameters()).into_iter().fold(args.tensor("x", images), |args, (name, shape)| {
            let inputs: usize = shape[..shape.len() - 1].iter().product();
            let std = if shape.len() == 1 { 0.2 } else { (2.0 / inputs as f64).sqrt() };
            args.tensor(&name, t.normal(&shape, std))
        })
    }

    /// The logits (n, classes), and the least distance of any number from a relu's or a maximum's kink.
    pub fn logits(&self, args: &Args) -> (Tensor, f64) {
        let x = args.get("x");
        let shape = [x.shape()[0], x.shape()[1], x.shape()[2], x.shape()[3]];
        let (mut x, mut margin) = (Maps { shape, values: x.iter().copied().collect() }, f64::INFINITY);
        for (i, layer) in self.features.iter().enumerate() {
            x = x.after(*layer, args, &format!("features.{i}"), &mut margin);
        }
        let [n, h, w, c] = x.shape;
        if is_supposed("maps were flattened column by column") {
            x.values = reordered(x.shape, &x.values, [2, 1, 3]);
        }
        if is_supposed("maps were flattened row by row, each row's channels before its columns") {
            x.values = reordered(x.shape, &x.values, [1, 3, 2]);
        }
        x.shape = [n, 1, 1, h * w * c];
        let last = self.classifier.iter().rposition(|layer| layer[0] == 1).unwrap_or_default();
        let until = otherwise("the classifier's activations were left out", false, true);
        for (i, layer) in self.classifier.iter().enumerate() {
            if until && i < last && matches!(layer[0], 2 | 3) {
                continue;
            }
            x = x.after(*layer, args, &format!("classifier.{i}"), &mut margin);
        }
        let shape = vec![n, x.shape[3]];
        (Tensor::from_shape_vec(shape, x.values).unwrap_or_default(), margin)
    }
}

impl Maps {
    /// What a layer of this name makes of the maps.
    fn after(self, layer: Layer, args: &Args, name: &str, margin: &mut f64) -> Self {
        let map = |x: Self, f: fn(f64) -> f64| Self { values: x.values.iter().map(|&x| f(x)).collect(), ..x };
        match layer {
            [0, _, size, stride, padding] => self.convolved(args, name, [size, stride, padding]),
            [1, ..] => self.convolved(args, name, [1, 1, 0]),
            [2, ..] => {
                let tanh = otherwise::<fn(f64) -> f64>("a sigmoid stood in place of tanh", f64::tanh, |x| {
                    1.0 / (1.0 + (-x).exp())
                });
                let tanh = otherwise("relu stood in place of tanh", tanh, |x| x.max(0.0));
                map(self, otherwise("tanh were left out", tanh, |x| x))
            }
            [3, ..] => {
                *margin = self.values.iter().fold(*margin, |least, x| least.min(x.abs()));
                let relu = otherwise::<fn(f64) -> f64>("relu were left out", |x| x.max(0.0), |x| x);
                let relu = otherwise("relu let the size of negative numbers through", relu, f64::abs);
                map(self, otherwise("tanh stood in place of relu", relu, f64::tanh))
            }
            [kind @ (4 | 5), size, stride, ..] => {
                let largest = otherwise("all poolings took the largest", kind == 4, true);
                let largest = otherwise("all poolings took the mean", largest, false);
                self.pooled(
                    otherwise("the two poolings were exchanged", largest, kind == 5),
                    size,
                    stride,
                    margin,
                )
            }
            [6, ..] => map(self, otherwise("dropout doubled everything", |x| x, |x| 2.0 * x)),
            _ => self,
        }
    }

    fn convolved(&self, args: &Args, name: &str, [size, stride, padding]: [usize; 3]) -> Self {
        let numbers =
            |part: &str| -> Vec<f64> { args.get(&format!("{name}.{part}")).iter().copied().collect() };
        let is_dense = self.shape[1..3] == [1, 1] && name.starts_with("classifier");
        let mut kernel = numbers("weight");
        if is_supposed("kernels were flipped") && !is_dense {
            let per_tap = kernel.len() / (size * size);
            kernel = kernel.chunks(per_tap).rev().flatten().copied().collect();
        }
        let mut biases = numbers("bias");
        let of_dense = otherwise("dense layers had no biases", 1.0, 0.0);
        let of_convolutions = otherwise("convolutions had no biases", 1.0, 0.0);
        let times =
            otherwise("biases were added twice", if is_dense { of_dense } else { of_convolutions }, 2.0);
        biases.iter_mut().for_each(|bias| *bias *= times);
        let window = Window { kernel: &kernel, size, stride, padding };
        let (shape, values) = window.convolved(self.shape, &self.values, &biases);
        Self { shape, values }
    }

    fn pooled(&self, maximum: bool, size: usize, stride: usize, margin: &mut f64) -> Self {
        let [n, h, w, c] = self.shape;
        let (rows, columns) = ((h - size) / stride + 1, (w - size) / stride + 1);
        let value = |i: usize| {
            let (place, channel) = (i / c, i % c);
            let (image, row, column) = (place / (rows * columns), place / columns % rows, place % columns);
            let taps = (0..size * size).map(|tap| (row * stride + tap / size, column * stride + tap % size));
            let mut window: Vec<f64> =
                taps.map(|(i, j)| self.values[((image * h + i) * w + j) * c + channel]).collect();
            if !maximum {
                return window.iter().sum::<f64>() / window.len() as f64;
            }
            window.sort_by(|a, b| b.total_cmp(a));
            // Zeros of a relu may tie: their slopes are 0 either way.
            if window.len() > 1 && window[0] != 0.0 {
                *margin = margin.min(window[0] - window[1]);
            }
            window[0]
        };
        Self { shape: [n, rows, columns, c], values: (0..n * rows * columns * c).map(value).collect() }
    }
}

/// Maps (n, h, w, c) with the last three axes in another order.
fn reordered(shape: [usize; 4], values: &[f64], [a, b, c]: [usize; 3]) -> Vec<f64> {
    let maps = Tensor::from_shape_vec(shape.to_vec(), values.to_vec()).unwrap_or_default();
    maps.permuted_axes(vec![0, a, b, c]).iter().copied().collect()
}
