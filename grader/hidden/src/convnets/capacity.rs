//! Cases for `convnets::capacity`: parameters counted layer by layer.

mod labels;

use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, as_it_is, otherwise};

pub use labels::{full, random_labels};

/// Kind (0 dense, 1 convolution, 2 batch normalization), inputs, outputs, size, whether there is a bias or a scale.
type Layer = [usize; 5];

const fn dense(inputs: usize, outputs: usize) -> Layer {
    [0, inputs, outputs, 0, 1]
}

const fn convolution(size: usize, inputs: usize, outputs: usize, bias: usize) -> Layer {
    [1, inputs, outputs, size, bias]
}

const fn batch_norm(channels: usize, scale: usize) -> Layer {
    [2, channels, 0, 0, scale]
}

fn parameters([kind, inputs, outputs, size, flag]: Layer) -> usize {
    let biases = otherwise("a bias were counted for each input", outputs, inputs);
    let biases = otherwise("biases were not counted", biases, 0);
    let area = otherwise("a kernel's size were not squared", size * size, size);
    match kind {
        0 => {
            let biases = otherwise("dense layers had a bias for each input", biases, inputs);
            let biases = otherwise("dense layers had a single bias", biases, 1);
            let weights = otherwise(
                "inputs and outputs of a dense layer were added up",
                inputs * outputs,
                inputs + outputs,
            );
            weights + otherwise("dense layers had no biases", biases, 0)
        }
        1 => {
            let biases = otherwise("convolutions had a bias for each input channel", biases, inputs);
            let biases = otherwise("convolutions had a single bias", biases, 1);
            let flag = otherwise("all convolutions had biases", flag, 1);
            let filters = otherwise("filters saw one channel each", inputs * outputs, outputs);
            area * filters + flag * otherwise("convolutions had no biases", biases, 0)
        }
        _ => {
            let learnt = inputs + flag * inputs;
            let learnt = otherwise("batch normalizations had a single scale and shift", learnt, 1 + flag);
            let learnt = otherwise("batch normalizations had no scale", learnt, inputs);
            let learnt = otherwise("batch normalizations had no shift", learnt, flag * inputs);
            let remembered = otherwise("running statistics were counted", 0, 2 * inputs);
            otherwise("batch normalizations had none", learnt, 0) + remembered
        }
    }
}

pub fn parameters_per_sample(t: &mut Suite) {
    for (about, layer) in [
        ("a dense layer alone, which has biases", dense(20, 7)),
        ("a convolution alone, with biases", convolution(5, 3, 6, 1)),
        ("a convolution alone, without biases", convolution(3, 4, 6, 0)),
        ("a batch normalization alone, with scale and shift", batch_norm(6, 1)),
        ("a batch normalization alone, with a shift only", batch_norm(6, 0)),
        ("a large layer, on few examples", dense(25_088, 4096)),
    ] {
        check(t, about, &[layer], 50);
    }
    for _ in 0..64 {
        let layers: Vec<Layer> = (0..t.rng.gen_range(1..6)).map(|_| any_layer(t)).collect();
        let samples = t.rng.gen_range(1..3000);
        check(t, "some layers, and a ratio that is no whole number", &layers, samples);
    }
    check(t, "a network without parameters", &[], 10);
    for (name, layers, total) in networks() {
        let counted: usize = as_it_is(|| layers.iter().map(|&layer| parameters(layer)).sum());
        assert_eq!(counted, total, "{name} has another number of parameters in its paper");
        check(t, &format!("the slide's {name} on the 50,000 images of CIFAR-10"), &layers, 50_000);
        t.call(name, args(&layers, 50_000)).number(&format!("p/n of {name}"), "ratio");
    }
}

fn any_layer(t: &mut Suite) -> Layer {
    let (inputs, outputs) = (t.rng.gen_range(1..100), t.rng.gen_range(1..100));
    match t.rng.gen_range(0..3) {
        0 => dense(inputs, outputs),
        1 => convolution(t.rng.gen_range(1..8), inputs, outputs, t.rng.gen_range(0..2)),
        _ => batch_norm(inputs, t.rng.gen_range(0..2)),
    }
}

fn args(layers: &[Layer], samples: usize) -> Args {
    Args::new().indexes("layers", layers.as_flattened()).count("samples", samples)
}

fn check(t: &mut Suite, about: &str, layers: &[Layer], samples: usize) {
    let counts = layers.iter().map(|&layer| parameters(layer));
    let count = counts.sum::<usize>() as f64;
    let last = layers.last().map_or(0, |&layer| parameters(layer)) as f64;
    let count = otherwise("the last layer were left out", count, count - last);
    let count = otherwise("the last layer alone were counted", count, last);
    let ratio = count / otherwise("there were one example less", samples as f64, samples as f64 - 1.0);
    // One division: whether in single or in double precision is all the same.
    t.call(about, args(layers, samples)).close(
        "ratio",
        &Tensor::from_elem(vec![], ratio),
        Budget::elementwise(),
    );
}

/// The networks of Zhang et al. 2017, for images of 28 × 28 × 3, with the numbers of parameters that the paper gives, and the
/// Wide ResNet 40-4 of Zagoruyko & Komodakis 2016.
fn networks() -> Vec<(&'static str, Vec<Layer>, usize)> {
    let alexnet = vec![
        convolution(5, 3, 64, 1),
        convolution(5, 64, 64, 1),
        dense(7 * 7 * 64, 384),
        dense(384, 192),
        dense(192, 10),
    ];
    vec![
        ("MLP 1×512", vec![dense(2352, 512), dense(512, 10)], 1_209_866),
        ("AlexNet-like network", alexnet, 1_387_786),
        ("Inception-like network", inception(), 1_649_402),
        ("Wide ResNet", wide_resnet(), 8_949_210),
    ]
}

/// Its batch normalizations have a shift only.
fn inception() -> Vec<Layer> {
    let mut layers = vec![convolution(3, 3, 96, 0), batch_norm(96, 0)];
    let mut channels = 96;
    // Channels of the 1 × 1 and of the 3 × 3 convolution; the latter alone halves the image, beside a pooling.
    let modules = [
        (32, 32),
        (32, 48),
        (0, 80),
        (112, 48),
        (96, 64),
        (80, 80),
        (48, 96),
        (0, 96),
        (176, 160),
        (176, 160),
    ];
    for (one, three) in modules {
        for (size, outputs) in [(1, one), (3, three)] {
            if outputs > 0 {
                layers.extend([convolution(size, channels, outputs, 0), batch_norm(outputs, 0)]);
            }
        }
        channels = three + if one > 0 { one } else { channels };
    }
    layers.push(dense(channels, 10));
    layers
}

/// Depth 40 and width 4: three groups of six blocks.
fn wide_resnet() -> Vec<Layer> {
    let (mut layers, mut channels) = (vec![convolution(3, 3, 16, 0)], 16);
    for (outputs, _) in [64, 128, 256].into_iter().flat_map(|width| (0..6).map(move |block| (width, block))) {
        layers.extend([batch_norm(channels, 1), convolution(3, channels, outputs, 0)]);
        layers.extend([batch_norm(outputs, 1), convolution(3, outputs, outputs, 0)]);
        if channels != outputs {
            layers.push(convolution(1, channels, outputs, 0));
        }
        channels = outputs;
    }
    layers.extend([batch_norm(channels, 1), dense(channels, 10)]);
    layers
}
