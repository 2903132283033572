//! Cases for `regularization::weight_decay`: steps from their formula, and trainings in which decay and penalty agree or
//! part ways.

use ndarray::{Array2, Axis};
use rand::Rng;

use super::ridge::matrix;
use crate::{Args, Budget, Suite, Tensor, as_it_is, otherwise};

pub fn l2_penalty(t: &mut Suite) {
    for round in 0..60 {
        let rank = [1, 2, 4][round % 3];
        let (shape, lambda) = (t.shape(rank, 4), t.rng.gen_range(0.0..3.0_f32));
        let w = t.normal(&shape, 1.0);
        penalty(t, "random weights", w, f64::from(lambda));
    }
    let w = t.normal(&[3, 5], 1.0);
    penalty(t, "λ = 0", w, 0.0);
    penalty(t, "weights of 0", Tensor::zeros(vec![2, 3]), 0.5);
    let w = t.normal(&[1], 1.0);
    penalty(t, "a single weight", w, 0.25);
    let w = t.normal(&[3, 3, 2, 4], 1e8);
    penalty(t, "very large weights", w, 1e-4);
    let w = t.normal(&[7], 1e-8);
    penalty(t, "very small weights", w, 100.0);
}

fn penalty(t: &mut Suite, about: &str, w: Tensor, lambda: f64) {
    let (budget, lambda) = (Budget::sum(w.len()), f64::from(lambda as f32));
    t.differentiable(about, Args::new().tensor("w", w).number("lambda", lambda), budget, |args| {
        let w = args.get("w");
        let half = otherwise("the half were left out", 0.5, 1.0);
        let squares = w.mapv(|w| w * w).sum();
        let squares = otherwise("the norm were not squared", squares, squares.sqrt());
        let squares = otherwise("absolute values stood in place of squares", squares, w.mapv(f64::abs).sum());
        let count = otherwise("the mean stood in place of the sum", 1.0, w.len() as f64);
        let sum = w.sum();
        let squares = otherwise("weights were summed before they are squared", squares, sum * sum);
        let squares = otherwise("weights were summed without squares", squares, sum);
        let fourth = w.mapv(|w| w.powi(4)).sum();
        let squares = otherwise("weights were squared twice", squares, fourth);
        let largest = w.fold(0.0, |largest: f64, w| largest.max(w * w));
        let squares = otherwise("only the largest weight counted", squares, largest);
        let lambda = otherwise("`lambda` were left out", lambda, 1.0);
        let lambda = otherwise("the root of `lambda` stood in its place", lambda, lambda.sqrt());
        let lambda = otherwise("it were divided by `lambda`", lambda, 1.0 / lambda);
        Tensor::from_elem(vec![], half * lambda * squares / count)
    });
}

/// Weights and biases as one array each: biases are a row.
#[derive(Clone)]
struct Layer([Array2<f64>; 2]);

/// η, μ and λ.
#[derive(Clone, Copy)]
struct Rates {
    learning_rate: f64,
    momentum: f64,
    weight_decay: f64,
}

pub fn sgd_weight_decay(t: &mut Suite) {
    for _ in 0..32 {
        let (rates, steps) = (rates(t), t.rng.gen_range(1..=5));
        t.decisive(|t| given(t, "random gradients for a few steps", rates, steps, 1.0));
    }
    let rates = rates(t);
    t.decisive(|t| given(t, "a single step", rates, 1, 1.0));
    t.decisive(|t| given(t, "no momentum", Rates { momentum: 0.0, ..rates }, 4, 1.0));
    t.decisive(|t| given(t, "no weight decay", Rates { weight_decay: 0.0, ..rates }, 4, 1.0));
    given(t, "gradients of 0: weights decay, biases stay", rates, 4, 0.0);
    given(t, "a learning rate of 0: nothing moves", Rates { learning_rate: 0.0, ..rates }, 3, 1.0);
    for _ in 0..4 {
        let [first, second, third] = [(); 3].map(|()| self::rates(t));
        let late = Rates { learning_rate: 0.1 * first.learning_rate, ..first };
        scheduled(
            t,
            "a learning rate that falls to a tenth after two steps",
            &[first, first, late, late],
            1.0,
        );
        let rising = Rates { momentum: second.momentum, ..first };
        scheduled(t, "momentum that changes from step to step", &[first, rising, first], 1.0);
        scheduled(t, "all three change from step to step", &[first, second, third, first], 1.0);
    }
    for _ in 0..10 {
        let rates = self::rates(t);
        let about = "a training without momentum: decay and the penalty in the loss give the same weights";
        t.decisive(|t| train(t, about, Rates { momentum: 0.0, ..rates }, false));
        let about = "a training with momentum: decay is not the penalty in the loss any more";
        t.decisive(|t| train(t, about, Rates { momentum: 0.75, ..rates }, false));
        let about = "steps in Adam's direction (AdamW): decay is far from the penalty in the loss";
        t.decisive(|t| train(t, about, Rates { momentum: 0.0, ..rates }, true));
    }
}

