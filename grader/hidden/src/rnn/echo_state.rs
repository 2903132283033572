//! Cases for `rnn::echo_state`: given reservoirs against the formulas, drawn ones by their statistics, and the Mackey–Glass
//! series. Matrices of known eigenvalues are in `spectra`.

use datasets::generated::mackey_glass;
use rand::Rng;

use super::{oracle::Weights, spectra};
use crate::{Args, Budget, Derived, Plot, Rule, Statistic, Suite, Tensor, is_supposed, otherwise};

pub fn echo_state_network(t: &mut Suite) {
    spectra::scaling(t);
    networks(t);
    refusals(t);
    drawing(t);
    chaos(t);
}

/// A given reservoir and what it listens to.
struct Network {
    input: Tensor,
    recurrent: Tensor,
    bias: Tensor,
    start: Tensor,
    series: Tensor,
    washout: usize,
    gamma: f64,
    steps: usize,
}

impl Network {
    fn random(t: &mut Suite, units: usize, length: usize, washout: usize) -> Self {
        Network {
            input: t.uniform(&[units], -1.0, 1.0),
            recurrent: t.normal(&[units, units], 0.6),
            bias: t.uniform(&[units], -0.5, 0.5),
            start: t.uniform(&[units], -1.0, 1.0),
            series: t.normal(&[length], 1.0),
            washout,
            gamma: f64::from(t.rng.gen_range(0.1_f32..2.0)),
            steps: t.rng.gen_range(1..=8),
        }
    }

    fn args(&self) -> Args {
        let args = Args::new()
            .function("reservoir_states + train_readout + free_run")
            .count("washout", self.washout);
        let args = args.number("gamma", self.gamma).count("steps", self.steps);
        let tensors = [
            ("input", &self.input),
            ("recurrent", &self.recurrent),
            ("bias", &self.bias),
            ("start", &self.start),
            ("series", &self.series),
        ];
        tensors.into_iter().fold(args, |args, (name, tensor)| args.double(name, tensor))
    }

    /// One state a row.
    fn states(&self, weights: &Weights) -> Vec<Vec<f64>> {
        let mut h: Vec<f64> = self.start.iter().copied().collect();
        if is_supposed("the network began with a state of zeros") {
            h.fill(0.0);
        }
        let keeps_first = is_supposed("each state were listed before it has heard its value");
        let without_input = is_supposed("the network heard nothing of the series");
        let listen = |&u: &f64| {
            let before = h.clone();
            h = weights.rnn_step(&[if without_input { 0.0 } else { u }], &h);
            if keeps_first { before } else { h.clone() }
        };
        self.series.iter().map(listen).collect()
    }

    /// The ridge regression of the next value on the state.
    fn readout(&self, states: &[Vec<f64>]) -> Vec<f64> {
        let units = self.bias.len();
        let square = self.gamma * self.gamma;
        let gamma = otherwise("`gamma` were squared", self.gamma, square);
        let heard = self.series.len().saturating_sub(1 + self.washout) as f64;
        let gamma = otherwise("`gamma` counted once for each state", gamma, gamma * heard);
        // each row: HᵀH + ΓI and, in the last column, Hᵀy
        let mut system: Vec<Vec<f64>> =
            (0..units).map(|i| (0..=units).map(|j| if i == j { gamma } else { 0.0 }).collect()).collect();
        let ahead = otherwise("the readout were fitted to the value that the state has just heard", 1, 0);
        let washout = otherwise("`washout` were ignored", self.washout, 0);
        let ahead = otherwise("the readout were fitted to the value after the next", ahead, 2);
        let washout = otherwise("one state more were washed out", washout, washout + 1);
        let pairs = states.iter().zip(self.series.iter().skip(ahead)).skip(washout);
        let mean = self.series.mean().unwrap_or_default();
        let off = otherwise("the series' mean were subtracted from what is fitted", 0.0, mean);
        for (h, y) in pairs {
            let y = &(y - off);
            for (i, row) in system.iter_mut().enumerate() {
                row.iter_mut().zip(h.iter().chain([y])).for_each(|(sum, v)| *sum += h[i] * v);
            }
        }
        solve(system)
    }

