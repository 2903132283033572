//! Cases for `special_layers::dense`: sums of products, and tables written from the shapes that a stack of layers makes.

use rand::Rng;

use crate::{Args, Budget, Rule, Suite, Tensor, Terms, otherwise};

pub fn dense(t: &mut Suite) {
    for _ in 0..64 {
        t.decisive(|t| {
            let shape = t.shape(3, 8);
            layer(t, "random values", [shape[0], shape[1], shape[2]], 1.0);
        });
    }
    layer(t, "a batch of one example", [1, 5, 3], 1.0);
    layer(t, "one feature", [4, 1, 3], 1.0);
    layer(t, "one unit", [4, 5, 1], 1.0);
    layer(t, "as many units as features and examples, so that a transposed matrix fits too", [4, 4, 4], 1.0);
    layer(t, "very small values", [3, 5, 4], 1e-9);
    layer(t, "very large values", [3, 5, 4], 1e9);
}

/// A layer (n, in, out) whose values are of this size.
fn layer(t: &mut Suite, about: &str, [n, i, o]: [usize; 3], size: f64) {
    let (x, weight, bias) = (t.normal(&[n, i], size), t.normal(&[i, o], 1.0), t.normal(&[o], size));
    // Each answer is a weighted sum that may cancel: of `i` inputs forward, of `o` or `n` back. Measured against its terms.
    let largest = |x: &Tensor| x.fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let y = Budget::sum(i).scale((largest(&x) * largest(&weight)).max(largest(&bias)));
    let args = Args::new().tensor("x", x).tensor("weight", weight).tensor("bias", bias);
    let back = Budget::sum(n.max(o));
    let budget = |output: &str, terms: Terms| if output == "y" { y } else { back.scale(terms.largest) };
    t.differentiable_each(about, args, budget, |args| {
        let (x, weight, bias) = (args.get("x"), args.get("weight"), args.get("bias"));
        let times = otherwise("the bias were added twice", 1.0, 2.0);
        let times = otherwise("the bias were added once for each feature", times, i as f64);
        let behind = otherwise::<fn(f64) -> f64>("tanh were behind the sum", |y| y, f64::tanh);
        let behind = otherwise("a sigmoid were behind the sum", behind, |y| 1.0 / (1.0 + (-y).exp()));
        let examples = otherwise("the weighted sums were divided by the number of examples", 1.0, n as f64);
        Tensor::from_shape_fn(vec![n, o], |at| {
            let sum = (0..i).map(|k| x[[at[0], k]] * weight[[k, at[1]]]).sum::<f64>();
            behind(times * bias[[at[1]]] + sum / examples)
        })
    });
}

pub fn sequential_summary(t: &mut Suite) {
    for (about, input, layers) in NOTEBOOKS {
        summary(t, about, input, layers);
    }
    for _ in 0..24 {
        let layers = t.shape(3, 600);
        let words: Vec<String> = layers.iter().map(|units| format!("Dense {units}, Activation")).collect();
        let input = [t.rng.gen_range(1..1000)];
        summary(t, "dense layers of random sizes", &input, &words.join(", "));
        let (input, layers) = images(t);
        summary(t, "convolution and pooling of images that are not square", &input, &layers);
        let (input, layers) = sequences(t);
        summary(t, "sequences", &input, &layers);
    }
    summary(t, "no layers at all", &[28, 28, 1], "");
    summary(t, "layers that have no parameters", &[4, 3], "Activation, Dropout, Flatten, Dropout");
    summary(t, "a kernel as large as its image", &[5, 4, 2], "Conv2d 3 5 4, Flatten");
    summary(t, "windows that leave a border over", &[7, 11, 3], "MaxPool2d 2 3, MaxPool2d 3 2");
    for (about, input, layers, mentions) in MISFITS {
        let args = Args::new().indexes("input", input).text("layers", layers);
        t.call(about, args).refuses(mentions);
    }
}

