//! Cases for `tricks::batch_norm`: the formulas of Ioffe & Szegedy 2015, algorithms 1 and 2 and the gradients of §3, per
//! channel in double precision.

use ndarray::Axis;
use rand::Rng;

use crate::{Args, Budget, Case, Suite, Tensor, is_supposed, otherwise, suppose::of_right_alone};

pub fn batch_norm_train(t: &mut Suite) {
    for _ in 0..40 {
        let (n, c) = (t.rng.gen_range(2..=12), t.rng.gen_range(1..=6));
        t.decisive(|t| Layer::draw(t, &[n, c]).train(t, "random features"));
        let [n, h, w, c] = [3, 4, 5, 3].map(|longest| t.rng.gen_range(1..=longest));
        t.decisive(|t| {
            Layer::draw(t, &[n, h + usize::from(n * h * w == 1), w, c]).train(t, "random images");
        });
    }
    Layer::draw(t, &[1, 3, 5, 2]).train(t, "a batch of one image, not square");
    Layer::draw(t, &[6, 1, 1, 3]).train(t, "images of one pixel");
    Layer::draw(t, &[9, 1]).train(t, "one channel");
    for _ in 0..4 {
        t.decisive_or_vanishing(|t| {
            Layer::draw(t, &[2, 3]).train(t, "a batch of two, whose gradients cancel");
        });
    }
    for (momentum, about) in
        [(1.0, "momentum 1: only the newest batch counts"), (0.0, "momentum 0: nothing is remembered")]
    {
        Layer { momentum, ..Layer::draw(t, &[5, 3]) }.train(t, about);
    }
    let drawn = Layer::draw(t, &[6, 2]);
    let mut x = drawn.x.clone();
    x.index_axis_mut(Axis(1), 0).fill(0.5);
    Layer { x, ..drawn }.train(t, "a channel that is constant in this batch");
    extremes(t, Layer::train);
    for (shape, has) in [(&[1, 3][..], "has 1"), (&[1, 1, 1, 2], "has 1"), (&[0, 3], "has 0")] {
        let about = format!("a batch of shape {shape:?}, which has fewer than two values in each channel");
        let layer = Layer::draw(t, shape);
        t.call(&about, layer.args()).refuses(&[has]);
    }
}

pub fn batch_norm_eval(t: &mut Suite) {
    for _ in 0..40 {
        let (n, c) = (t.rng.gen_range(1..=12), t.rng.gen_range(1..=6));
        Layer::draw(t, &[n, c]).eval(t, "random features");
        let [n, h, w, c] = [3, 4, 5, 3].map(|longest| t.rng.gen_range(1..=longest));
        Layer::draw(t, &[n, h, w, c]).eval(t, "random images");
    }
    Layer::draw(t, &[1, 4]).eval(t, "a batch of one example");
    Layer::draw(t, &[1, 3, 5, 2]).eval(t, "a batch of one image, not square");
    let drawn = Layer::draw(t, &[4, 2]);
    let variance = t.array(&[2], &[0.0, 1.0]);
    Layer { variance, ..drawn }.eval(t, "a running variance of 0, which only ε keeps from dividing by 0");
    extremes(t, Layer::eval);
}

/// Inputs of unusual size, for `check` to go through.
fn extremes(t: &mut Suite, check: fn(Layer, &mut Suite, &str)) {
    let epsilon = f64::from(1e-5f32);
    for (spread, centre, about) in [
        (1e-3, 0.0, "very small values, next to which ε counts"),
        (1e5, 0.0, "very large values"),
        (1.0, 512.0, "values far from 0 compared with their spread"),
    ] {
        t.decisive_or_vanishing(|t| {
            let drawn = Layer::draw(t, &[12, 3]);
            let move_to = |x: f64| f64::from((centre + spread * x) as f32);
            let (x, mean) = (t.normal(&[12, 3], 1.0).mapv(move_to), t.normal(&[3], 1.0).mapv(move_to));
            let variance = t.uniform(&[3], 0.5, 2.0).mapv(|v| f64::from((spread * spread * v) as f32));
            let budget = if centre > 0.0 { Budget::worst_case(12) } else { drawn.budget };
            check(Layer { x, mean, variance, epsilon, budget, ..drawn }, t, about);
        });
    }
}

/// The layer, what it remembers, its input and the cotangent of its output.
struct Layer {
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    mean: Tensor,
    variance: Tensor,
    momentum: f64,
    epsilon: f64,
    d_y: Tensor,
    /// Of sums over a channel.
    budget: Budget,
}

