//! Cases for `signal_propagation`: small random networks, and what fifty layers do to a signal.

use ndarray::Axis;
use rand::Rng;

use crate::{
    Args, Budget, Case, Statistic, Suite, Tensor, is_supposed, otherwise,
    suppose::{is_supposing, of_right_alone},
};

const DEPTH: usize = 50;
/// Wide enough that no relu network dies by bad luck: all units of a layer are negative with probability 2⁻²⁴.
const WIDTH: usize = 24;

pub fn signal_propagation(t: &mut Suite) {
    for i in 0..64 {
        let (batch, depth) = (t.rng.gen_range(1..=7), t.rng.gen_range(1..=4));
        small(t, "a small random network", [f64::tanh, relu][i % 2], batch, depth, 0.0);
    }
    for activation in [f64::tanh, relu] {
        small(t, "a batch of one example", activation, 1, 3, 0.0);
        small(t, "inputs that are far from centred", activation, 5, 2, 3.0);
        let x = t.normal(&[4, 3], 1.0);
        let no_layers = args(activation, x);
        let (none, _) = oracle(args_x(&no_layers), &[], activation);
        t.call("a network without layers", no_layers).close("y", &none, Budget::exact());
        let (x, layer) = (t.normal(&[1, 1], 1.0), t.normal(&[1, 1], 1.0));
        let single = args(activation, x).constant("layer0", layer);
        t.call("one example and one unit: a single number has no spread", single).close(
            "y",
            &of_right_alone(Tensor::zeros(vec![1])),
            Budget::elementwise().scale(1.0),
        );
    }
    at_depth(t);
}

/// A network of few units and of layers that differ in width, with inputs around `center`.
fn small(t: &mut Suite, about: &str, activation: fn(f64) -> f64, batch: usize, depth: usize, center: f64) {
    let widths = t.shape(depth + 1, 7);
    // The center is a small whole number: adding it leaves single precision by less than the budget.
    let x = t.normal(&[batch, widths[0]], 1.0).mapv(|x| f64::from((x + center) as f32));
    let mut call = args(activation, x.clone());
    let mut layers = Vec::new();
    for (l, pair) in widths.windows(2).enumerate() {
        let layer = t.normal(pair, (2.0 / pair[0] as f64).sqrt());
        call = call.constant(&format!("layer{l}"), layer.clone());
        layers.push(layer);
    }
    let (want, scale) = oracle(x, &layers, activation);
    // Every layer adds its rounding errors, and multiplies the earlier ones by about 1.
    t.call(about, call).close("y", &want, Budget::sum(7).times(depth as f64).scale(scale));
}

/// Fifty layers as the slides start them: weights of standard deviation `gain/√fan_in`.
fn at_depth(t: &mut Suite) {
    let he = 2f64.sqrt();
    let starts: [(&str, fn(f64) -> f64, f64); 5] = [
        ("tanh, 50 layers, Xavier's weights: the signal stays alive", f64::tanh, 1.0),
        ("tanh, 50 layers, weights of 0.7 times Xavier's size: the signal dies out", f64::tanh, 0.7),
        ("relu, 50 layers, He's weights: the signal stays alive", relu, he),
        ("relu, 50 layers, Xavier's weights, too small for relu: the signal dies out", relu, 1.0),
        ("relu, 50 layers, weights of 1.5 times He's size: the signal explodes", relu, 1.5 * he),
    ];
    for (about, activation, gain) in starts {
        t.decisive_or_vanishing(|t| exact(t, about, activation, gain));
    }
    for activation in [f64::tanh, relu] {
        let (_, _, case) = deep(t, "50 layers of zeros: no signal at all", activation, 0.0);
        case.close("y", &of_right_alone(Tensor::zeros(vec![DEPTH])), Budget::exact());
    }
    if is_supposing() {
        return;
    }
    // Here the smallest difference grows from layer to layer until no two ways to round agree, but the size does not: units sit
    // near ±1, with √(E tanh²(10z)) = 0.96, and 192 of them would have to agree in sign for a spread below 0.3.
    let about = "tanh, 50 layers, weights of ten times Xavier's size: the units saturate near ±1";
    let (_, _, case) = deep(t, about, f64::tanh, 10.0);
    case.statistic("y", Statistic::Min, 0.3, 1.0).statistic("y", Statistic::Max, 0.3, 1.0);
}

