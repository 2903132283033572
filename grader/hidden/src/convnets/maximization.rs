//! Cases for `convnets::maximization`: ascents step by step in double precision, jitter by where it goes, and EfficientNet
//! by how much it likes what was found.

mod parts;
mod pictures;

use rand::Rng;

use self::parts::blurred;
use crate::{Args, Budget, Derived, Rule, Statistic, Suite, Tensor, is_supposed, otherwise};

pub use pictures::full;

pub fn activation_maximization(t: &mut Suite) {
    parts::activations(t);
    parts::blurs(t);
    ascents(t);
    jitters(t);
    pictures::bundled(t);
}

/// A channel, or one of its units.
#[derive(Clone, Copy)]
struct Target {
    channel: usize,
    place: Option<(usize, usize)>,
}

impl Target {
    fn draw(t: &mut Suite, maps: &[usize], unit: bool) -> Self {
        let [row, column, channel] = [1, 2, 3].map(|axis| t.rng.gen_range(0..maps[axis]));
        Self { channel, place: unit.then_some((row, column)) }
    }

    fn add(self, args: Args) -> Args {
        let args = args.count("channel", self.channel);
        match self.place {
            Some((row, column)) => args.count("row", row).count("column", column),
            None => args,
        }
    }

    fn contains(self, row: usize, column: usize) -> bool {
        self.place.is_none_or(|place| place == (row, column))
    }

    fn mean(self, maps: &Tensor) -> f64 {
        let inside = maps
            .indexed_iter()
            .filter(|(at, _)| at[3] == self.channel && self.contains(at[1], at[2]))
            .map(|(_, x)| x);
        let (sum, n) = inside.fold((0.0, 0.0), |(sum, n), x| (sum + x, n + 1.0));
        sum / n
    }
}

/// A network that sees each pixel by itself, and how to climb it.
struct Climb {
    start: Tensor,
    weight: Tensor,
    tanh: bool,
    target: Target,
    steps: usize,
    step_size: f64,
    decay: f64,
    blur_every: usize,
    jitter: usize,
}

impl Climb {
    fn draw(t: &mut Suite, shape: &[usize], unit: bool) -> Self {
        let outputs = t.rng.gen_range(1..=3);
        let single = |x: f32| f64::from(x);
        let tanh = t.rng.gen_bool(0.5);
        // Near ±1, 1 − tanh² keeps hardly a digit in single precision: weights that don't take it there.
        let std = if tanh { 0.1 } else { 0.5 };
        Self {
            start: t.normal(shape, 0.5),
            weight: t.normal(&[shape[3], outputs], std),
            tanh,
            target: Target::draw(t, &[shape[0], shape[1], shape[2], outputs], unit),
            steps: t.rng.gen_range(1..=4),
            step_size: single(t.rng.gen_range(0.05..0.5)),
            decay: single([0.0, 0.02, 0.3][t.rng.gen_range(0..3)]),
            blur_every: t.rng.gen_range(0..=3),
            jitter: 0,
        }
    }

    fn args(&self, seed: usize) -> Args {
        let args = Args::new().constant("start", self.start.clone()).constant("weight", self.weight.clone());
        let args =
            self.target.add(args.flag("tanh", self.tanh).count("steps", self.steps).count("seed", seed));
        let args = args.number("step_size", self.step_size).number("decay", self.decay);
        args.count("blur_every", self.blur_every).count("jitter", self.jitter)
    }

    /// The target's channel of every pixel (n, h, w, 1).
    fn channel(&self, x: &Tensor) -> Tensor {
        let shape = [&x.shape()[..3], &[1]].concat();
        Tensor::from_shape_fn(shape, |at| {
            let products = (0..x.shape()[3])
                .map(|c| x[[at[0], at[1], at[2], c]] * self.weight[[c, self.target.channel]]);
            let sum: f64 = products.sum();
            if self.tanh { sum.tanh() } else { sum }
        })
    }

    /// The gradient of the mean activation.
    fn gradient(&self, x: &Tensor, y: &Tensor) -> Tensor {
        let n = x.shape()[0] * if self.target.place.is_some() { 1 } else { x.shape()[1] * x.shape()[2] };
        Tensor::from_shape_fn(x.raw_dim(), |at| {
            let y = y[[at[0], at[1], at[2], 0]];
            let slope = if self.tanh { 1.0 - y * y } else { 1.0 };
            let inside = f64::from(u8::from(self.target.contains(at[1], at[2])));
            inside * slope * self.weight[[at[3], self.target.channel]] / n as f64
        })
    }

    /// The image and the activation before each step, without jitter.
    fn climbed(&self) -> (Tensor, Vec<f64>) {
        let (mut x, mut activations) = (self.start.clone(), Vec::new());
        let target = Target { channel: 0, ..self.target };
        for step in 1..=self.steps {
            let y = self.channel(&x);
            activations.push(target.mean(&y));
            let g = self.gradient(&x, &y);
            let length = (g.mapv(|g| g * g).sum() / g.len() as f64).sqrt() + 1e-8;
            let largest = g.fold(0.0, |most: f64, g| most.max(g.abs())) + 1e-8;
            let length =
                otherwise("the gradient were divided by its largest element's size", length, largest);
            let sizes = g.mapv(f64::abs).mean().unwrap_or_default() + 1e-8;
            let length = otherwise("the gradient were divided by the mean of its sizes", length, sizes);
            let length = otherwise(
                "the gradient were divided by its mean square, without a root",
                length,
                length * length,
            );
            let g = if is_supposed("the gradient's signs stood in its place") {
                g.mapv(|g| if g == 0.0 { 0.0 } else { length * g.signum() })
            } else {
                g
            };
            let eta = otherwise(
                "steps got shorter: `step_size` divided by their number",
                self.step_size,
                self.step_size / step as f64,
            );
            let decay = otherwise("there were no decay", self.decay, 0.0);
            let decayed =
                otherwise("the image were multiplied by `decay`, not by 1 − `decay`", 1.0 - decay, decay);
            x = (x + g * (eta / length)) * decayed;
            if is_supposed("the start were added again after each step") {
                x += &self.start;
            }
            if self.blur_every > 0 && step % self.blur_every == 0 {
                x = blurred(&x);
            }
        }
        (x, activations)
    }

