//! Cases for `first_steps::overfit_one_batch`: attempts in double precision, with goals that lie well between two losses.

use ndarray::{Array1, Array2};
use rand::Rng;

use super::{
    single,
    training::{CLASSES, Examples, Model, curve, some_examples, some_model},
};
use crate::{
    Args, Budget, Plot, Rule, Suite, Tensor, as_it_is, otherwise,
    suppose::{is_supposing, of_right_texts},
};

/// More than any batch here has examples, so that every one of them can be learnt.
const FEATURES: usize = 8;

/// How an attempt is made.
#[derive(Clone, Copy)]
struct Plan {
    rate: f64,
    goal: f64,
    most_steps: usize,
}

pub fn overfit_one_batch(t: &mut Suite) {
    for _ in 0..8 {
        t.decisive(|t| learnt(t, 0));
        t.decisive(|t| learnt(t, 3));
        t.decisive(stuck);
    }
    contradiction(t);
    // What follows is known of right attempts alone.
    if is_supposing() {
        return;
    }
    by_dice(t);
    diverged(t);
    let (model, batch) = (some_model(t, 2), some_examples(t, 3, 2));
    let plan = Plan { rate: 0.1, goal: 0.1, most_steps: 0 };
    t.call("no step at all", arguments(&model, &batch, plan))
        .check("end", says("stuck"))
        .check("losses", Rule::Shape { shape: vec![0] });
    let wrong = Examples { labels: vec![0, 7, 1], ..batch };
    t.call("a label that is no class", arguments(&model, &wrong, Plan { most_steps: 3, ..plan }))
        .refuses(&["7"]);
}

fn arguments(model: &Model, batch: &Examples, plan: Plan) -> Args {
    let args = model.arguments(Args::new()).constant("x", batch.x.clone()).indexes("labels", &batch.labels);
    args.number("learning_rate", single(plan.rate))
        .number("goal", single(plan.goal))
        .count("most_steps", plan.most_steps)
}

fn says(end: &str) -> Rule {
    of_right_texts(end.to_owned())
}

/// The losses of so many steps.
fn losses(model: &mut Model, batch: &Examples, rate: f64, steps: usize) -> Vec<f64> {
    (0..steps).map(|_| model.step(batch, single(rate))).collect()
}

/// What comes of `steps` steps, and how the attempt ends with them.
fn attempt(
    t: &mut Suite,
    about: &str,
    (mut model, batch): (Model, Examples),
    plan: Plan,
    end: (usize, &str),
) {
    let args = arguments(&model, &batch, plan);
    let (steps, end) = end;
    let another = if steps < plan.most_steps { steps + 1 } else { steps };
    let steps = otherwise("one step more were made after the goal is met", steps, another);
    let steps = otherwise("all steps that are allowed were made", steps, plan.most_steps);
    let losses = losses(&mut model, &batch, plan.rate, steps);
    // Sums over eight features, in up to thirty steps that do not magnify what they round.
    let budget = Budget::sum(60).scale(1.0);
    t.call(about, args)
        .check("end", says(end))
        .close("losses", &curve(&losses), budget)
        .close("weights", &model.weights.into_dyn(), budget)
        .close("biases", &model.biases.into_dyn(), budget);
}

/// A goal half-way down a step: which loss is the first below it is no matter of rounding. So many steps would be left.
fn learnt(t: &mut Suite, left: usize) {
    let (n, steps) = (t.rng.gen_range(2..=4), t.rng.gen_range(3..=16));
    let (learner, rate, goal) = loop {
        let learner = (some_model(t, FEATURES), some_examples(t, n, FEATURES));
        let rate = t.rng.gen_range(0.1..0.3);
        let down = as_it_is(|| losses(&mut learner.0.clone(), &learner.1, rate, steps));
        let goal = (down[steps - 1] + down[steps - 2]) / 2.0;
        // A loss that has jumped below the goal before would end the attempt earlier.
        if down[..steps - 1].iter().all(|loss| loss - goal > 1e-3) {
            break (learner, rate, goal);
        }
    };
    let about = match left {
        0 => "the last step that is allowed meets the goal",
        _ => "the goal is met before all steps are made",
    };
    attempt(t, about, learner, Plan { rate, goal, most_steps: steps + left }, (steps, "learnt"));
}

fn stuck(t: &mut Suite) {
    let (n, steps) = (t.rng.gen_range(2..=6), t.rng.gen_range(2..=8));
    let (model, batch) = (some_model(t, FEATURES), some_examples(t, n, FEATURES));
    let plan = Plan { rate: t.rng.gen_range(0.05..0.2), goal: 1e-4, most_steps: steps };
    attempt(t, "too few steps for the goal", (model, batch), plan, (steps, "stuck"));
}

fn untrained(features: usize) -> Model {
    Model { weights: Array2::zeros((features, CLASSES)), biases: Array1::zeros(CLASSES) }
}

/// Half of the rows want one answer, the other half another: no loss below ln 2.
fn contradiction(t: &mut Suite) {
    let x = Tensor::from_shape_fn(vec![2, 2], |at| [1.0, -0.5][at[1]]);
    let (model, batch) = (untrained(2), Examples { x, labels: vec![0, 2] });
    let plan = Plan { rate: 0.5, goal: 0.1, most_steps: 30 };
    let args = arguments(&model, &batch, plan);
    let (wanted, budget) = (losses(&mut model.clone(), &batch, 0.5, 30), Budget::sum(60).scale(1.0));
    t.call("the same example twice, under two labels: it can't be learnt", args)
        .check("end", says("stuck"))
        .close("losses", &curve(&wanted), budget)
        .line(&plot(), "one example, two labels", "losses");
}

/// Nothing connects these labels with their examples, and they are learnt all the same.
fn by_dice(t: &mut Suite) {
    let (model, batch) = (untrained(20), some_examples(t, 10, 20));
    let plan = Plan { rate: 0.5, goal: 0.05, most_steps: 1000 };
    t.call("ten examples with labels by dice, twenty features", arguments(&model, &batch, plan))
        .check("end", says("learnt"))
        .line(&plot(), "labels by dice", "losses");
}

fn plot() -> Plot {
    Plot::new("One batch by heart", "step", "loss")
}

/// After the first step the weights are infinite, and the second loss is no number.
fn diverged(t: &mut Suite) {
    let size = single(10_f64.powf(t.rng.gen_range(20.5..22.0)));
    let x = Tensor::from_shape_fn(vec![1, 1], |_| size);
    let plan = Plan { rate: 1e20, goal: 0.1, most_steps: 6 };
    t.call(
        "numbers so large that the first step overflows",
        arguments(&untrained(1), &Examples { x, labels: vec![1] }, plan),
    )
    .check("end", says("diverged"))
    .check("losses", Rule::Shape { shape: vec![2] });
}
