//! Cases for `convnets::pretrained`: every weight followed from its place in PyTorch's layout to its place in ours.

use super::classics::{Plan, draw, full_logits, vgg_d};
use crate::{Args, Budget, Suite, Tensor, as_it_is, is_supposed, otherwise};

/// PyTorch's shape for one of ours.
fn in_pytorch(shape: &[usize]) -> Vec<usize> {
    match *shape {
        [h, w, inputs, outputs] => vec![outputs, inputs, h, w],
        [inputs, outputs] => vec![outputs, inputs],
        _ => shape.to_vec(),
    }
}

/// Arrays in PyTorch's layout, and what must become of each.
struct File {
    arrays: Vec<(String, Tensor)>,
    loaded: Vec<(String, Tensor)>,
}

impl File {
    fn draw(t: &mut Suite, plan: &Plan) -> Self {
        let [h, w, c] = plan.maps();
        let mut file = Self { arrays: vec![], loaded: vec![] };
        let mut behind_flatten = true;
        let flipped = is_supposed("kernels were flipped");
        let backwards = is_supposed("the channels that come in stood in the opposite order");
        let biases = otherwise("biases stayed 0", 1.0, 0.0);
        let sign = otherwise("all numbers had the other sign", 1.0, -1.0);
        let half_flattened =
            is_supposed("the flatten went row by row, with each row's channels before its columns");
        for (name, shape) in as_it_is(|| plan.parameters()) {
            let array = t.normal(&in_pytorch(&shape), 1.0);
            let loaded = Tensor::from_shape_fn(shape.clone(), |at| {
                sign * match *shape {
                    [_, _, _, _] if flipped => {
                        array[[at[3], at[2], shape[0] - 1 - at[0], shape[1] - 1 - at[1]]]
                    }
                    [_, _, inputs, _] if backwards => array[[at[3], inputs - 1 - at[2], at[0], at[1]]],
                    [_, _, _, _] => array[[at[3], at[2], at[0], at[1]]],
                    [_, _] if behind_flatten => {
                        let (row, column, channel) = (at[0] / (w * c), at[0] / c % w, at[0] % c);
                        let place = (channel * h + row) * w + column;
                        array[[at[1], if half_flattened { (row * c + channel) * w + column } else { place }]]
                    }
                    [_, _] => array[[at[1], at[0]]],
                    _ => biases * array[[at[0]]],
                }
            });
            behind_flatten &= shape.len() != 2;
            file.arrays.push((name.clone(), array));
            file.loaded.push((name, loaded));
        }
        file
    }

    fn check(&self, t: &mut Suite, about: &str, args: Args) {
        let case = t.call(about, self.args(args));
        // Numbers are moved, not changed.
        self.loaded.iter().fold(case, |case, (name, loaded)| case.close(name, loaded, Budget::exact()));
    }

    fn args(&self, args: Args) -> Args {
        let arrays = self.arrays.iter();
        arrays.fold(args, |args, (name, array)| args.constant(&format!("arrays/{name}"), array.clone()))
    }

    /// The file without the arrays of these names.
    fn without(&self, names: &[&str]) -> Self {
        let arrays = self.arrays.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        Self { arrays: arrays.cloned().collect(), loaded: vec![] }
    }

    /// The file with an array of zeros in place of, or beside, those that it has.
    fn with(&self, name: &str, shape: &[usize]) -> Self {
        let mut file = self.without(&[name]);
        file.arrays.push((name.to_owned(), Tensor::zeros(shape)));
        file
    }
}

fn conv(filters: usize, size: usize) -> [usize; 5] {
    [0, filters, size, 1, 1]
}

fn dense(units: usize) -> [usize; 5] {
    [1, units, 0, 0, 0]
}

