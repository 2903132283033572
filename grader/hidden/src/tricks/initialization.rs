//! Cases for `tricks::initialization`: gains by closed form, draws by statistics; deep networks in `depth`.
//!
//! Each bound on a draw is missed by a right solution with probability e⁻²¹ at most (see [`Law`]), and each exercise has
//! fewer than 600 of them: together less than one run in 10⁶. Draws are checked by statistics with a wide range and never
//! element by element, because a mistake is recognised by readings that a student's other draws must share.

mod depth;

use rand::Rng;

use crate::{
    Args, Budget, Case, Distribution, Rule, Statistic, Suite, Tensor, draws, otherwise, suppose::is_supposing,
};

pub use depth::signal_propagation;

/// From here on a draw must reach into its tails.
const MANY: usize = 4096;
/// The std of a standard normal cut off at ±2.
const TRUNCATED_STD: f64 = 0.879_625_66;

pub fn calculate_gain(t: &mut Suite) {
    let gain = |t: &mut Suite, about: &str, args: Args, want: f64| {
        t.value(about, args, Budget::elementwise(), |_| Tensor::from_elem(vec![], want));
    };
    let named = [
        ("linear", 1.0),
        ("conv1d", 1.0),
        ("conv2d", 1.0),
        ("conv3d", 1.0),
        ("conv_transpose1d", 1.0),
        ("conv_transpose2d", 1.0),
        ("conv_transpose3d", 1.0),
        ("sigmoid", 1.0),
        ("tanh", 5.0 / 3.0),
        ("relu", 2f64.sqrt()),
    ];
    for (name, want) in named {
        let args = Args::new().text("nonlinearity", name);
        gain(t, &format!("the gain of {name}"), args.clone(), want);
        gain(t, &format!("{name} pays no attention to a slope"), args.number("slope", 0.5), want);
    }
    let leaky = Args::new().text("nonlinearity", "leaky_relu");
    let of_slope = |slope: f64| {
        let slope = otherwise("the slope were 0.01, whatever is given", slope, 0.01);
        let square = otherwise("the slope were not squared", slope.powi(2), slope);
        let square = otherwise("1 − slope² stood in place of 1 + slope²", square, -square);
        let below =
            otherwise("(1 + slope)² stood in place of 1 + slope²", 1.0 + square, (1.0 + slope).powi(2));
        let gain = 2.0 / otherwise("the slope were left out", below, 1.0);
        let gain = otherwise("1 stood in place of 2", gain, gain / 2.0);
        let gain = otherwise("2 were multiplied, not divided", gain, 2.0 * below);
        let gain = otherwise("2 were divided by slope² alone", gain, 2.0 / square);
        let gain = otherwise("2 / 1 + slope² were taken, without the brackets", gain, 2.0 + square);
        let root = otherwise("the root were taken of 2 alone", gain.sqrt(), 2f64.sqrt() / below);
        otherwise("no root were taken", root, gain)
    };
    gain(t, "leaky_relu without a slope takes 0.01", leaky.clone(), of_slope(0.01));
    let mut slopes = vec![
        (0.0, "leaky_relu with slope 0, which is relu"),
        (1.0, "leaky_relu with slope 1, which is linear"),
        (-0.3, "leaky_relu with a negative slope"),
        (1e3, "leaky_relu with a very steep slope"),
    ];
    slopes.extend((0..64).map(|_| (t.rng.gen_range(0.02f32..3.0), "leaky_relu with a slope")));
    for (slope, about) in slopes {
        let slope = f64::from(slope);
        gain(t, about, leaky.clone().number("slope", slope), of_slope(slope));
    }
    for name in ["staircase", "softmax", "ReLU", "leaky", "relu ", "conv"] {
        let about = format!("`{name}`, a name that has no gain");
        t.call(&about, Args::new().text("nonlinearity", name)).refuses(&[name]);
    }
}

pub fn xavier_normal(t: &mut Suite) {
    drawn(t, Init::XavierNormal);
    let no_weights: [(&str, &[usize], f64); 2] = [("a scalar", &[], 1.0), ("a vector", &[7], 7.0)];
    for (about, shape, fan) in no_weights {
        let want = t.array(&[2], &[fan, fan]);
        t.call(about, Init::XavierNormal.args(shape, 1.0, 0)).close("fans", &want, Budget::exact());
    }
}

pub fn xavier_uniform(t: &mut Suite) {
    drawn(t, Init::XavierUniform);
}

pub fn kaiming_normal(t: &mut Suite) {
    drawn(t, Init::KaimingNormal);
}

#[derive(Clone, Copy, PartialEq)]
enum Init {
    XavierNormal,
    XavierUniform,
    KaimingNormal,
}

/// What the elements of a draw obey.
struct Law {
    std: f64,
    /// No element is larger.
    edge: f64,
    /// The largest of [`MANY`] elements is larger, by far.
    reach: f64,
    distribution: Distribution,
}