fn rates(t: &mut Suite) -> Rates {
    let mut draw = |low: f32, high: f32| f64::from(t.rng.gen_range(low..high));
    Rates { learning_rate: draw(0.05, 0.3), momentum: draw(0.2, 0.9), weight_decay: draw(0.1, 0.8) }
}

fn layer(t: &mut Suite, (inputs, outputs): (usize, usize), std: f64) -> Layer {
    Layer([[inputs, outputs], [1, outputs]].map(|shape| matrix(&t.normal(&shape, std))))
}

fn arguments(start: &Layer, rates: Rates) -> Args {
    let [weights, biases] = &start.0;
    Args::new()
        .constant("weights", weights.clone().into_dyn())
        .constant("biases", row(biases))
        .number("learning_rate", rates.learning_rate)
        .number("momentum", rates.momentum)
        .number("weight_decay", rates.weight_decay)
}

fn row(biases: &Array2<f64>) -> Tensor {
    biases.row(0).to_owned().into_dyn()
}

/// Parameters and velocities after a step, from their formula.
fn step(parameters: &mut Layer, velocity: &mut Layer, gradients: &Layer, rates: Rates) {
    let Rates { learning_rate, momentum, weight_decay } = rates;
    let for_biases = otherwise("biases decayed as well", 0.0, weight_decay);
    for (part, decay) in [weight_decay, for_biases].into_iter().enumerate() {
        let before = parameters.0[part].clone();
        let decay = otherwise(
            "`weight_decay` were not multiplied by the learning rate",
            decay,
            decay / learning_rate,
        );
        let penalty = decay * otherwise("the decay went into the gradient", 0.0, 1.0) * &before;
        let new = otherwise("gradients counted 1 − `momentum`", 1.0, 1.0 - momentum);
        let momentum = if part == 1 { otherwise("biases had no momentum", momentum, 0.0) } else { momentum };
        let old = velocity.0[part].clone();
        let momentum = otherwise("`momentum` were left out", momentum, 0.0);
        let momentum = otherwise("the velocity did not fade", momentum, 1.0);
        let new = otherwise("`momentum` multiplied the new gradient as well", new, momentum);
        velocity.0[part] = momentum * &old + new * (&gradients.0[part] + &penalty);
        let by = otherwise("the velocity from before the step were used", &velocity.0[part], &old);
        let ahead = &gradients.0[part] + momentum * &velocity.0[part];
        let by = otherwise("the step looked ahead, as Nesterov's does", by, &ahead);
        let by = otherwise("the gradient had the other sign", by.clone(), -by);
        let moved = &before - learning_rate * by;
        let decayed = otherwise("weights decayed after the step", &before, &moved);
        let decay = otherwise("the decay went into the gradient", decay, 0.0);
        let decay = otherwise("nothing decayed", decay, 0.0);
        let decay = otherwise("the decay had the other sign", decay, -decay);
        let decay = otherwise("`weight_decay` counted twice", decay, 2.0 * decay);
        let signs = before.mapv(f64::signum);
        let decayed = otherwise("decay were that of absolute values", decayed, &signs);
        parameters.0[part] = &moved - learning_rate * decay * decayed;
    }
}

fn like(layer: &Layer) -> Layer {
    Layer([0, 1].map(|part| Array2::zeros(layer.0[part].dim())))
}

/// Steps with given gradients, normal numbers of the size `size`.
fn given(t: &mut Suite, about: &str, rates: Rates, steps: usize, size: f64) {
    scheduled(t, about, &vec![rates; steps], size);
}