    fn free_run(&self, weights: &Weights, readout: &[f64], state: &[f64]) -> Vec<f64> {
        let mut h = state.to_vec();
        if is_supposed("the free run began with the start's state") {
            h = self.start.iter().copied().collect();
        }
        if is_supposed("the free run began with a state of zeros") {
            h.fill(0.0);
        }
        let last = self.series.iter().last().copied().unwrap_or_default();
        if is_supposed("the free run heard the last value once more") {
            h = weights.rnn_step(&[last], &h);
        }
        let stays = is_supposed("the state stayed as it is in the free run");
        let go_on = |_| {
            let again = otherwise::<fn(f64) -> f64>(
                "states went through tanh once more before the readout",
                |h| h,
                f64::tanh,
            );
            let y = h.iter().zip(readout).map(|(h, w)| again(*h) * w).sum();
            let heard = otherwise("the network heard the last value again and again", y, last);
            let heard = otherwise("the network heard nothing in the free run", heard, 0.0);
            h = if stays { h.clone() } else { weights.rnn_step(&[heard], &h) };
            y
        };
        (0..self.steps).map(go_on).collect()
    }
}

/// Gauss and Jordan, for a positive definite matrix with the right side as its last column: no pivots needed.
fn solve(mut system: Vec<Vec<f64>>) -> Vec<f64> {
    for k in 0..system.len() {
        let pivot: Vec<f64> = system[k].iter().map(|v| v / system[k][k]).collect();
        for (i, row) in system.iter_mut().enumerate() {
            let factor = row[k];
            if i == k {
                row.clone_from(&pivot);
            } else {
                row.iter_mut().zip(&pivot).for_each(|(v, p)| *v -= factor * p);
            }
        }
    }
    system.iter().filter_map(|row| row.last().copied()).collect()
}

fn networks(t: &mut Suite) {
    for _ in 0..64 {
        let (units, washout) = (t.rng.gen_range(1..=4), t.rng.gen_range(0..=5));
        let length = washout + t.rng.gen_range(3..=12);
        let network = Network::random(t, units, length, washout);
        case(t, "a random network", &network);
    }
    let named = [
        ("no washout", 3, 10, 0),
        ("a washout that leaves one state", 2, 8, 6),
        ("fewer states than units: only Γ makes the readout unique", 4, 4, 1),
        ("one unit", 1, 6, 2),
    ];
    for (about, units, length, washout) in named {
        let network = Network::random(t, units, length, washout);
        case(t, about, &network);
    }
}

/// States are sums of a few products. The readout's equations have a condition number of (20 states · 4 units)/0.1 at most,
/// so that 800 roundings are lost; the free run hands its errors on for 8 steps.
fn case(t: &mut Suite, about: &str, network: &Network) {
    let weights = Weights::new(&network.input, &network.recurrent, &network.bias);
    let states = network.states(&weights);
    // the last value is only known as a target; the free run begins behind it
    let readout = network.readout(&states);
    let ahead = network.free_run(&weights, &readout, states.last().map_or(&[][..], |h| h));
    let shape = vec![states.len(), network.bias.len()];
    let all = Tensor::from_shape_vec(shape, states.concat()).unwrap_or_default();
    let vector = |values: Vec<f64>| ndarray::Array1::from(values).into_dyn();
    let budget = Budget::sum(20).scale(1.0).double();
    t.call(about, network.args())
        .close("states", &all, budget)
        .close("readout", &vector(readout), budget.times(100.0))
        .close("free_run", &vector(ahead), budget.times(10_000.0));
}

fn refusals(t: &mut Suite) {
    let all = Network::random(t, 2, 6, 5);
    t.call("a washout that leaves nothing", all.args()).refuses(&["5"]);
    let more = Network::random(t, 2, 6, 40);
    t.call("a washout longer than the series", more.args()).refuses(&["40", "5"]);
    for gamma in [-0.5, 0.0, f64::NAN] {
        let network = Network { gamma, ..Network::random(t, 2, 8, 1) };
        let word = if gamma.is_nan() { "NaN".to_owned() } else { gamma.to_string() };
        t.call(&format!("Γ is {word}"), network.args()).refuses(&[&word]);
    }
}

