//! Cases for `first_steps::training`: trainings whose order makes no difference, in double precision, and the order of others,
//! read off the losses that examples have while nothing is learnt.

use ndarray::{Array1, Array2, Axis, Slice};
use rand::Rng;

use super::{
    classification::{hot, losses, mean_loss, probabilities, some_labels},
    matrix, number, single, vector,
};
use crate::{Args, Budget, Derived, Plot, Rule, Statistic, Suite, Tensor, otherwise, suppose::is_supposing};

pub(super) const CLASSES: usize = 3;

/// Feature vectors with their classes.
#[derive(Clone)]
pub(super) struct Examples {
    pub(super) x: Tensor,
    pub(super) labels: Vec<usize>,
}

/// Weights (features, classes) and biases (classes,).
#[derive(Clone)]
pub(super) struct Model {
    pub(super) weights: Array2<f64>,
    pub(super) biases: Array1<f64>,
}

impl Model {
    fn logits(&self, x: &Tensor) -> Tensor {
        (matrix(x).dot(&self.weights) + &self.biases).into_dyn()
    }

    fn loss(&self, examples: &Examples) -> f64 {
        mean_loss(&self.logits(&examples.x), &examples.labels)
    }

    /// The loss before the step.
    pub(super) fn step(&mut self, batch: &Examples, learning_rate: f64) -> f64 {
        let (loss, n) = (self.loss(batch), batch.labels.len() as f64);
        let classes = self.biases.len();
        let n = otherwise("the gradient of a sum stood in place of that of the mean", n, 1.0);
        let outer = matrix(&(probabilities(&self.logits(&batch.x)) - hot(&batch.labels, classes))) / n;
        let for_weights = otherwise("the weights stayed what they are", learning_rate, 0.0);
        self.weights = &self.weights - matrix(&batch.x).t().dot(&outer) * for_weights;
        let outer = otherwise("the sign of the step were the other", outer.clone(), -outer);
        let learning_rate = otherwise("the learning rate were left out", learning_rate, 1.0);
        let rate = otherwise("the biases stayed what they are", learning_rate, 0.0);
        self.biases = &self.biases - outer.sum_axis(Axis(0)) * rate;
        otherwise("the loss were that after the step", loss, self.loss(batch))
    }

    pub(super) fn arguments(&self, args: Args) -> Args {
        let args = args.constant("weights", self.weights.clone().into_dyn());
        args.constant("biases", self.biases.clone().into_dyn())
    }
}

pub(super) fn some_model(t: &mut Suite, features: usize) -> Model {
    let (weights, biases) = (t.normal(&[features, CLASSES], 0.7), t.normal(&[CLASSES], 0.7));
    Model { weights: matrix(&weights), biases: vector(&biases) }
}

pub(super) fn some_examples(t: &mut Suite, n: usize, features: usize) -> Examples {
    Examples { x: t.normal(&[n, features], 1.0), labels: some_labels(t, n, CLASSES) }
}

pub(super) fn curve(values: &[f64]) -> Tensor {
    Array1::from(values.to_vec()).into_dyn()
}

pub fn training_loop(t: &mut Suite) {
    for _ in 0..12 {
        let n = t.rng.gen_range(1..=6);
        t.decisive(|t| one_step(t, n));
    }
    for _ in 0..6 {
        let (n, epochs) = (t.rng.gen_range(2..=6), t.rng.gen_range(1..=5));
        t.decisive(|t| {
            let (train, size) = (some_examples(t, n, 3), n + t.rng.gen_range(0..3));
            trained(t, "all examples in one batch", &train, (epochs, size));
        });
        let (n, size) = (t.rng.gen_range(5..=9), t.rng.gen_range(2..=4));
        t.decisive(|t| {
            let one = some_examples(t, 1, 3);
            let rows = one.x.broadcast(vec![n, 3]).map(|x| x.to_owned()).unwrap_or_default();
            let train = Examples { x: rows, labels: vec![one.labels[0]; n] };
            trained(t, "one example again and again, in several batches", &train, (epochs, size));
        });
    }
    // What follows is known of right trainings alone.
    if is_supposing() {
        return;
    }
    for _ in 0..3 {
        t.decisive(weighted);
    }
    shuffled(t);
    refusals(t);
    blobs(t);
}