pub fn load_pretrained(t: &mut Suite) {
    let plan = |input, features: &[_], classifier: &[_]| Plan {
        input,
        features: features.to_vec(),
        classifier: classifier.to_vec(),
    };
    for (about, plan) in [
        ("a kernel of 3 × 3 whose rows are not its columns", plan([4, 5, 2], &[conv(3, 3)], &[dense(2)])),
        (
            "a dense layer behind maps of one pixel: there is nothing to put in order",
            plan([1, 1, 5], &[], &[dense(3)]),
        ),
        ("a dense layer behind maps of one channel", plan([2, 3, 1], &[], &[dense(4)])),
        ("a dense layer behind maps of 2 × 3 pixels and 4 channels", plan([2, 3, 4], &[], &[dense(5)])),
        ("as many units as inputs, so that a transposed matrix fits too", plan([1, 3, 2], &[], &[dense(6)])),
        (
            "a second dense layer with as many inputs as the first: they come from no flatten",
            plan([2, 2, 3], &[], &[dense(12), dense(4)]),
        ),
    ] {
        File::draw(t, &plan).check(t, about, plan.args());
    }
    for _ in 0..64 {
        let plan = draw(t);
        File::draw(t, &plan).check(t, "a small network of random layers", plan.args());
    }
    let (input, narrow) = ([32, 64, 3], 32);
    let vgg = File::draw(t, &as_it_is(vgg_d).narrowed(narrow, input));
    let about = "VGG-16 under torchvision's names, with a thirty-second of its filters and units";
    let args = Args::new().function("load_pretrained of a narrow plan").count("narrow", narrow);
    vgg.check(t, about, args.indexes("input", &input));
    refusals(t);
}

fn refusals(t: &mut Suite) {
    let plan = Plan {
        input: [4, 4, 2],
        features: vec![conv(3, 3), [3, 0, 0, 0, 0], conv(4, 3)],
        classifier: vec![dense(6), [3, 0, 0, 0, 0], dense(2)],
    };
    let file = File::draw(t, &plan);
    let mut refused = |about: &str, file: File, mentions: &[&str]| {
        t.call(about, file.args(plan.args())).refuses(mentions);
    };
    refused("an array that is missing", file.without(&["features.2.bias"]), &["features.2.bias"]);
    let several = ["classifier.0.weight", "classifier.2.bias", "features.0.weight"];
    refused("three arrays that are missing: the error lists all of them", file.without(&several), &several);
    let extra = file.with("classifier.3.bias", &[2]).with("features.1.weight", &[3]);
    let names = ["classifier.3.bias", "features.1.weight"];
    refused("two arrays that no layer has: the error lists both", extra, &names);
    for (about, name, shape) in [
        ("a kernel in our layout, not in PyTorch's", "features.0.weight", &[3, 3, 2, 3][..]),
        ("a matrix in our layout, not in PyTorch's", "classifier.2.weight", &[6, 2]),
        ("a matrix for other maps", "classifier.0.weight", &[6, 63]),
        ("a matrix that was flattened", "classifier.2.weight", &[12]),
        ("biases with an axis too many", "classifier.2.bias", &[2, 1]),
    ] {
        let found = format!("{shape:?}");
        refused(about, file.with(name, shape), &[name, &found]);
    }
    let misshapen = file.with("features.2.weight", &[4, 3, 5, 5]).with("classifier.0.bias", &[7]);
    let both = ["features.2.weight", "[4, 3, 5, 5]", "[4, 3, 3, 3]", "classifier.0.bias", "[7]", "[6]"];
    refused(
        "two arrays of other shapes: the error lists both, with the shapes wanted and found",
        misshapen,
        &both,
    );
    let mixed = file.without(&["features.0.bias"]).with("head.weight", &[1]).with("classifier.2.bias", &[3]);
    let all = ["features.0.bias", "head.weight", "classifier.2.bias"];
    refused("one missing, one extra and one misshapen array: all in one error", mixed, &all);
    let names: Vec<String> = as_it_is(|| plan.parameters()).into_iter().map(|(name, _)| name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    refused("no arrays at all: everything is missing", file.without(&names), &names);
}

/// The whole of VGG-16, 138 million weights, from PyTorch's layout.
pub fn full(t: &mut Suite) {
    let shapes = vgg_d().parameters().into_iter().map(|(name, shape)| {
        let lengths: Vec<String> = in_pytorch(&shape).iter().map(usize::to_string).collect();
        format!("{name} {}", lengths.join(" "))
    });
    let shapes: Vec<String> = shapes.collect();
    let args = Args::new().function("load_pretrained + logits").text("arrays", &shapes.join("\n"));
    full_logits(t, "VGG-16", args, &LOGITS);
}

/// What torchvision's VGG-16 says to a made image with made weights, every 100th logit: `golden/convnets/pretrained.py full`.
const LOGITS: [f64; 10] =
    [0.385615, -1.971876, 1.071507, 0.926471, 1.209537, -2.255933, 2.580112, 2.320960, -0.434389, -1.478069];