/// Of 100 units.
fn drawing(t: &mut Suite) {
    let (units, input_scale, bias_scale, radius) = (100, 0.5, 0.25, 0.75);
    let seed = t.seed();
    let draw = |seed: usize| {
        Args::new()
            .function("draw_reservoir")
            .count("units", units)
            .number("radius", radius)
            .number("input_scale", input_scale)
            .number("bias_scale", bias_scale)
            .count("seed", seed)
    };
    // A uniform number's standard deviation is scale/√3; that of 100 of them is off by 4.5 %, and by more than a quarter less
    // than once in 10⁶. Their mean is off by more than half a standard deviation as rarely.
    let uniform = |scale: f64| (0.75 * scale / 3.0_f64.sqrt(), 1.25 * scale / 3.0_f64.sqrt());
    // The spectral radius of n × n such numbers of standard deviation s is 1.05 · s · √n, within 4 % as a rule: in 1500 trials it
    // was never below 0.95 nor above 1.24. Scaled to the norm it would be half of it.
    let (low, high) = (radius / 10.0 / 1.45, radius / 10.0 / 0.85);
    let case = t.call("a reservoir of 100 units", draw(seed));
    for (name, scale) in [("input", input_scale), ("bias", bias_scale)] {
        let (least, most) = uniform(scale);
        case.check(name, Rule::Shape { shape: vec![units] })
            .check(name, Rule::Within { low: -scale, high: scale })
            .statistic(name, Statistic::Mean, -0.5 * scale / 3.0_f64.sqrt(), 0.5 * scale / 3.0_f64.sqrt())
            .statistic(name, Statistic::Std, least, most);
    }
    // The mean of 10⁴ is off by more than 6/100 of a standard deviation once in 10⁹.
    case.check("recurrent", Rule::Shape { shape: vec![units, units] })
        .statistic("recurrent", Statistic::Std, low, high)
        .statistic("recurrent", Statistic::Mean, -0.06 * high, 0.06 * high)
        .statistic("recurrent", Statistic::Distinct, 9_900.0, 10_000.0);
    for name in ["input", "recurrent", "bias"] {
        case.also(draw(seed)).check(name, Rule::SameAs { call: 0, output: name.to_owned() });
        case.also(draw(seed + 1)).check(name, Rule::DiffersFrom { call: 0, output: name.to_owned() });
    }
}

/// How many values are learnt from, and how many are shown after them.
const KNOWN: usize = 2000;
const SHOWN: usize = 400;
/// Beginnings of other series, how long they are, and over how many values behind them the network is judged.
const OTHERS: usize = 12;
const BEGINNING: usize = 250;
const JUDGED: usize = 84;

/// The call has the beginnings alone; how they go on never enters the process. A student may draw in another order and so
/// another reservoir. Of 12 reservoirs tried in NumPy with these numbers, from 21 starts each, the worst had an error of
/// 1.3·10⁻⁴ for the next value and the worst start one of 0.027 for the next 84.
fn chaos(t: &mut Suite) {
    let (learnt, later) = series(t, KNOWN, SHOWN);
    let (mut beginnings, mut next, mut truth) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..OTHERS {
        let (beginning, rest) = series(t, BEGINNING, JUDGED);
        beginnings.extend(beginning);
        next.push(rest[0]);
        truth.extend(rest);
    }
    let args = Args::new()
        .count("units", 500)
        .number("radius", 1.25)
        .number("input_scale", 0.7)
        .number("bias_scale", 0.7)
        .count("washout", 100)
        .number("gamma", 1e-8)
        .count("seed", 1)
        .count("shown", SHOWN)
        .count("steps", JUDGED);
    let args = args.double("series", &matrix(&[KNOWN], learnt));
    let args = args.double("others", &matrix(&[OTHERS, BEGINNING], beginnings));
    let plot = Plot::new("Free run", "steps after the last known value", "value");
    let (next, truth) = (matrix(&[OTHERS], next), matrix(&[OTHERS, JUDGED], truth));
    let deviation = truth.std(0.0);
    let first: Vec<f64> = (0..JUDGED).map(|k| if k == 0 { 1.0 } else { 0.0 }).collect();
    let one_step = Derived::of("free_runs").dot(&first).error(&next, deviation);
    let free_run = Derived::of("free_runs").error(&truth, deviation);
    t.call("the Mackey–Glass series: the next value, and 84 values on its own", args)
        .within(one_step.clone(), 0.0, 1e-3)
        .within(free_run.clone(), 0.0, 0.1)
        .number("error of the next value (NRMSE)", one_step)
        .number("error of a free run of 84 steps (NRMSE)", free_run)
        .line(&plot, "Mackey-Glass", Derived::known("free_run", &matrix(&[SHOWN], later)))
        .line(&plot, "the network on its own", "free_run");
}

/// So many values of a new series, and so many that come after them.
fn series(t: &mut Suite, known: usize, later: usize) -> (Vec<f64>, Vec<f64>) {
    let values = mackey_glass(known + later, 17, &mut t.rng);
    let mut values: Vec<f64> = values.into_iter().map(f64::from).collect();
    let later = values.split_off(known);
    (values, later)
}

fn matrix(shape: &[usize], values: Vec<f64>) -> Tensor {
    Tensor::from_shape_vec(shape.to_vec(), values).unwrap_or_default()
}