impl Layer {
    /// Channels of different means and spreads, and an ε that is sometimes large enough to tell where it belongs.
    fn draw(t: &mut Suite, shape: &[usize]) -> Self {
        let c = &shape[shape.len() - 1..];
        let (centre, spread) = (t.normal(c, 2.0), t.uniform(c, 0.5, 2.0));
        let momentum = [0.1f32, 0.1, 0.3][t.rng.gen_range(0..3)];
        let epsilon = [1e-5f32, 1e-3, 0.1, 1.0][t.rng.gen_range(0..4)];
        Self {
            x: (t.normal(shape, 1.0) * spread + centre).mapv(|x| f64::from(x as f32)),
            gamma: t.normal(c, 1.5),
            beta: t.normal(c, 1.0),
            mean: t.normal(c, 2.0),
            variance: t.uniform(c, 0.5, 2.0),
            momentum: f64::from(momentum),
            epsilon: f64::from(epsilon),
            d_y: t.normal(shape, 1.0),
            budget: Budget::sum(shape[..shape.len() - 1].iter().product()),
        }
    }

    fn args(&self) -> Args {
        Args::new()
            .constant("x", self.x.clone())
            .constant("gamma", self.gamma.clone())
            .constant("beta", self.beta.clone())
            .constant("running_mean", self.mean.clone())
            .constant("running_variance", self.variance.clone())
            .number("momentum", self.momentum)
            .number("epsilon", self.epsilon)
            .constant("d_y", self.d_y.clone())
    }
}

/// What a layer answers, and how large its intermediate values are, which is what roundings are measured by.
struct Answer {
    y: Tensor,
    /// The input's gradient while the statistics are held fixed.
    d_x: Tensor,
    d_gamma: Tensor,
    d_beta: Tensor,
    normalized: Tensor,
    std: Tensor,
    /// Each channel's largest |x| or |mean| over its std: how many times the roundings of x grow by normalizing.
    offset: Tensor,
}

impl Layer {
    /// Checks a training step: the batch's own statistics normalize, and the running ones move towards them.
    fn train(self, t: &mut Suite, about: &str) {
        let values = self.x.len() / self.gamma.len();
        let m = values as f64;
        let mean = sum(&self.x) / m;
        let centred = &self.x - &mean;
        let squares = sum(&centred.mapv(|d| d * d));
        let variance = &squares / m;
        let squares = otherwise("squares were summed up, not averaged", squares.clone(), squares * m);
        let normalizing =
            squares / otherwise("the batch were normalized by the variance with m − 1", m, m - 1.0);
        let by = (&mean, &normalizing);
        let running = (&self.mean, &self.variance);
        let (by_mean, by_variance) = otherwise("the running statistics normalized the batch", by, running);
        let none = &mean * 0.0;
        let by_mean = otherwise("no mean were subtracted", by_mean, &none);
        let by_mean = otherwise("the running mean were subtracted", by_mean, &self.mean);
        let by_variance = otherwise("the running variance normalized the batch", by_variance, &self.variance);
        let mut want = self.normalized_by(by_mean, by_variance);
        // §3 of the paper with both ways through the statistics: γ/std · (d_y − mean(d_y) − x̂ · mean(d_y · x̂)).
        let through_mean = sum(&self.d_y) / m;
        let through_variance = sum(&(&self.d_y * &want.normalized)) / m;
        let slope = &self.gamma / &want.std;
        want.d_x = (&self.d_y - &through_mean - &want.normalized * &through_variance) * &slope;
        // The three terms may cancel; each is as large as γ/std · d_y, and x̂ brings in the error of centring.
        let errors = largest(&want.normalized) * &want.offset + 1.0;
        let scale = max(&(largest(&self.d_y) * &slope * errors));

        let (old, new) = (1.0 - self.momentum, self.momentum);
        let (old, new) = otherwise("`momentum` and 1 − `momentum` were exchanged", (old, new), (new, old));
        let new = otherwise("what is new counted in full", new, 1.0);
        let keep = otherwise("what was there before did not fade", old, 1.0);
        let running_mean = &self.mean * keep + &mean * new;
        let running_mean = otherwise("the running mean stayed what it was", running_mean, self.mean.clone());
        let running_mean = otherwise("the batch's mean replaced the running one", running_mean, mean.clone());
        let unbiased = otherwise("the batch's variance were divided by m", m / (m - 1.0), 1.0);
        let unbiased = otherwise("m − 1 and m were exchanged", unbiased, (m - 1.0) / m);
        let running_variance = &self.variance * keep + &variance * (new * unbiased);
        let stayed = self.variance.clone();
        let running_variance = otherwise("the running variance stayed what it was", running_variance, stayed);
        let with_epsilon = &running_variance + new * self.epsilon;
        let running_variance =
            otherwise("`epsilon` were in the running variance as well", running_variance, with_epsilon);
        // An error ε|x| in centring is an error 2ε|x|·|x − μ| in the variance.
        let squares = largest(&self.x) * largest(&centred) * (2.0 * self.momentum);
        let budget = self.budget;
        self.check(t, about, &want, budget.scale(scale))
            .close("running_mean", &running_mean, budget.scale(self.momentum * max(&self.x)))
            .close("running_variance", &running_variance, budget.scale(max(&squares)));
    }

