//! Cases for `convnets::stacks`: places counted one by one, and the pixels that a unit sees found layer by layer.

use std::collections::BTreeSet;

use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, as_it_is, is_supposed, otherwise};

/// Filters (0 for a pooling), size, stride, padding, dilation.
type Layer = [usize; 5];

const fn conv(filters: usize, size: usize, stride: usize, padding: usize) -> Layer {
    [filters, size, stride, padding, 1]
}

const fn pool(size: usize, stride: usize) -> Layer {
    [0, size, stride, 0, 1]
}

const LENET: &[Layer] = &[conv(6, 5, 1, 0), pool(2, 2), conv(16, 5, 1, 0), pool(2, 2), conv(120, 5, 1, 0)];

const ALEXNET: &[Layer] = &[
    conv(64, 11, 4, 2),
    pool(3, 2),
    conv(192, 5, 1, 2),
    pool(3, 2),
    conv(384, 3, 1, 1),
    conv(256, 3, 1, 1),
    conv(256, 3, 1, 1),
    pool(3, 2),
];

/// The five blocks of VGG, each with so many convolutions.
fn vgg(convolutions: [usize; 5]) -> Vec<Layer> {
    let blocks = convolutions.into_iter().zip([64, 128, 256, 512, 512]);
    blocks
        .flat_map(|(count, filters)| [vec![conv(filters, 3, 1, 1); count], vec![pool(2, 2)]].concat())
        .collect()
}

fn stacks() -> Vec<(&'static str, [usize; 3], Vec<Layer>)> {
    let dilated = [1, 2, 4, 8].map(|dilation| [16, 3, 1, dilation, dilation]);
    vec![
        ("no layers", [5, 7, 3], vec![]),
        ("a kernel of 5 × 5 alone", [28, 28, 1], vec![conv(32, 5, 1, 0)]),
        ("a kernel of one pixel, which sees itself", [6, 9, 4], vec![conv(8, 1, 1, 0)]),
        ("padding on both sides, so that the size stays", [8, 11, 3], vec![conv(4, 3, 1, 1)]),
        ("padding that makes room for a kernel larger than the image", [3, 3, 2], vec![conv(4, 4, 1, 2)]),
        ("a pooling, which keeps the channels", [8, 6, 5], vec![pool(2, 2)]),
        ("steps that don't fit: what is left over is never seen", [8, 13, 2], vec![conv(3, 3, 4, 0)]),
        ("a dilation of 3: gaps between the elements", [12, 9, 2], vec![[7, 3, 1, 0, 3]]),
        ("a stride larger than the window", [17, 14, 1], vec![conv(2, 2, 5, 0), conv(3, 2, 1, 0)]),
        ("a kernel exactly as large as the image", [5, 5, 16], vec![conv(120, 5, 1, 0)]),
        (
            "ResNet's first layers: a convolution of 7 × 7 and a pooling, padded both",
            [224, 224, 3],
            vec![conv(64, 7, 2, 3), [0, 3, 2, 1, 1]],
        ),
        ("dilations of 1, 2, 4 and 8, which keep the size and see far", [20, 33, 16], dilated.to_vec()),
        ("LeNet-5, with its third convolution", [32, 32, 1], LENET.to_vec()),
        ("AlexNet", [224, 224, 3], ALEXNET.to_vec()),
        ("VGG-16", [224, 224, 3], vgg([2, 2, 3, 3, 3])),
        ("VGG-19 on a photograph that is wider than high", [240, 320, 3], vgg([2, 2, 4, 4, 4])),
    ]
}

/// Pixels from the first to the last element of a window: the last stands `dilation` behind the one before it.
fn reach([_, size, _, _, dilation]: Layer) -> usize {
    let last = (1..size).map(|_| dilation).sum::<usize>();
    let over = otherwise("a window reached over size + dilation − 1 pixels", 1 + last, size + dilation - 1);
    let over = otherwise("a window reached over size · dilation pixels", over, size * dilation);
    let over = otherwise("a window reached over size + dilation pixels", over, size + dilation);
    otherwise("gaps were not counted", over, size)
}

