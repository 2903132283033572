//! Cases for `convnets::filters`: pictures put together tile by tile.

use ndarray::{Axis, IxDyn};
use rand::Rng;

use super::efficientnet::{beginning, photograph, weights, with_weights};
use crate::{Args, Budget, Suite, Tensor, is_supposed, otherwise};

pub fn filter_grid(t: &mut Suite) {
    for round in 0..64 {
        let (h, w) = (t.rng.gen_range(1..=4), t.rng.gen_range(1..=4));
        let (inputs, about) = match round % 3 {
            0 => (3, "filters of three channels, in colour"),
            1 => (1, "filters of one channel, in grey"),
            _ => ([2, 4, 5][t.rng.gen_range(0..3)], "filters of a hidden layer: a grey tile for every slice"),
        };
        let shape = [h, w, inputs, t.rng.gen_range(1..=6)];
        let size = [1.0, 1e-3, 300.0][t.rng.gen_range(0..3)];
        let kernel = t.normal(&shape, size);
        grid(t, about, kernel);
    }
    for (about, shape) in [
        ("a single filter", [3, 3, 3, 1]),
        ("filters that are higher than wide", [5, 2, 3, 4]),
        ("as many tiles as fill the picture", [2, 3, 1, 9]),
        ("five tiles: a row has places for three", [2, 2, 1, 5]),
    ] {
        let kernel = t.normal(&shape, 1.0);
        grid(t, about, kernel);
    }
    let mut kernel = t.normal(&[3, 2, 1, 4], 1.0);
    kernel.index_axis_mut(Axis(3), 1).mapv_inplace(|x| f64::from((x * 100.0) as f32));
    kernel.index_axis_mut(Axis(3), 2).mapv_inplace(|x| f64::from((x + 50.0) as f32));
    grid(t, "filters of very different size: each has a contrast of its own", kernel.clone());
    kernel.index_axis_mut(Axis(3), 0).fill(-0.7);
    grid(t, "a filter whose weights are all equal, which is black", kernel);
    pictures_of_filters(t);
}

/// Filters of EfficientNet: those of its first layer, and of a depthwise convolution of 5 × 5, which sees one channel each.
fn pictures_of_filters(t: &mut Suite) {
    let Some(weights) = weights(t) else { return };
    for (layer, name, about) in [
        ("_conv_stem", "filters of the first layer", "the 32 filters of EfficientNet's first layer"),
        ("_blocks.3._depthwise_conv", "filters of a depthwise layer", "144 filters of 5 × 5 in EfficientNet"),
    ] {
        let Some(weight) = weights.get(&format!("{layer}.weight")) else { continue };
        let values: Vec<f64> = weight.values.iter().map(|&w| f64::from(w)).collect();
        // From (out, in, h, w), PyTorch's order.
        let kernel = t.array(&weight.shape, &values).permuted_axes(IxDyn(&[2, 3, 1, 0]));
        let want = picture(&filters(&kernel));
        let case = t.call(about, Args::new().constant("kernel", kernel));
        case.close("picture", &want, Budget::elementwise()).images(name, "sheet");
    }
}

fn grid(t: &mut Suite, about: &str, kernel: Tensor) {
    let want = picture(&filters(&kernel));
    // A difference and a quotient of given numbers: shades are wrong by a few roundings of 1 at most.
    t.call(about, Args::new().constant("kernel", kernel)).close("picture", &want, Budget::elementwise());
}

/// The tiles (h, w, 3 or 1) of a kernel (h, w, in, out).
fn filters(kernel: &Tensor) -> Vec<Tensor> {
    let slices = |filter: ndarray::ArrayViewD<f64>| -> Vec<Tensor> {
        match filter.shape()[2] {
            3 => vec![filter.to_owned()],
            _ => filter.axis_iter(Axis(2)).map(|slice| slice.to_owned().insert_axis(Axis(2))).collect(),
        }
    };
    kernel.axis_iter(Axis(3)).flat_map(slices).collect()
}