fn one_step(t: &mut Suite, n: usize) {
    let (mut model, batch) = (some_model(t, 3), some_examples(t, n, 3));
    let rate = single(t.rng.gen_range(0.2..1.0));
    let args = model.arguments(Args::new().function("training_step").number("learning_rate", rate));
    let args = args.constant("x", batch.x.clone()).indexes("labels", &batch.labels);
    let loss = model.step(&batch, rate);
    let Model { weights, biases } = model;
    let budget = Budget::sum(8).scale(1.0);
    t.call("a single step", args)
        .close("loss", &number(loss), budget)
        .close("weights", &weights.into_dyn(), budget)
        .close("biases", &biases.into_dyn(), budget);
}

fn arguments(
    model: &Model,
    train: &Examples,
    validation: &Examples,
    (epochs, batch_size, rate): (usize, usize, f64),
) -> Args {
    let args = model.arguments(Args::new()).constant("x", train.x.clone()).indexes("labels", &train.labels);
    args.constant("validation_x", validation.x.clone())
        .indexes("validation_labels", &validation.labels)
        .count("epochs", epochs)
        .count("batch_size", batch_size)
        .count("batches", train.labels.len().div_ceil(batch_size))
        .number("learning_rate", rate)
}

/// What the order does not change, from beginning to end.
fn trained(t: &mut Suite, about: &str, train: &Examples, (epochs, size): (usize, usize)) {
    let looked_at = t.rng.gen_range(4..=9);
    let (mut model, validation) = (some_model(t, 3), some_examples(t, looked_at, 3));
    let (rate, seed) = (single(t.rng.gen_range(0.2..0.8)), t.seed());
    let args = arguments(&model, train, &validation, (epochs, size, rate)).count("seed", seed);
    let n = train.labels.len();
    let (mut means, mut after, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    let start = model.clone();
    for _ in 0..epochs {
        let (mut sum, mut of_epoch) = (0.0, Vec::new());
        model = otherwise("every epoch began with the first model again", model, start.clone());
        for start in (0..n).step_by(size) {
            let rows = start..n.min(start + size);
            let x = matrix(&train.x).slice_axis(Axis(0), Slice::from(rows.clone())).to_owned().into_dyn();
            let loss = model.step(&Examples { x, labels: train.labels[rows.clone()].to_vec() }, rate);
            sum += loss * rows.len() as f64;
            of_epoch.push(loss);
        }
        let batches = of_epoch.iter().sum::<f64>();
        let mean = otherwise("the losses of an epoch were summed up", sum / n as f64, batches);
        let last = of_epoch.last().copied().unwrap_or_default();
        let mean = otherwise("the last batch's loss stood for the epoch's", mean, last);
        let first = of_epoch.first().copied().unwrap_or_default();
        let mean = otherwise("the first batch's loss stood for the epoch's", mean, first);
        let each = batches / of_epoch.len() as f64;
        let mean = otherwise("each batch counted the same, whatever its size", mean, each);
        means.push(otherwise(
            "losses were divided by the number of epochs as well",
            mean,
            mean / epochs as f64,
        ));
        steps.push(of_epoch);
        let validated = model.loss(&validation);
        let validated = otherwise("the training examples were validated on", validated, model.loss(train));
        let all = validated * validation.labels.len() as f64;
        after.push(otherwise("validation losses were summed up, not averaged", validated, all));
    }
    // Sums over at most nine examples of numbers of the size 1, in up to twenty-five steps that hardly magnify what they round.
    let budget = Budget::sum(50).scale(1.0);
    let case = t.call(about, args);
    for (epoch, losses) in steps.iter().enumerate() {
        case.close(format!("step_losses{epoch}").as_str(), &curve(losses), budget);
    }
    case.close("train_losses", &curve(&means), budget)
        .close("validation_losses", &curve(&after), budget)
        .close("weights", &model.weights.into_dyn(), budget)
        .close("biases", &model.biases.into_dyn(), budget);
}

/// With a learning rate of 0 the mean over all examples is known, whatever batches they were in.
fn weighted(t: &mut Suite) {
    let looked_at = t.rng.gen_range(8..=15);
    let (model, train, validation) =
        (some_model(t, 2), some_examples(t, 7, 2), some_examples(t, looked_at, 2));
    let seed = t.seed();
    let args = arguments(&model, &train, &validation, (2, 3, 0.0)).count("seed", seed);
    let (loss, budget) = (model.loss(&train), Budget::sum(8).scale(1.0));
    let logits = model.logits(&validation.x);
    let right = accuracy(&logits, &validation.labels);
    t.call("a learning rate of 0 and a smaller last batch: the loss is that of all examples", args)
        .close("train_losses", &curve(&[loss; 2]), budget)
        .close("validation_losses", &curve(&[mean_loss(&logits, &validation.labels); 2]), budget)
        .close("validation_accuracies", &curve(&[right; 2]), Budget::elementwise().scale(1.0));
}

/// The share of rows with the largest number at their label.
fn accuracy(logits: &Tensor, labels: &[usize]) -> f64 {
    let largest = |row: ndarray::ArrayView1<f64>| {
        (0..row.len()).fold(0, |best, class| if row[class] > row[best] { class } else { best })
    };
    let logits = matrix(logits);
    let right = logits.rows().into_iter().zip(labels).filter(|(row, label)| largest(row.view()) == **label);
    right.count() as f64 / labels.len() as f64
}

/// Batches of one and a learning rate of 0: each example shows its own loss, in the order of the epoch.
fn shuffled(t: &mut Suite) {
    let (model, train, validation) = (some_model(t, 2), some_examples(t, 12, 2), some_examples(t, 4, 2));
    let mut sorted = losses(&model.logits(&train.x), &train.labels);
    sorted.sort_by(f64::total_cmp);
    let (sorted, budget) = (curve(&sorted), Budget::sum(8).scale(1.0));
    let seed = t.seed();
    let args = |seed| arguments(&model, &train, &validation, (3, 1, 0.0)).count("seed", seed);
    let case = t.call("every example once an epoch, in another order each time", args(seed));
    for epoch in 0..3 {
        case.close(Derived::of(&format!("step_losses{epoch}")).sorted(), &sorted, budget);
    }
    let differs = |call: usize, output: &str| Rule::DiffersFrom { call, output: output.to_owned() };
    case.check("step_losses1", differs(0, "step_losses0")).check("step_losses2", differs(0, "step_losses1"));
    case.also(args(seed))
        .check("step_losses0", Rule::SameAs { call: 0, output: "step_losses0".to_owned() })
        .also(args(seed + 1))
        .check("step_losses0", differs(0, "step_losses0"));
}

fn refusals(t: &mut Suite) {
    let (model, mut wrong) = (some_model(t, 2), some_examples(t, 4, 2));
    let right = some_examples(t, 4, 2);
    wrong.labels[2] = 7;
    let seed = t.seed();
    let args = |train, validation| arguments(&model, train, validation, (1, 2, 0.1)).count("seed", seed);
    t.call("a label for training that is no class", args(&wrong, &right)).refuses(&["7"]);
    t.call("a label for validation that is no class", args(&right, &wrong)).refuses(&["7"]);
}

/// Three clouds of points, and how their classes are learnt.
fn blobs(t: &mut Suite) {
    let centres = [[0.0, 2.0], [2.0, -1.0], [-2.0, -1.0]];
    let mut clouds = |n: usize| {
        let labels: Vec<usize> = (0..n).map(|i| i % CLASSES).collect();
        let noise = t.normal(&[n, 2], 0.8);
        let x = Tensor::from_shape_fn(vec![n, 2], |at| {
            single(centres[labels[at[0]]][at[1]] + noise[[at[0], at[1]]])
        });
        Examples { x, labels }
    };
    let (train, validation) = (clouds(90), clouds(60));
    let model = Model { weights: Array2::zeros((2, CLASSES)), biases: Array1::zeros(CLASSES) };
    let seed = t.seed();
    let args = arguments(&model, &train, &validation, (20, 8, 0.1)).count("seed", seed);
    let plot = Plot::new("Loss", "epoch", "loss");
    t.call("three clouds of points: what the loop is for", args)
        .statistic("train_losses", Statistic::Last, 0.0, 0.4)
        .statistic("validation_losses", Statistic::Last, 0.0, 0.5)
        .statistic("validation_accuracies", Statistic::Last, 0.8, 1.0)
        .line(&plot, "training", "train_losses")
        .line(&plot, "validation", "validation_losses")
        .number("validation accuracy", Derived::of("validation_accuracies").statistic(Statistic::Last));
}