/// Places of the window along an axis, none where it does not fit; tried one after the other.
fn places(length: usize, layer: Layer) -> usize {
    let [filters, size, stride, padding, _] = layer;
    let is_pool = filters == 0;
    let padding = otherwise("padding were ignored", padding, 0);
    let padding = otherwise("poolings had no padding", padding, if is_pool { 0 } else { padding });
    let padding = otherwise("padding were half of the window", padding, size / 2);
    let stride = otherwise("strides were ignored", stride, 1);
    let stride = otherwise("convolutions had a stride of 1", stride, if is_pool { stride } else { 1 });
    let stride = otherwise("a pooling's stride were its size", stride, if is_pool { size } else { stride });
    let both = otherwise("padding were counted on one side only", 2 * padding, padding);
    if is_supposed("places were rounded up") {
        return 1 + (length + both).saturating_sub(reach(layer)).div_ceil(stride);
    }
    (0..).step_by(stride).take_while(|start| start + reach(layer) <= length + both).count()
}

fn shape(image: [usize; 3], layers: &[Layer]) -> [usize; 3] {
    let last = layers.len().saturating_sub(1);
    let (last_alone, but_the_last) = (&layers[last..], &layers[..last]);
    let layers = otherwise("the last layer saw the image itself", layers, last_alone);
    let layers = otherwise("the last layer were left out", layers, but_the_last);
    layers.iter().fold(image, |[h, w, c], &layer| {
        let filters = otherwise("a convolution kept the channels", layer[0], 0);
        let filters = otherwise(
            "a convolution had so many filters for each channel",
            filters,
            c.saturating_mul(filters),
        );
        let filters = otherwise("a pooling left one channel", filters, filters.max(1));
        [places(h, layer), places(w, layer), if filters == 0 { c } else { filters }]
    })
}

/// A stack that fits its image.
fn draw(t: &mut Suite) -> ([usize; 3], Vec<Layer>) {
    loop {
        let image = [t.rng.gen_range(4..60), t.rng.gen_range(4..60), t.rng.gen_range(1..5)];
        let layers: Vec<Layer> = (0..t.rng.gen_range(1..=4))
            .map(|_| {
                let filters = if t.rng.gen_bool(0.3) { 0 } else { t.rng.gen_range(1..9) };
                let (size, stride) = (t.rng.gen_range(1..=5), t.rng.gen_range(1..=3));
                [filters, size, stride, t.rng.gen_range(0..=3), t.rng.gen_range(1..=3)]
            })
            .collect();
        // Padding makes pixels of none again: every layer must have a place for its window.
        let fits = |count: usize| !shape(image, &layers[..count])[..2].contains(&0);
        if as_it_is(|| (1..=layers.len()).all(fits)) {
            return (image, layers);
        }
    }
}

fn args(layers: &[Layer]) -> Args {
    Args::new().indexes("layers", layers.as_flattened())
}

pub fn output_shape(t: &mut Suite) {
    let check = |t: &mut Suite, about: &str, image: [usize; 3], layers: &[Layer]| {
        let want = t.array(&[3], &shape(image, layers).map(|length| length as f64));
        t.call(about, args(layers).indexes("image", &image)).close("shape", &want, Budget::exact());
    };
    for (about, image, layers) in stacks() {
        check(t, about, image, &layers);
    }
    for _ in 0..96 {
        let (image, layers) = draw(t);
        check(t, "some layers on an image that is not square", image, &layers);
    }
    let small = |layer| vec![conv(4, 3, 1, 0), pool(2, 2), layer];
    for (about, image, layers, mentions) in [
        ("a kernel larger than its image", [4, 4, 1], vec![conv(2, 5, 1, 0)], &["layer 0", "5", "4"][..]),
        ("a kernel that is too high only", [4, 9, 1], vec![conv(2, 5, 1, 0)], &["layer 0", "5", "4 × 9"]),
        ("a kernel that is too wide only", [9, 4, 1], vec![conv(2, 5, 1, 0)], &["layer 0", "5", "9 × 4"]),
        ("a kernel whose gaps make it too large", [6, 6, 1], vec![[2, 3, 1, 0, 3]], &["layer 0", "7", "6"]),
        ("padding that is not enough", [3, 3, 1], vec![conv(2, 6, 1, 1)], &["layer 0", "6", "5 × 5"]),
        (
            "a pooling larger than what the layers before it left",
            [8, 9, 1],
            small(pool(4, 4)),
            &["layer 2", "4", "3"],
        ),
        ("a size of 0", [8, 9, 1], small(conv(3, 0, 1, 0)), &["layer 2", "size"]),
        ("a stride of 0", [8, 9, 1], small(pool(2, 0)), &["layer 2", "stride"]),
        ("a dilation of 0", [8, 9, 1], vec![[3, 3, 1, 0, 0]], &["layer 0", "dilation"]),
    ] {
        t.call(about, args(&layers).indexes("image", &image)).refuses(mentions);
    }
}