type Stack = (&'static str, &'static [usize], &'static str);

const NOTEBOOKS: [Stack; 4] = [
    (
        "the notebook's MLP for MNIST: 407050 parameters",
        &[784],
        "Dense 512, Activation, Dense 10, Activation",
    ),
    (
        "the notebook's convolutions for MNIST: 600810 parameters",
        &[28, 28, 1],
        "Conv2d 32 3 3, Conv2d 32 3 3, MaxPool2d 2 2, Dropout, Flatten, Dense 128, Dropout, Dense 10",
    ),
    (
        "the notebook's cats and dogs: 1212513 parameters",
        &[150, 150, 3],
        "Conv2d 32 3 3, MaxPool2d 2 2, Conv2d 32 3 3, MaxPool2d 2 2, Conv2d 64 3 3, MaxPool2d 2 2, Flatten, Dense 64, \
         Dropout, Dense 1",
    ),
    (
        "the notebook's addition: 205324 parameters",
        &[7, 12],
        "Lstm 128 last, RepeatVector 4, Lstm 128 sequences, Dense 12, Activation",
    ),
];

const MISFITS: [(&str, &[usize], &str, &[&str]); 8] = [
    ("a convolution of a vector", &[64], "Dense 32, Conv2d 8 3 3", &["Conv2d", "[32]"]),
    ("a kernel higher than its image", &[4, 9, 1], "Conv2d 8 5 5, Flatten", &["Conv2d", "[4, 9, 1]"]),
    ("a kernel wider than its image", &[9, 4, 1], "Conv2d 8 5 5, Flatten", &["Conv2d", "[9, 4, 1]"]),
    (
        "a window larger than what the layers before leave",
        &[6, 9, 1],
        "Conv2d 2 5 5, MaxPool2d 3 3",
        &["MaxPool2d", "[2, 5, 2]"],
    ),
    ("pooling of a vector", &[8, 8, 3], "Flatten, MaxPool2d 2 2", &["MaxPool2d", "[192]"]),
    (
        "a second LSTM after one that gives its last state only",
        &[7, 12],
        "Lstm 8 last, Lstm 8 last",
        &["Lstm", "[8]"],
    ),
    ("a sequence to be repeated", &[7, 12], "RepeatVector 3", &["RepeatVector", "[7, 12]"]),
    ("a dense layer of examples without any axis", &[], "Dense 3", &["Dense", "[]"]),
];

/// Images and one or two rounds of convolution and pooling that they are large enough for.
fn images(t: &mut Suite) -> (Vec<usize>, String) {
    let (h, w) = (t.rng.gen_range(16..40), t.rng.gen_range(41..64));
    let mut layers = Vec::new();
    for _ in 0..t.rng.gen_range(1..=2) {
        let [filters, kh, kw] = [40, 4, 4].map(|most| t.rng.gen_range(1..=most));
        let [height, width] = [2, 3].map(|most| t.rng.gen_range(1..=most));
        layers.push(format!("Conv2d {filters} {kh} {kw}, Activation, MaxPool2d {height} {width}"));
    }
    let units = t.rng.gen_range(1..300);
    layers.push(["Flatten, ", ""][t.rng.gen_range(0..2)].to_owned() + &format!("Dense {units}"));
    (vec![h, w, t.rng.gen_range(1..=4)], layers.join(", "))
}

/// Words or features, an LSTM or two.
fn sequences(t: &mut Suite) -> (Vec<usize>, String) {
    let [steps, features, units, times, out] = [12, 20, 64, 9, 30].map(|most| t.rng.gen_range(1..=most));
    if t.rng.gen_bool(0.5) {
        let rows = t.rng.gen_range(2..5000);
        let layers =
            format!("Embedding {rows} {features}, Lstm {units} last, Dense {out}, RepeatVector {times}");
        return (vec![steps], layers);
    }
    let layers =
        format!("Lstm {units} sequences, Dropout, Lstm {out} last, RepeatVector {times}, Dense {features}");
    (vec![steps, features], layers)
}

/// A case whose table must be the oracle's, letter by letter.
fn summary(t: &mut Suite, about: &str, input: &[usize], layers: &str) {
    let line = |name: &str, shape: &str, count: &str| format!("{name:<20}{shape:<24}{count:>12}\n");
    let ruler = "-".repeat(56) + "\n";
    let mut want = line("Layer", "Output shape", "Params") + &ruler;
    let (mut shape, mut total) = (input.to_vec(), 0);
    for layer in layers.split(", ").filter(|layer| !layer.is_empty()) {
        let count = step(layer, &mut shape);
        let lengths: Vec<String> = shape.iter().map(ToString::to_string).collect();
        let name = layer.split(' ').next().unwrap_or_default();
        want += &line(name, &format!("(None, {})", lengths.join(", ")), &count.to_string());
        total += count;
    }
    want += &(ruler + &line("Total", "", &total.to_string()));
    t.call(about, Args::new().indexes("input", input).text("layers", layers))
        .check("summary", Rule::Text { want });
}

/// Changes `shape` to what a layer makes of it; the number of the layer's parameters.
fn step(layer: &str, shape: &mut Vec<usize>) -> usize {
    let numbers: Vec<usize> = layer.split(' ').filter_map(|word| word.parse().ok()).collect();
    let last = shape.len() - 1;
    let inputs = shape[last];
    let biases = |of_layer: &str, outputs: usize| {
        let biases = otherwise(&format!("{of_layer} had no biases"), outputs, 0);
        otherwise(&format!("{of_layer} had a bias for each input"), biases, inputs)
    };
    match (layer.split(' ').next().unwrap_or_default(), &numbers[..]) {
        ("Dense", &[units]) => {
            shape[last] = units;
            inputs * units + biases("dense layers", units)
        }
        ("Conv2d", &[filters, kh, kw]) => {
            *shape = vec![shape[0] + 1 - kh, shape[1] + 1 - kw, filters];
            let area = otherwise("kernels were as wide as they are high", kh * kw, kh * kh);
            let area = otherwise("a kernel's height and width were added up", area, kh + kw);
            area * inputs * filters + biases("convolutions", filters)
        }
        ("MaxPool2d", &[height, width]) => {
            (shape[0], shape[1]) = (shape[0] / height, shape[1] / width);
            otherwise("a pooling had a weight for each pixel of its window", 0, height * width)
        }
        ("Flatten", _) => {
            *shape = vec![shape.iter().product()];
            0
        }
        ("Embedding", &[rows, width]) => {
            shape.push(width);
            let row = otherwise("an embedding had one more row", 0, 1);
            (rows + row) * width + otherwise("embeddings had biases", 0, width)
        }
        ("Lstm", &[units]) => {
            *shape = if layer.ends_with("sequences") { vec![shape[0], units] } else { vec![units] };
            let gates = otherwise("an LSTM had three gates and no candidate", 4, 3);
            let gates = otherwise("an LSTM's weights were those of one gate", gates, 1);
            let biases = otherwise("LSTMs had no biases", units, 0);
            gates * (units * (units + inputs) + otherwise("an LSTM had a bias for one gate only", biases, 0))
                + otherwise("an LSTM had a bias for one gate only", 0, units)
        }
        ("RepeatVector", &[times]) => {
            shape.insert(0, times);
            0
        }
        _ => 0,
    }
}