pub fn feature_maps(t: &mut Suite) {
    for _ in 0..64 {
        let [h, w, inputs] = [6, 6, 3].map(|longest| t.rng.gen_range(1..=longest));
        let (outputs, stride) = (t.rng.gen_range(1..=6), t.rng.gen_range(1..=2));
        let layer = Layer::draw(t, [h, w, inputs], outputs, stride);
        layer.check(t, "maps of a random layer");
    }
    for (about, shape, outputs, stride) in [
        ("an image that is wider than high, and maps of half its size", [3, 7, 3], 4, 2),
        ("a single channel", [4, 3, 2], 1, 1),
        ("ten channels: a row has places for four", [2, 3, 1], 10, 1),
        ("maps of a single pixel, which have no contrast", [1, 1, 3], 3, 1),
    ] {
        Layer::draw(t, shape, outputs, stride).check(t, about);
    }
    let mut layer = Layer::draw(t, [4, 5, 2], 4, 1);
    layer.weight.index_axis_mut(Axis(1), 2).fill(0.0);
    layer.check(t, "a channel that is silent, which is black");
    layer.weight.index_axis_mut(Axis(1), 1).mapv_inplace(|w| w * 1024.0);
    layer.check(t, "a channel that is a thousand times louder than the others");
    pictures_of_maps(t);
}

/// What EfficientNet makes of a cat. The network's own numbers are not checked here, only the pictures' shapes and shades.
fn pictures_of_maps(t: &mut Suite) {
    let (Some(weights), Some(cat)) = (weights(t), photograph(t, "chelsea", 1)) else { return };
    let args = Args::new().function("feature_maps of EfficientNet").constant("image", cat);
    let args = args.indexes("depths", &[0, 3, 5]);
    let args = with_weights(args, &beginning(weights, 5));
    let case = t.call("a cat in EfficientNet", args);
    for (depth, name, size) in [
        (0, "feature maps of the first layer", [1, 1 + 6 * 113, 1 + 6 * 113, 1]),
        (3, "feature maps after 3 blocks", [1, 1 + 5 * 57, 1 + 5 * 57, 1]),
        (5, "feature maps after 5 blocks", [1, 1 + 6 * 29, 1 + 7 * 29, 1]),
    ] {
        let output = format!("depth {depth}");
        case.check(&output, crate::Rule::Shape { shape: size.to_vec() })
            .statistic(&output, crate::Statistic::Min, 0.0, 0.0)
            .statistic(&output, crate::Statistic::Max, 1.0, 1.0)
            .images(name, &output);
    }
}

/// A layer of 1 × 1, and the image that it sees.
struct Layer {
    image: Tensor,
    weight: Tensor,
    stride: usize,
}

impl Layer {
    /// With maps whose contrast is no accident of rounding.
    fn draw(t: &mut Suite, shape: [usize; 3], outputs: usize, stride: usize) -> Self {
        loop {
            let (image, weight) = (t.normal(&shape, 1.0), t.normal(&[shape[2], outputs], 1.0));
            let layer = Self { image, weight, stride };
            if layer.roundings() < 50.0 {
                return layer;
            }
        }
    }

    /// The maps (h, w, 1), channel by channel.
    fn maps(&self) -> Vec<Tensor> {
        let (image, stride) = (&self.image, self.stride);
        let (h, w) = (image.shape()[0].div_ceil(stride), image.shape()[1].div_ceil(stride));
        let map = |weight: ndarray::ArrayViewD<f64>| {
            Tensor::from_shape_fn(vec![h, w, 1], |at| {
                let pixel = (0..weight.len()).map(|c| image[[at[0] * stride, at[1] * stride, c]] * weight[c]);
                pixel.sum()
            })
        };
        self.weight.axis_iter(Axis(1)).map(map).collect()
    }

    /// How much larger than its contrast the numbers are that a map is made of, at most.
    fn roundings(&self) -> f64 {
        let largest = |x: &Tensor| x.fold(0.0, |most: f64, x| most.max(x.abs()));
        let ratio = |(map, weight): (Tensor, ndarray::ArrayViewD<f64>)| {
            let contrast = contrast(&map).1;
            if contrast == 0.0 { 0.0 } else { largest(&self.image) * largest(&weight.to_owned()) / contrast }
        };
        self.maps().into_iter().zip(self.weight.axis_iter(Axis(1))).map(ratio).fold(1.0, f64::max)
    }

    fn check(&self, t: &mut Suite, about: &str) {
        let args = Args::new().constant("image", self.image.clone()).constant("weight", self.weight.clone());
        // The layer's sums are rounded at the size of their terms; stretching makes that larger.
        let budget = Budget::sum(self.weight.shape()[0]).scale(self.roundings());
        t.call(about, args.count("stride", self.stride)).close("picture", &picture(&self.maps()), budget);
    }
}