    fn check(&self, t: &mut Suite, about: &str) {
        let (image, activations) = self.climbed();
        let seed = t.seed();
        // Up to four steps, each of which rounds what the one before it left: four times as long a chain, at the size of
        // the largest pixel. A unit's pixel moves by η · √(numbers in the image), and its slope is that of a saturated tanh.
        let largest = image.fold(1.0, |most: f64, x| most.max(x.abs()));
        let budget = Budget::sum(self.weight.shape()[0]).times(4.0 * self.steps.max(1) as f64).scale(largest);
        let want = t.array(&[activations.len()], &activations);
        t.call(about, self.args(seed)).close("activations", &want, budget).close("image", &image, budget);
    }
}

fn ascents(t: &mut Suite) {
    for round in 0..64 {
        let about = if round % 2 == 0 { "some steps towards a unit" } else { "some steps towards a channel" };
        t.decisive(|t| {
            let shape = [2, 4, 5, 3].map(|most| t.rng.gen_range(1..=most));
            Climb::draw(t, &shape, round % 2 == 0).check(t, about);
        });
    }
    let shape = [1, 3, 4, 2];
    for (about, decay, blur_every) in [
        ("a step that is nothing but uphill", 0.0, 0),
        ("a step with decay, which also takes from what the step has added", 0.25, 0),
        ("a step with blur", 0.0, 1),
    ] {
        t.decisive(|t| {
            let climb = Climb::draw(t, &shape, false);
            Climb { decay, blur_every, steps: 1, ..climb }.check(t, about);
        });
    }
    t.decisive(|t| {
        let climb = Climb::draw(t, &shape, false);
        Climb { blur_every: 3, steps: 4, ..climb }.check(t, "a blur after the third of four steps");
    });
    let climb = Climb::draw(t, &shape, true);
    Climb { steps: 0, ..climb }.check(t, "no steps: the image is the start");
    for size in [1e-6, 1e4] {
        let climb = Climb::draw(t, &shape, false);
        // A slope that tanh does not bend away.
        let weight = climb.weight.mapv(|w| f64::from((w * size) as f32));
        let about = if size < 1.0 {
            "a tiny gradient: the step is as long"
        } else {
            "a huge gradient: the step is no longer"
        };
        let climb = Climb { weight, tanh: false, ..climb };
        // Its activations are as large as its weights.
        let (image, _) = climb.climbed();
        t.call(about, climb.args(1)).close("image", &image, Budget::sum(2).times(16.0).scale(3.0));
    }
    let climb = Climb::draw(t, &shape, false);
    let weight = Tensor::zeros(climb.weight.raw_dim());
    Climb { weight, steps: 3, ..climb }.check(t, "a channel that nothing excites: no slope, no step, no NaN");
}

fn jitters(t: &mut Suite) {
    for _ in 0..16 {
        let shape = [1, t.rng.gen_range(1..=5), t.rng.gen_range(1..=6), t.rng.gen_range(1..=3)];
        let jitter = t.rng.gen_range(1..=8);
        let about =
            "jitter under a network that treats all pixels alike: it makes no difference once moved back";
        t.decisive(|t| {
            let climb = Climb::draw(t, &shape, false);
            Climb { jitter, ..climb }.check(t, about);
        });
    }
    // One pixel is excited, and which one it is that moves there is chance: 25 of them, each in one of 25 steps. One is left
    // out in 500 steps with a probability of 25 · 0.96⁵⁰⁰ = 3 · 10⁻⁸.
    for (size, unit) in [((9, 11), (4, 6)), ((12, 8), (6, 3))] {
        let climb = Climb {
            start: Tensor::zeros(vec![1, size.0, size.1, 1]),
            weight: Tensor::ones(vec![1, 1]),
            tanh: false,
            target: Target { channel: 0, place: Some(unit) },
            steps: 500,
            step_size: 0.01,
            decay: 0.0,
            blur_every: 0,
            jitter: 2,
        };
        let start = climb.start.clone();
        let beyond = Tensor::from_shape_fn(start.raw_dim(), |at| {
            f64::from(u8::from(at[1].abs_diff(unit.0) > 2 || at[2].abs_diff(unit.1) > 2))
        });
        let pixels = start.len() as f64;
        let untouched = (pixels - 25.0) / pixels;
        let seed = t.seed();
        // Each is hit 20 times, with a deviation of 4.4: more than 50 are a matter of 10⁻⁸.
        let hit = 0.01 * ((size.0 * size.1) as f64).sqrt();
        t.call("jitter of up to 2 pixels, for rows and columns, up and down", climb.args(seed))
            .within(Derived::of("image").times(&beyond), 0.0, 0.0)
            .within(Derived::of("image").equal(&start), untouched, untouched)
            .statistic("image", Statistic::Max, 20.0 * hit, 50.0 * hit)
            .also(climb.args(seed))
            .check("image", Rule::SameAs { call: 0, output: "image".to_owned() })
            .also(climb.args(seed + 1))
            .check("image", Rule::DiffersFrom { call: 0, output: "image".to_owned() });
    }
}