impl Init {
    fn law(self, [fan_in, fan_out]: [f64; 2], gain: f64) -> Law {
        let sum = fan_in + fan_out;
        let sum = otherwise("fan_in stood in place of the mean of both", sum, 2.0 * fan_in);
        let sum = otherwise("fan_out stood in place of the mean of both", sum, 2.0 * fan_out);
        let fan_in = otherwise("fan_out stood in place of fan_in", fan_in, fan_out);
        let sum = otherwise("the fans were multiplied, not added", sum, fan_in * fan_out);
        let sum =
            otherwise("the larger fan stood in place of the mean of both", sum, 2.0 * fan_in.max(fan_out));
        let sum =
            otherwise("the smaller fan stood in place of the mean of both", sum, 2.0 * fan_in.min(fan_out));
        let two = otherwise("2 stood before the root", 2.0, 4.0);
        let two = otherwise("1 stood in place of 2 above the fans", two, 1.0);
        let two = otherwise("6 stood in place of 2", two, 6.0);
        let gain = otherwise("the gain were squared", gain, gain * gain);
        let gain = otherwise("the gain stood under the root", gain, gain.sqrt());
        let gain = otherwise("it were divided by the gain", gain, 1.0 / gain);
        let root = (two / sum).sqrt();
        let xavier = gain * otherwise("no root were taken", root, two / sum);
        match self {
            // P(z > 8) = 6·10⁻¹⁶; all of 4096 below 2.5: 0.99379⁴⁰⁹⁶ = e⁻²⁵.
            Self::XavierNormal => {
                let distribution = Distribution::Normal { mean: 0.0, std: xavier };
                Law { std: xavier, edge: 8.0 * xavier, reach: 2.5 * xavier, distribution }
            }
            // All of 4096 below 0.98 of the limit: 0.99⁴⁰⁹⁶ = e⁻⁴¹.
            Self::XavierUniform => {
                let limit = 3f64.sqrt() * xavier;
                let distribution = Distribution::Uniform { low: -limit, high: limit };
                Law { std: xavier, edge: limit, reach: 0.98 * limit, distribution }
            }
            // Far below the edge: two untruncated draws must look alike within this range, or nobody could name that mistake.
            Self::KaimingNormal => {
                let both = (fan_in + fan_out) / 2.0;
                let fan_in = otherwise("the mean of both fans stood in place of fan_in", fan_in, both);
                let two = otherwise("1 stood in place of 2", 2.0, 1.0);
                let kept = (otherwise("6 stood in place of 2", two, 6.0) / fan_in).sqrt();
                let kept = otherwise("no root were taken", kept, kept * kept);
                let kept = otherwise("2 stood before the root", kept, kept * 2f64.sqrt());
                let kept = otherwise(
                    "the variance were multiplied by the truncation's, not divided",
                    kept,
                    kept * TRUNCATED_STD * TRUNCATED_STD,
                );
                let kept = otherwise("truncation were not made good for", kept, kept * TRUNCATED_STD);
                let std = kept / TRUNCATED_STD;
                let distribution = Distribution::TruncatedNormal { mean: 0.0, std, cut: 2.0 * std };
                Law { std: kept, edge: 2.0 * std, reach: 2.0 / 3.0 * std, distribution }
            }
        }
    }

    fn args(self, shape: &[usize], gain: f64, seed: usize) -> Args {
        let args = Args::new().indexes("shape", shape).count("seed", seed);
        if self == Self::KaimingNormal { args } else { args.number("gain", gain) }
    }
}

impl Law {
    /// Checks bounds on `n` elements, the exact ones with room for single precision.
    ///
    /// The uniform and the truncated normal have lighter tails than the normal, so its bounds hold all the more.
    fn check(&self, case: &mut Case, n: usize) {
        let ((low, high), mean) = (draws::std(n), self.std * draws::mean(n));
        case.statistic("y", Statistic::Std, self.std * low, self.std * high)
            .statistic("y", Statistic::Mean, -mean, mean)
            .statistic("y", Statistic::DistanceTo(self.distribution), 0.0, draws::distance(n));
        if n < MANY {
            // Rows or pixels that repeat each other. Two single-precision draws are equal once in 10⁶ times at most.
            let count = n as f64;
            case.statistic("y", Statistic::Distinct, 0.6 * count, count);
            return;
        }
        let (reach, edge) = (self.reach, self.edge * (1.0 + 1e-5));
        case.statistic("y", Statistic::Max, reach, edge).statistic("y", Statistic::Min, -edge, -reach);
        // Tails that are cut off too early, apart from those that reach too far: their ends would look alike to nobody.
        let (end, far) = (self.end(draws::outermost(n)), 4.0 * self.edge);
        case.statistic("y", Statistic::Max, end, far).statistic("y", Statistic::Min, -far, -end);
    }