/// The smallest value and the distance to the largest.
fn contrast(tile: &Tensor) -> (f64, f64) {
    let low = tile.iter().copied().fold(f64::INFINITY, f64::min);
    (low, tile.iter().copied().fold(f64::NEG_INFINITY, f64::max) - low)
}

/// The tiles in rows of ⌈√n⌉, with lines of 1 around them.
fn picture(tiles: &[Tensor]) -> Tensor {
    let (h, w, colours) = (tiles[0].shape()[0], tiles[0].shape()[1], tiles[0].shape()[2]);
    let columns = (1..).find(|columns| columns * columns >= tiles.len()).unwrap_or(1);
    let columns = otherwise("all tiles stood in one row", columns, tiles.len());
    let columns = otherwise("all tiles stood in one column", columns, 1);
    let columns = otherwise("a row had places for one tile more", columns, columns + 1);
    let rows = tiles.len().div_ceil(columns);
    let contrasts: Vec<(f64, f64)> = tiles.iter().map(contrast).collect();
    let shades = Shades::new();
    // A line around the picture, or between tiles only.
    let around = otherwise("there were no line around the picture", 1, 0);
    let shape =
        vec![around + rows * (h + 1) - (1 - around), around + columns * (w + 1) - (1 - around), colours];
    Tensor::from_shape_fn(shape, |at| {
        let (down, right) = (at[0] + 1 - around, at[1] + 1 - around);
        let (row, y, column, x) = (down / (h + 1), down % (h + 1), right / (w + 1), right % (w + 1));
        match tiles.get(row * columns + column) {
            Some(tile) if y > 0 && x > 0 && column < columns => {
                let (y, x) = if shades.mirrored { (y, w + 1 - x) } else { (y, x) };
                let (y, x) = if shades.upside_down { (h + 1 - y, x) } else { (y, x) };
                shades.of(tile[[y - 1, x - 1, at[2]]], contrasts[row * columns + column])
            }
            None if y > 0 && x > 0 && column < columns && row < rows => shades.empty,
            _ => shades.line,
        }
    })
}

/// How a pixel's number becomes a shade; all of it is right unless something is supposed.
struct Shades {
    line: f64,
    empty: f64,
    mirrored: bool,
    upside_down: bool,
    without_contrast: f64,
    stretch: fn(f64, (f64, f64)) -> f64,
}

impl Shades {
    fn new() -> Self {
        let stretch: fn(f64, (f64, f64)) -> f64 = |pixel, (low, width)| (pixel - low) / width;
        let stretch = otherwise("dark and bright were exchanged", stretch, |pixel, (low, width)| {
            1.0 - (pixel - low) / width
        });
        let stretch =
            otherwise("nothing were subtracted", stretch, |pixel, (low, width)| pixel / (low + width));
        let stretch = otherwise("shades went from −1 to 1", stretch, |pixel, (low, width)| {
            2.0 * (pixel - low) / width - 1.0
        });
        let stretch =
            otherwise("weights were clamped, and not stretched", stretch, |pixel, _| pixel.clamp(0.0, 1.0));
        let stretch =
            otherwise("the smallest were subtracted, and nothing divided by", stretch, |pixel, (low, _)| {
                pixel - low
            });
        let stretch = otherwise(
            "a difference were divided by the largest, not by the contrast",
            stretch,
            |pixel, (low, width)| (pixel - low) / (low + width),
        );
        let stretch =
            otherwise("sizes were stretched, whatever their sign", stretch, |pixel, (low, width)| {
                pixel.abs() / low.abs().max((low + width).abs())
            });
        let line = otherwise("lines were grey", 1.0, 0.5);
        let without = otherwise("a tile without contrast were white", 0.0, 1.0);
        Self {
            line,
            empty: otherwise("places without a tile were black", line, 0.0),
            mirrored: is_supposed("tiles were mirrored"),
            upside_down: is_supposed("tiles stood on their heads"),
            without_contrast: otherwise("a tile without contrast were grey", without, 0.5),
            stretch,
        }
    }

    fn of(&self, pixel: f64, (low, width): (f64, f64)) -> f64 {
        if width == 0.0 { self.without_contrast } else { (self.stretch)(pixel, (low, width)) }
    }
}
