//! Cases for `rnn::gradients`: norms of Jacobians by tangents pushed forwards; clipping is in `clipping`.

use rand::Rng;

use super::oracle::{Tangent, WEIGHTS, Weights, part};
use crate::{
    Args, Budget, Derived, Plot, Step, Suite, Tensor, as_it_is, is_supposed, otherwise,
    suppose::{of_right_alone, wanted},
};

/// Which cell.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Rnn,
    Lstm,
}

impl Kind {
    /// The function for such a cell.
    fn function(self) -> &'static str {
        match self {
            Kind::Rnn => "vanishing_gradient",
            Kind::Lstm => "vanishing_gradient_lstm",
        }
    }

    /// Columns for each unit.
    fn gates(self) -> usize {
        match self {
            Kind::Rnn => 1,
            Kind::Lstm => 4,
        }
    }
}

/// A sequence (steps, features) and the weights of a cell.
struct Setting {
    kind: Kind,
    x: Tensor,
    input: Tensor,
    hidden: Tensor,
    bias: Tensor,
}

impl Setting {
    fn random(t: &mut Suite, kind: Kind, (steps, features, hidden): (usize, usize, usize)) -> Self {
        let columns = kind.gates() * hidden;
        Setting {
            kind,
            x: t.normal(&[steps, features], 1.0),
            input: t.normal(&[features, columns], 0.8),
            hidden: t.normal(&[hidden, columns], 0.8),
            bias: t.normal(&[columns], 0.4),
        }
    }

    fn args(&self) -> Args {
        let args = Args::new().function(self.kind.function()).constant("x", self.x.clone());
        let weights = [&self.input, &self.hidden, &self.bias];
        WEIGHTS
            .into_iter()
            .zip(weights)
            .fold(args, |args, (name, tensor)| args.constant(name, tensor.clone()))
    }

    /// The same with other tensors.
    fn with(&self, args: &Args) -> Self {
        let [x, input, hidden, bias] =
            ["x", WEIGHTS[0], WEIGHTS[1], WEIGHTS[2]].map(|name| args.get(name).clone());
        Setting { kind: self.kind, x, input, hidden, bias }
    }

    /// ‖∂h_T/∂h_{T−k}‖ for k = 0, …, T: from each state on, a change of each unit is carried to the end.
    fn norms(&self) -> Tensor {
        let weights = Weights::new(&self.input, &self.hidden, &self.bias);
        let (steps, hidden) = (self.x.shape()[0], self.hidden.shape()[0]);
        let zeros = vec![0.0; hidden];
        // for each step what its tangent map needs: the next h, or the sums z and the old c
        let (mut h, mut c, mut trace) = (zeros.clone(), zeros, vec![]);
        for t in 0..steps {
            let x = part(&self.x, t);
            let z = weights.affine(&x, &h);
            match self.kind {
                Kind::Rnn => {
                    h = weights.rnn_step(&x, &h);
                    trace.push((h.clone(), vec![]));
                }
                Kind::Lstm => {
                    trace.push((z, c.clone()));
                    (h, c) = weights.lstm_step(&x, &h, &c);
                }
            }
        }
        let norm = |from: usize| {
            let ends = (0..hidden).map(|j| {
                trace[from..].iter().fold(Tangent::unit(j, hidden), |tangent, (first, c)| match self.kind {
                    Kind::Rnn => tangent.rnn(&weights, first),
                    Kind::Lstm => tangent.lstm(&weights, first, c),
                })
            });
            let changes: Vec<f64> = ends.flat_map(|end| end.h).collect();
            let square = |end: &[f64]| end.iter().map(|d| d * d).sum::<f64>();
            let squares = changes.chunks(hidden).map(square).sum::<f64>();
            if is_supposed("the sum of sizes stood in place of the norm") {
                return changes.iter().map(|d| d.abs()).sum();
            }
            if is_supposed("the largest size stood in place of the norm") {
                return changes.iter().fold(0.0, |most: f64, d| most.max(d.abs()));
            }
            if is_supposed("the longest row's length stood in place of the norm of all") {
                let length = |row: &[f64]| row.iter().map(|d| d * d).sum::<f64>().sqrt();
                return changes.chunks(hidden).map(length).fold(0.0, f64::max);
            }
            otherwise(
                "the norm were divided by the root of the units' number",
                squares.sqrt(),
                (squares / hidden as f64).sqrt(),
            )
        };
        let from = otherwise(
            "the norms stood in the order of the steps",
            (0..=steps).rev().collect(),
            (0..=steps).collect::<Vec<_>>(),
        );
        let mut norms: Vec<f64> = from.into_iter().map(norm).collect();
        if is_supposed("each were divided by the one before it") {
            norms = norms.iter().enumerate().map(|(k, norm)| norm / norms[k.saturating_sub(1)]).collect();
        }
        if is_supposed("they began one step back") {
            norms.remove(0);
        }
        if is_supposed("each were divided by the first") {
            norms = norms.iter().map(|norm| norm / norms[0]).collect();
        }
        ndarray::Array1::from(norms).into_dyn()
    }
}

/// Each element is compared with the largest: √hidden, or more where gradients grow. A step multiplies by at most
/// `hidden + features` numbers of the size 1 and hands its error on: four times a step's budget.
fn budget(hidden: usize) -> Budget {
    Budget::sum(2 * hidden).times(4.0)
}