    /// Checks an evaluation: the running statistics normalize, and stay what they are.
    fn eval(self, t: &mut Suite, about: &str) {
        let m = (self.x.len() / self.gamma.len()) as f64;
        let mean = sum(&self.x) / m;
        let variance = sum(&(&self.x - &mean).mapv(|d| d * d)) / m;
        let own = is_supposed("the batch's own statistics normalized it");
        let want = if own {
            self.normalized_by(&mean, &variance)
        } else if is_supposed("the batch's own mean were subtracted") {
            self.normalized_by(&mean, &self.variance)
        } else if is_supposed("the batch's own variance normalized it") {
            self.normalized_by(&self.mean, &variance)
        } else if is_supposed("no mean were subtracted") {
            self.normalized_by(&(&mean * 0.0), &self.variance)
        } else if is_supposed("the running mean and the running variance were exchanged") {
            self.normalized_by(&self.variance, &self.mean)
        } else {
            self.normalized_by(&self.mean, &self.variance)
        };
        self.check(t, about, &want, Budget::elementwise())
            .close("running_mean", &self.mean, Budget::exact())
            .close("running_variance", &self.variance, Budget::exact());
    }

    fn normalized_by(&self, mean: &Tensor, variance: &Tensor) -> Answer {
        let epsilon = otherwise("`epsilon` were left out", self.epsilon, 0.0);
        let outside = is_supposed("`epsilon` were added to the root");
        let root = |v: f64| if outside { v.sqrt() + epsilon } else { (v + epsilon).sqrt() };
        let std = variance.mapv(|v| otherwise("no root were taken", root(v), v + epsilon));
        let normalized = (&self.x - mean) / &std;
        let normalized = if is_supposed("it were multiplied by the std, and not divided") {
            (&self.x - mean) * &std
        } else if is_supposed("each example were normalized along its channels") {
            self.along_channels(epsilon)
        } else {
            normalized
        };
        Answer {
            y: self.scaled(&normalized),
            d_x: &self.d_y * &(&self.gamma / &std),
            d_gamma: sum(&(&self.d_y * &normalized)),
            d_beta: sum(&self.d_y),
            normalized,
            offset: (largest(&self.x) + mean.mapv(f64::abs)) / &std,
            std,
        }
    }

    fn scaled(&self, normalized: &Tensor) -> Tensor {
        let (gamma, beta) = (&self.gamma, &self.beta);
        let (gamma, beta) = otherwise("`gamma` and `beta` were exchanged", (gamma, beta), (beta, gamma));
        if is_supposed("`beta` were added before `gamma` multiplies") {
            (normalized + beta) * gamma
        } else if is_supposed("`gamma` were left out") {
            normalized + beta
        } else if is_supposed("`beta` were left out") {
            normalized * gamma
        } else if is_supposed("`beta` were subtracted") {
            normalized * gamma - beta
        } else if is_supposed("1 + `gamma` multiplied") {
            normalized * (gamma + 1.0) + beta
        } else {
            normalized * gamma + beta
        }
    }

    /// Every example, or pixel, by the statistics of its own channels.
    fn along_channels(&self, epsilon: f64) -> Tensor {
        let last = Axis(self.x.ndim() - 1);
        let mean = |x: &Tensor| x.mean_axis(last).unwrap_or_default().insert_axis(last);
        let centred = &self.x - &mean(&self.x);
        let variance = mean(&centred.mapv(|d| d * d));
        centred / variance.mapv(|v| (v + epsilon).sqrt())
    }

    /// A case with the checks that training and evaluation share.
    fn check<'t>(&self, t: &'t mut Suite, about: &str, want: &Answer, d_x: Budget) -> &'t mut Case {
        let budget = self.budget;
        let d_y = largest(&self.d_y);
        t.call(about, self.args())
            .close("y", &want.y, budget.scale(max(&(&self.gamma * &want.offset)) + max(&self.beta)))
            .close("d_x", &of_right_alone(want.d_x.clone()), d_x)
            .close(
                "d_gamma",
                &of_right_alone(want.d_gamma.clone()),
                budget.scale(max(&(&d_y * &want.offset))),
            )
            .close("d_beta", &of_right_alone(want.d_beta.clone()), budget.scale(max(&d_y)))
    }
}

/// Folds all axes but the last, the channels, starting from 0.
fn fold(x: &Tensor, f: fn(f64, f64) -> f64) -> Tensor {
    (1..x.ndim()).fold(x.clone(), |x, _| x.fold_axis(Axis(0), 0.0, |&so_far, &x| f(so_far, x)))
}

/// The sum of each channel.
fn sum(x: &Tensor) -> Tensor {
    fold(x, |sum, x| sum + x)
}

/// The largest absolute value of each channel.
fn largest(x: &Tensor) -> Tensor {
    fold(x, |largest, x| largest.max(x.abs()))
}

/// The largest absolute value of all.
fn max(x: &Tensor) -> f64 {
    x.fold(0.0, |largest: f64, x| largest.max(x.abs()))
}