    /// What an element exceeds with probability `q`.
    fn end(&self, q: f64) -> f64 {
        match self.distribution {
            Distribution::Normal { std, .. } => std * draws::normal_beyond(q),
            Distribution::TruncatedNormal { std, cut, .. } => {
                let beyond = draws::normal_tail(cut / std);
                std * draws::normal_beyond(beyond + q * (1.0 - 2.0 * beyond))
            }
            Distribution::Uniform { high, .. } => high * (1.0 - 2.0 * q),
        }
    }
}

fn drawn(t: &mut Suite, init: Init) {
    for i in 0..64 {
        let mut within = |low, high| t.rng.gen_range(low..=high);
        let shape = match i % 3 {
            0 => vec![within(4, 10), within(12, 30)],
            1 => vec![within(2, 5), within(5, 9), within(5, 6)],
            _ => vec![within(2, 3), within(2, 4), within(4, 5), within(4, 5)],
        };
        draw(t, init, ["a small dense layer", "a 1-d kernel", "a 2-d kernel"][i % 3], &shape, 1.0);
    }
    let named: [(&str, &[usize]); 7] = [
        ("a large dense layer", &[128, 128]),
        // 560,000 draws measure a normal's std with a standard error of 0.094 %: the bounds, 0.62 % away, are far from what is
        // right and far from a std that is 1 % off. Where fan_in alone counts it is small, so that one more or less shows.
        ("a very large dense layer", if init == Init::KaimingNormal { &[7, 80_000] } else { &[700, 800] }),
        ("many more inputs than outputs", &[512, 16]),
        ("many more outputs than inputs", &[16, 512]),
        ("a 1-d kernel of length 5", &[5, 32, 26]),
        ("a 3 × 3 kernel", &[3, 3, 16, 32]),
        ("a kernel that is not square", &[1, 7, 40, 20]),
    ];
    for (about, shape) in named {
        draw(t, init, about, shape, 1.0);
    }
    if init != Init::KaimingNormal {
        draw(t, init, "with tanh's gain of 5/3", &[64, 64], f64::from(5f32 / 3.0));
        draw(t, init, "with a gain of 0.5", &[64, 64], 0.5);
        let case = t.call("a gain of 0 gives zeros", init.args(&[6, 4], 0.0, 5));
        // Who divides by the gain has none.
        if !is_supposing() {
            case.statistic("y", Statistic::Max, -1.0, 0.0).statistic("y", Statistic::Min, 0.0, 1.0);
        }
    }
    let edge = init.law([1.0, 1.0], 1.0).edge * (1.0 + 1e-5);
    // Far below −edge, so that any two draws of a range that is too wide look alike.
    shaped(t, init, "a single weight", &[1, 1], 1.0).statistic("y", Statistic::Max, -4.0 * edge, edge);
    repeats(t, init);
}

/// A draw whose elements must obey the law of its fans.
fn draw(t: &mut Suite, init: Init, about: &str, shape: &[usize], gain: f64) {
    let law = init.law(fans(shape), gain);
    law.check(shaped(t, init, about, shape, gain), shape.iter().product());
}

/// A draw of which fans and shape are checked so far.
fn shaped<'a>(t: &'a mut Suite, init: Init, about: &str, shape: &[usize], gain: f64) -> &'a mut Case {
    let seed = t.rng.gen_range(0..1 << 30);
    let wanted_fans = t.array(&[2], &fans(shape));
    let lengths: Vec<f64> = shape.iter().map(|&n| n as f64).collect();
    let lengths = t.array(&[lengths.len()], &lengths);
    let case = t.call(about, init.args(shape, gain, seed));
    if init == Init::XavierNormal {
        case.close("fans", &wanted_fans, Budget::exact());
    }
    case.close("shape", &lengths, Budget::exact())
}

/// Randomness comes from the generator and from nowhere else.
fn repeats(t: &mut Suite, init: Init) {
    let seed = t.rng.gen_range(0..1 << 30);
    let args = |seed| init.args(&[6, 5], 1.0, seed);
    let differs = Rule::DiffersFrom { call: 0, output: "y".to_owned() };
    t.call("the same seed twice gives the same weights, another seed gives others", args(seed))
        .also(args(seed))
        .check("y", Rule::SameAs { call: 0, output: "y".to_owned() })
        .also(args(seed + 1))
        .check("y", differs.clone());
    t.call("the second layer drawn from one generator is not the first again", args(seed))
        .also(args(seed).count("skip", 1))
        .check("y", differs);
}

/// In and out of (…, in, out), times the kernel's area.
fn fans(shape: &[usize]) -> [f64; 2] {
    let last = shape.len() - 2;
    let area: usize = shape[..last].iter().product();
    let area = otherwise("the kernel's area were left out", area, 1);
    let fans = [(area * shape[last]) as f64, (area * shape[last + 1]) as f64];
    otherwise("fan_in and fan_out were exchanged", fans, [fans[1], fans[0]])
}