/// The pixels along an axis, those outside the image included, that unit `unit` of the last map depends on.
fn seen(layers: &[Layer], unit: i64) -> BTreeSet<i64> {
    layers.iter().rev().fold(BTreeSet::from([unit]), |units, &[_, size, stride, padding, dilation]| {
        let reached = reach([0, size, 1, 0, dilation]);
        let dilation = otherwise("gaps were not counted", dilation, 1);
        let stride = otherwise("strides were ignored", stride, 1);
        let wide = ["size · dilation", "size + dilation − 1", "size + dilation"];
        let is_wide = wide.map(|words| is_supposed(&format!("a window reached over {words} pixels")));
        let (size, dilation) = if is_wide.contains(&true) { (reached, 1) } else { (size, dilation) };
        let padding = otherwise("paddings were ignored", padding, 0) as i64;
        let taps = |unit: i64| {
            let first = unit * stride as i64 - padding;
            let first = otherwise(
                "each padding counted as pixels of the image, whatever came before",
                first,
                unit * stride as i64,
            );
            (0..size as i64).map(move |tap| first + tap * dilation as i64)
        };
        units.into_iter().flat_map(taps).collect()
    })
}

pub fn receptive_field(t: &mut Suite) {
    let check = |t: &mut Suite, about: &str, layers: &[Layer]| {
        let (first, second) = (seen(layers, 0), seen(layers, 1));
        let ends = |pixels: &BTreeSet<i64>| Some((*pixels.first()?, *pixels.last()?));
        let (Some((start, end)), Some((next, _))) = (ends(&first), ends(&second)) else { return };
        let number = |x: i64| Tensor::from_elem(vec![], x as f64);
        let sum = layers.iter().map(|layer| layer[3] as i64).sum();
        let last = layers.last().map_or([0, 1, 1, 0, 1], |layer| *layer);
        let stride = otherwise("it were the last layer's stride alone", next - start, last[2] as i64);
        let before: i64 =
            layers[..layers.len().saturating_sub(1)].iter().map(|layer| layer[2] as i64).product();
        let stride = otherwise("the last layer's stride were left out", stride, before);
        let largest = layers.iter().map(|layer| layer[2] as i64).max().unwrap_or(1);
        let stride = otherwise("it were the largest stride of all", stride, largest);
        let padding = otherwise("it were the last layer's padding alone", -start, last[3] as i64);
        let padding = otherwise("`padding` were that of both sides together", padding, 2 * padding);
        let mut steps = 1;
        let whole: i64 = 1 + layers
            .iter()
            .map(|layer| {
                let added = layer[1] as i64 * steps;
                steps *= layer[2] as i64;
                added
            })
            .sum::<i64>();
        let size = otherwise("each window added all its elements, not one less", end - start + 1, whole);
        let size = otherwise("a field began with no pixel, not with one", size, size - 1);
        t.call(about, args(layers))
            .close("size", &number(size), Budget::exact())
            .close("stride", &number(stride), Budget::exact())
            .close(
                "padding",
                &number(otherwise(
                    "each padding counted as pixels of the image, whatever came before",
                    padding,
                    sum,
                )),
                Budget::exact(),
            );
    };
    check(t, "three convolutions of 3 × 3, which see what one of 7 × 7 sees", &[conv(8, 3, 1, 1); 3]);
    check(
        t,
        "a stride, then a kernel: its elements are two pixels apart",
        &[conv(8, 3, 2, 0), conv(8, 3, 1, 0)],
    );
    check(t, "a stride in the last layer, which widens nothing", &[conv(8, 3, 1, 0), conv(8, 3, 2, 0)]);
    check(
        t,
        "padding after a stride: each of its pixels is two of the image",
        &[pool(2, 2), conv(8, 5, 1, 2)],
    );
    for (about, _, layers) in stacks() {
        check(t, about, &layers);
    }
    for _ in 0..96 {
        let (_, layers) = draw(t);
        check(t, "some layers, whatever their image", &layers);
    }
    for (about, layer, what) in [
        ("a size of 0", conv(3, 0, 1, 0), "size"),
        ("a stride of 0", pool(2, 0), "stride"),
        ("a dilation of 0", [3, 3, 1, 0, 0], "dilation"),
    ] {
        t.call(about, args(&[conv(8, 3, 1, 1), layer])).refuses(&["layer 1", what]);
    }
    for (name, layers) in
        [("LeNet-5", LENET.to_vec()), ("AlexNet", ALEXNET.to_vec()), ("VGG-16", vgg([2, 2, 3, 3, 3]))]
    {
        t.call(name, args(&layers)).number(&format!("pixels that a unit of {name}'s last map sees"), "size");
    }
}