pub fn vanishing_gradient(t: &mut Suite) {
    for round in 0..64 {
        let kind = if round % 2 == 0 { Kind::Rnn } else { Kind::Lstm };
        let [steps, features, hidden] = [6, 3, 4].map(|largest| t.rng.gen_range(1..=largest));
        let about = if kind == Kind::Rnn { "a random vanilla network" } else { "a random LSTM" };
        let setting = Setting::random(t, kind, (steps, features, hidden));
        case(t, about, &setting);
    }
    for kind in [Kind::Rnn, Kind::Lstm] {
        let (small, square) = (Setting::random(t, kind, (1, 1, 1)), Setting::random(t, kind, (3, 3, 3)));
        case(t, "one unit, one feature, one step", &small);
        case(t, "as many steps as units and features", &square);
    }
    tiny(t);
    spectral_radii(t);
    forget_gates(t);
}

fn case(t: &mut Suite, about: &str, setting: &Setting) {
    let hidden = setting.hidden.shape()[0];
    let norms = wanted(&setting.args(), &|args| setting.with(args).norms());
    t.call(about, setting.args()).close("norms", &norms, budget(hidden));
}

/// Each norm relative to itself: the network is linear and diagonal, so that an error does not outlive its number.
fn tiny(t: &mut Suite) {
    let setting = Setting {
        kind: Kind::Rnn,
        x: Tensor::zeros(vec![30, 1]),
        input: t.normal(&[1, 2], 0.8),
        hidden: t.array(&[2, 2], &[0.125, 0.0, 0.0, 0.0625]),
        bias: Tensor::zeros(vec![2]),
    };
    // eighths to the power of 30 are 8 · 10⁻²⁸: exact in an f32, but their squares are 0 there
    let relative = Tensor::from_shape_fn(vec![31], |k| (1.0 + 0.25f64.powi(k[0] as i32)).sqrt());
    let eighths = Tensor::from_shape_fn(vec![31], |k| 8_f64.powi(k[0] as i32));
    t.call("norms so small that their squares vanish in single precision", setting.args()).close(
        Derived::of("norms").times(&eighths),
        &of_right_alone(relative),
        Budget::elementwise(),
    );
}

/// How far back the picture looks.
const STEPS: usize = 50;
const UNITS: usize = 8;

/// An orthogonal matrix: two reflections.
fn orthogonal(t: &mut Suite) -> Vec<f64> {
    let mut rows: Vec<f64> = (0..UNITS * UNITS).map(|i| f64::from(i % (UNITS + 1) == 0)).collect();
    for _ in 0..2 {
        let v: Vec<f64> = t.normal(&[UNITS], 1.0).iter().copied().collect();
        let square: f64 = v.iter().map(|v| v * v).sum();
        for row in rows.chunks_mut(UNITS) {
            let along = 2.0 * row.iter().zip(&v).map(|(r, v)| r * v).sum::<f64>() / square;
            row.iter_mut().zip(&v).for_each(|(r, v)| *r -= along * v);
        }
    }
    rows
}

fn plot() -> Plot {
    Plot::new("Gradient through time", "steps back, T - t", "log10 of the norm of dh_T/dh_t")
}

/// How far back each norm of the picture lies.
fn distance() -> Derived {
    Derived::known("norms", &Tensor::from_shape_fn(vec![STEPS + 1], |k| k[0] as f64))
}

/// No inputs, and U is orthogonal up to the factor ρ: the norm is ρᵏ · √hidden.
fn spectral_radii(t: &mut Suite) {
    for radius in [0.5, 0.9, 1.0, 1.1] {
        let rotation = orthogonal(t);
        let scaled: Vec<f64> = rotation.iter().map(|u| radius * u).collect();
        let setting = Setting {
            kind: Kind::Rnn,
            x: Tensor::zeros(vec![STEPS, 1]),
            input: t.normal(&[1, UNITS], 0.8),
            hidden: t.array(&[UNITS, UNITS], &scaled),
            bias: Tensor::zeros(vec![UNITS]),
        };
        let powers = (0..=STEPS).map(|k| radius.powi(k as i32) * (UNITS as f64).sqrt());
        let want = powers.collect::<ndarray::Array1<f64>>().into_dyn();
        let about =
            format!("no inputs, and U is a rotation times {radius}: each step is a factor of {radius}");
        // 50 products of 8 numbers, one after the other
        t.call(&about, setting.args())
            .close("norms", &of_right_alone(want), Budget::sum(STEPS * UNITS))
            .line_over(
                &plot(),
                &format!("spectral radius {radius}"),
                distance(),
                Derived::of("norms").step(Step::Log10),
            );
    }
}

/// The LSTM's slope is that of its forget gate, σ(1) = 0.73 and σ(3) = 0.95, though the spectral radius of its U is 0.1.
fn forget_gates(t: &mut Suite) {
    for forget in [1.0, 3.0] {
        let blocks: Vec<Vec<f64>> = (0..4).map(|_| orthogonal(t)).collect();
        let rows =
            (0..UNITS).flat_map(|i| blocks.iter().flat_map(move |b| &b[i * UNITS..][..UNITS]).copied());
        let hidden: Vec<f64> = rows.map(|u| 0.1 * u).collect();
        let bias: Vec<f64> = (0..4 * UNITS).map(|k| if k / UNITS == 1 { forget } else { 0.0 }).collect();
        let setting = Setting {
            kind: Kind::Lstm,
            x: Tensor::zeros(vec![STEPS, 1]),
            input: t.normal(&[1, 4 * UNITS], 0.8),
            hidden: t.array(&[UNITS, 4 * UNITS], &hidden),
            bias: t.array(&[4 * UNITS], &bias),
        };
        let about = format!("an LSTM without inputs, whose forget gates have the bias {forget}");
        t.call(&about, setting.args())
            .close("norms", &of_right_alone(as_it_is(|| setting.norms())), Budget::sum(STEPS * UNITS))
            .line_over(
                &plot(),
                &format!("LSTM, forget bias {forget}"),
                distance(),
                Derived::of("norms").step(Step::Log10),
            );
    }
}