/// Where no layer magnifies errors more than the signal, fifty layers' errors add up like √50, relative to the signal.
fn exact(t: &mut Suite, about: &str, activation: fn(f64) -> f64, gain: f64) {
    let (want, scale, case) = deep(t, about, activation, gain);
    let last = want[[DEPTH - 1]];
    case.close("y", &want, Budget::sum(WIDTH).times(8.0).scale(scale))
        // The budget goes by the largest layer; a signal that has shrunk to 10⁻⁸ must still be there.
        .statistic("y", Statistic::Last, 0.99 * last, 1.01 * last);
}

/// A deep network, with the oracle's answer and the size of its largest terms.
fn deep<'a>(
    t: &'a mut Suite,
    about: &str,
    activation: fn(f64) -> f64,
    gain: f64,
) -> (Tensor, f64, &'a mut Case) {
    let x = t.normal(&[8, WIDTH], 1.0);
    let stack = t.normal(&[DEPTH, WIDTH, WIDTH], gain / (WIDTH as f64).sqrt());
    let layers: Vec<Tensor> = stack.axis_iter(Axis(0)).map(|layer| layer.to_owned()).collect();
    let (want, scale) = oracle(x.clone(), &layers, activation);
    (
        want,
        scale,
        t.call(about, args(activation, x).function("signal_propagation of a stack").constant("stack", stack)),
    )
}

fn args_x(args: &Args) -> Tensor {
    args.get("x").clone()
}

fn args(activation: fn(f64) -> f64, x: Tensor) -> Args {
    // Only relu has no negative values.
    let name = if activation(-1.0) < 0.0 { "tanh" } else { "relu" };
    Args::new().constant("x", x).text("activation", name)
}

fn relu(x: f64) -> f64 {
    x.max(0.0)
}

fn product(a: &Tensor, b: &Tensor) -> Tensor {
    let columns = || b.columns().into_iter();
    let cells = a.rows().into_iter().flat_map(|row| columns().map(move |column| (row, column)));
    let mut sums = cells.map(|(row, column)| row.iter().zip(column).map(|(a, b)| a * b).sum::<f64>());
    let shape = vec![a.shape()[0], b.shape()[1]];
    Tensor::from_shape_simple_fn(shape, || sums.next().unwrap_or_default())
}

/// The std after every layer, and the largest Σ|h·w| on the way: what rounding errors are proportional to.
fn oracle(x: Tensor, layers: &[Tensor], activation: fn(f64) -> f64) -> (Tensor, f64) {
    let (mut signal, mut scale, mut stds) = (x, 0.0, Vec::new());
    if is_supposed("the inputs' spread were listed as well") {
        stds.push(signal.std(0.0));
    }
    for layer in layers {
        let terms = product(&signal.mapv(f64::abs), &layer.mapv(f64::abs));
        scale = terms.iter().copied().fold(scale, f64::max);
        let sums = product(&signal, layer);
        let after = sums.mapv(activation);
        let twice = after.mapv(activation);
        let after = otherwise("the activation were applied twice", after, twice);
        let other = if activation(-1.0) < 0.0 { sums.mapv(relu) } else { sums.mapv(f64::tanh) };
        let after = otherwise("tanh and relu were exchanged", after, other);
        signal = otherwise("no activation were applied", after, sums.clone());
        let looked_at = otherwise("the spread were that before the activation", &signal, &sums);
        let n = looked_at.len() as f64;
        let std = otherwise(
            "the spread divided by n − 1",
            looked_at.std(0.0),
            looked_at.std(0.0) * (n / (n - 1.0)).sqrt(),
        );
        let root = otherwise(
            "the mean square were not centred",
            std,
            looked_at.mapv(|x| x * x).mean().unwrap_or_default().sqrt(),
        );
        let root = otherwise("it were the variance", root, std * std);
        let mean = looked_at.mean().unwrap_or_default();
        let root = otherwise("it were the mean, and not the spread", root, mean);
        let size = looked_at.mapv(f64::abs).mean().unwrap_or_default();
        let root = otherwise("it were the mean size", root, size);
        let deviation = looked_at.mapv(|x| (x - mean).abs()).mean().unwrap_or_default();
        let root = otherwise("it were the mean distance from the mean", root, deviation);
        let norm = looked_at.mapv(|x| x * x).sum().sqrt();
        stds.push(otherwise("it were the length of all values as one vector", root, norm));
    }
    (Tensor::from_shape_fn(vec![stds.len()], |at| stds[at[0]]), scale)
}