/// As [`given`], with rates of its own for each step.
fn scheduled(t: &mut Suite, about: &str, schedule: &[Rates], size: f64) {
    let shape = (t.rng.gen_range(1..=4), t.rng.gen_range(1..=4));
    let (mut parameters, steps) = (layer(t, shape, 1.0), schedule.len());
    let mut args = arguments(&parameters, schedule[0]).function("SgdW::step");
    let mut velocity = like(&parameters);
    for (number, &rates) in schedule.iter().enumerate() {
        let gradients = layer(t, shape, size);
        step(&mut parameters, &mut velocity, &gradients, rates);
        let Rates { learning_rate, momentum, weight_decay } = rates;
        let rates = t.array(&[3], &[learning_rate, momentum, weight_decay]);
        args = args.constant(&format!("rates_of_step{number}"), rates);
        let [weights, biases] = &gradients.0;
        args = args.constant(&format!("weight_gradients{number}"), weights.clone().into_dyn());
        args = args.constant(&format!("bias_gradients{number}"), row(biases));
    }
    let [weights, biases] = parameters.0;
    // A handful of roundings a step; sums may cancel what is of the size 1.
    let budget = Budget::sum(steps).scale(1.0);
    t.call(about, args).close("weights", &weights.into_dyn(), budget).close("biases", &row(&biases), budget);
}

/// A linear layer and the mean squared error of its outputs.
struct Task {
    x: Array2<f64>,
    targets: Array2<f64>,
    rates: Rates,
    adam: bool,
}

const STEPS: usize = 5;

/// Adam divides a gradient by its own size: below this one, rounding would decide about a step's sign.
const SMALLEST: f64 = 1e-3;

impl Task {
    /// The gradients of the error, and of `penalty`/2 · ‖weights‖².
    fn gradients(&self, parameters: &Layer, penalty: f64) -> Layer {
        let [weights, biases] = &parameters.0;
        let residuals = self.x.dot(weights) + biases - &self.targets;
        let outer = &residuals * (2.0 / residuals.len() as f64);
        let for_biases = outer.sum_axis(Axis(0)).insert_axis(Axis(0));
        Layer([self.x.t().dot(&outer) + penalty * weights, for_biases])
    }

    /// The parameters in the end, and whether no gradient came near 0.
    fn train(&self, start: &Layer, penalty: f64, weight_decay: f64) -> (Layer, bool) {
        let (mut parameters, mut velocity) = (start.clone(), like(start));
        let (mut first, mut second, mut clear) = (like(start), like(start), true);
        for number in 1..=STEPS {
            let mut gradients = self.gradients(&parameters, penalty);
            clear &= gradients.0.iter().flatten().all(|g| g.abs() > SMALLEST);
            for part in (0..2).filter(|_| self.adam) {
                let g = &gradients.0[part];
                first.0[part] = 0.9 * &first.0[part] + 0.1 * g;
                second.0[part] = 0.999 * &second.0[part] + 0.001 * (g * g);
                let mean = &first.0[part] / (1.0 - 0.9f64.powi(number as i32));
                let square = &second.0[part] / (1.0 - 0.999f64.powi(number as i32));
                gradients.0[part] = mean / (square.mapv(f64::sqrt) + 1e-8);
            }
            step(&mut parameters, &mut velocity, &gradients, Rates { weight_decay, ..self.rates });
        }
        (parameters, clear)
    }
}

/// The same training twice: with decay, and with the penalty of the same λ in the loss.
fn train(t: &mut Suite, about: &str, rates: Rates, adam: bool) {
    loop {
        let (n, inputs, outputs) = (t.rng.gen_range(2..=6), t.rng.gen_range(1..=3), t.rng.gen_range(1..=2));
        let (x, targets) = (t.normal(&[n, inputs], 1.0), t.normal(&[n, outputs], 2.0));
        let start = layer(t, (inputs, outputs), 1.0);
        let task = Task { x: matrix(&x), targets: matrix(&targets), rates, adam };
        let both = || {
            let (decayed, clear) = task.train(&start, 0.0, rates.weight_decay);
            let (penalised, also_clear) = task.train(&start, rates.weight_decay, 0.0);
            (decayed, penalised, clear && also_clear)
        };
        if !as_it_is(both).2 {
            continue;
        }
        let (decayed, penalised, _) = both();
        let args = arguments(&start, rates).constant("x", x).constant("targets", targets);
        let args = args.count("steps", STEPS).flag("adam", adam);
        // Sums over at most six examples of products of the size of the targets, in each of five steps; Adam's quotients
        // pass a gradient's relative error on, and none is smaller than a thousandth of these products.
        let budget = Budget::sum(6 * STEPS).scale(if adam { 100.0 } else { 4.0 });
        let case = t.call(about, args);
        for (name, Layer([weights, biases])) in [("decayed", decayed), ("penalised", penalised)] {
            case.close(&format!("{name}_weights"), &weights.into_dyn(), budget);
            case.close(&format!("{name}_biases"), &row(&biases), budget);
        }
        return;
    }
}
