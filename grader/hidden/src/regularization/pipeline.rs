//! Cases for `regularization::pipeline`: the choice by counting correlations, predictions by the normal equations.

use ndarray::{Array1, Array2, Axis};
use rand::Rng;

use super::{
    cross_validation::residuals,
    ridge::{
        matrix,
        oracle::{mean, means},
        vector,
    },
};
use crate::{
    Args, Budget, Derived, Suite, Tensor, as_it_is, is_supposed, otherwise, suppose::of_right_alone,
};

/// Rows to train on and rows to judge by, and what to do with them.
#[derive(Clone)]
struct Task {
    a: Array2<f64>,
    y: Array1<f64>,
    training: Vec<usize>,
    validation: Vec<usize>,
    keep: usize,
    gamma: f64,
}

/// What is to come out.
struct Wanted {
    chosen: Vec<usize>,
    predicted: Array1<f64>,
    /// The mean squared error.
    error: f64,
    /// What a rounding of 1 would change of a prediction, and of the error.
    scales: (f64, f64),
}

pub fn pipeline(t: &mut Suite) {
    for _ in 0..24 {
        let (d, fresh) = (t.rng.gen_range(2..=6), t.rng.gen_range(1..=5));
        let keep = t.rng.gen_range(1..=d);
        predictions(t, "random data", |t| random(t, [14, d], fresh, keep));
        errors(t, "random data, split before anything is fitted", |t| random(t, [14, d], 5, keep));
    }
    for _ in 0..8 {
        predictions(t, "columns of very different scales", |t| scaled(random(t, [16, 4], 4, 2)));
        predictions(t, "a column that goes against y", |t| against(random(t, [14, 3], 4, 1)));
        predictions(t, "a single new row", |t| random(t, [12, 4], 1, 2));
        predictions(t, "all columns kept", |t| random(t, [13, 3], 3, 3));
        // The mean of the one is rounded, that of the other is not.
        for value in [f64::from(0.1_f32), 0.5] {
            predictions(t, "a column that is constant in training, and not in what is new", |t| {
                constant(random(t, [14, 4], 4, 4), value)
            });
        }
        errors(t, "the best columns of all rows are not the best of the training rows", |t| tempting(t, 12));
        errors(t, "training and validation rows of very different size", |t| {
            let mut task = random(t, [14, 3], 6, 2);
            for row in task.validation.clone() {
                task.a.row_mut(row).mapv_inplace(|x| f64::from((3.0 * x + 4.0) as f32));
            }
            task
        });
    }
    ties(t);
    noise(t);
    refusals(t);
}

/// Noisy data of two columns that matter and others that don't; `fresh` rows are to judge by.
fn random(t: &mut Suite, [n, d]: [usize; 2], fresh: usize, keep: usize) -> Task {
    let (a, offsets) = (t.normal(&[n, d], 1.0), t.normal(&[d], 1.0));
    let a = matrix(&(a + offsets).mapv(|x| f64::from(x as f32)));
    let weights = Array1::from_shape_fn(d, |k| if k < 2 { t.rng.gen_range(-1.5..1.5) } else { 0.1 });
    let y = (a.dot(&weights) + vector(&t.normal(&[n], 0.7)) + 3.0).mapv(|y| f64::from(y as f32));
    let gamma = [0.5, 1.0, 4.0, 16.0][t.rng.gen_range(0..4)];
    let (training, validation) = ((0..n - fresh).collect(), (n - fresh..n).collect());
    Task { a, y, training, validation, keep, gamma }
}

fn scaled(mut task: Task) -> Task {
    for (k, scale) in [1.0, 1e3, 1e-3, 30.0].into_iter().enumerate() {
        task.a.column_mut(k).mapv_inplace(|x| f64::from((scale * x) as f32));
    }
    task
}

/// With a last column that is −y and some noise.
fn against(mut task: Task) -> Task {
    let last = task.a.ncols() - 1;
    let noisy = -&task.y * 0.75 + &task.a.column(last) * 0.25;
    task.a.column_mut(last).assign(&noisy.mapv(|x| f64::from(x as f32)));
    task
}

fn constant(mut task: Task, value: f64) -> Task {
    let last = task.a.ncols() - 1;
    task.training.iter().for_each(|&row| task.a[[row, last]] = value);
    task
}

/// Noise in many columns, drawn until all rows together would choose others than the training rows do.
fn tempting(t: &mut Suite, d: usize) -> Task {
    loop {
        let a = matrix(&t.normal(&[16, d], 1.0));
        let y = vector(&t.normal(&[16], 1.0));
        let task =
            Task { a, y, training: (0..9).collect(), validation: (9..16).collect(), keep: 2, gamma: 1.0 };
        let everyone: Vec<usize> = (0..16).collect();
        if as_it_is(|| chosen(&task, &everyone).0 != chosen(&task, &task.training).0) {
            return task;
        }
    }
}

/// The columns that go most with y in these rows, and how far the last of them is ahead of the next, relatively.
fn chosen(task: &Task, rows: &[usize]) -> (Vec<usize>, f64) {
    let (a, y) = (task.a.select(Axis(0), rows), task.y.select(Axis(0), rows));
    let (centred, y) = (&a - &means(&a), &y - mean(&y));
    let strength: Vec<f64> = centred.columns().into_iter().map(|column| strength(column, &y)).collect();
    let mut order: Vec<usize> = (0..strength.len()).collect();
    order.sort_by(|&i, &j| strength[j].total_cmp(&strength[i]));
    if is_supposed("the columns that say least were chosen") {
        order.reverse();
    }
    let ahead =
        order.get(task.keep).map_or(1.0, |&next| 1.0 - strength[next] / strength[order[task.keep - 1]]);
    let kept = otherwise("one column more were kept", task.keep, task.keep + 1);
    order.truncate(otherwise("one column less were kept", kept, task.keep - 1));
    if is_supposed("the first columns were chosen, whatever they say") {
        order = (0..task.keep).collect();
    }
    if !is_supposed("columns stood in the order of what they say") {
        order.sort_unstable();
    }
    (order, ahead)
}

/// |correlation|, times √(Σ (y − ȳ)²); 0 of a constant column, whose centred values are roundings at most.
fn strength(column: ndarray::ArrayView1<f64>, y: &Array1<f64>) -> f64 {
    let size = column.dot(&column).sqrt();
    let size = otherwise("the covariance stood in place of the correlation", size, 1.0);
    let with = column.dot(y) / size;
    let strength = otherwise("a column that goes against `y` said little", with.abs(), with);
    if size < 1e-12 { 0.0 } else { strength }
}

/// What comes of it where the choice is made by `judges`: the training rows, unless something leaks.
fn wanted_by(task: &Task, judges: &[usize]) -> Wanted {
    let (chosen, _) = chosen(task, judges);
    let a = task.a.select(Axis(1), &chosen);
    let all = residuals(&a, &task.y, &(task.training.clone(), task.validation.clone()), task.gamma);
    let truth = task.y.select(Axis(0), &task.validation);
    let predicted = truth.iter().zip(&all).map(|(y, (residual, _))| y - residual).collect();
    let count = otherwise("squared errors were summed up", all.len() as f64, 1.0);
    let mean = |of: fn(&(f64, f64)) -> f64| all.iter().map(of).sum::<f64>() / count;
    let moved = all.iter().map(|(_, moved)| *moved).fold(0.0, f64::max);
    let scales = (moved, mean(|(residual, moved)| 2.0 * residual.abs() * moved));
    let error = mean(|(residual, _)| residual * residual);
    let error = otherwise("the root of the mean square were taken", error, error.sqrt());
    let error =
        otherwise("absolute errors stood in place of squares", error, mean(|(residual, _)| residual.abs()));
    Wanted { chosen, predicted, error, scales }
}

/// A task that `draw` draws until single precision can tell which columns are the best, and how good they are.
fn precise(t: &mut Suite, draw: impl Fn(&mut Suite) -> Task) -> (Task, Wanted) {
    loop {
        let task = draw(t);
        let wanted = as_it_is(|| wanted_by(&task, &task.training));
        let fine = |values: &[f64], scale: f64| {
            let typical = (values.iter().map(|x| x * x).sum::<f64>() / values.len() as f64).sqrt();
            Budget::elementwise().scale(scale).allowed(values) < 0.001 * typical
        };
        let (predictions, error) = wanted.scales;
        let predicted = fine(&wanted.predicted.to_vec(), predictions);
        if predicted && fine(&[wanted.error], error) && as_it_is(|| chosen(&task, &task.training).1) > 1e-3 {
            let everyone: Vec<usize> = (0..task.y.len()).collect();
            let judges = otherwise("all rows chose the columns", &task.training, &everyone);
            let judges = otherwise("the rows to judge by chose the columns", judges, &task.validation);
            let wanted = wanted_by(&task, judges);
            return (task, wanted);
        }
    }
}

fn predictions(t: &mut Suite, about: &str, draw: impl Fn(&mut Suite) -> Task) {
    let (task, wanted) = precise(t, draw);
    let budget = Budget::elementwise().scale(wanted.scales.0);
    t.call(about, fit(&task)).close("chosen", &counts(&wanted.chosen), Budget::exact()).close(
        "predicted",
        &wanted.predicted.into_dyn(),
        budget,
    );
}

fn errors(t: &mut Suite, about: &str, draw: impl Fn(&mut Suite) -> Task) {
    let (task, wanted) = precise(t, draw);
    let budget = Budget::elementwise().scale(wanted.scales.1);
    t.call(about, held_out(&task)).close("error", &scalar(wanted.error), budget);
}

fn fit(task: &Task) -> Args {
    let rows = |rows: &[usize]| task.a.select(Axis(0), rows).into_dyn();
    let y = task.y.select(Axis(0), &task.training).into_dyn();
    let args = Args::new().constant("a", rows(&task.training)).constant("y", y);
    args.constant("unseen", rows(&task.validation)).count("keep", task.keep).number("gamma", task.gamma)
}

fn held_out(task: &Task) -> Args {
    let args = Args::new().function("held_out_error").constant("a", task.a.clone().into_dyn());
    let args = args.constant("y", task.y.clone().into_dyn());
    let args = args.indexes("training", &task.training).indexes("validation", &task.validation);
    args.count("keep", task.keep).number("gamma", task.gamma)
}

fn counts(columns: &[usize]) -> Tensor {
    Tensor::from_shape_fn(vec![columns.len()], |at| columns[at[0]] as f64)
}

fn scalar(value: f64) -> Tensor {
    Tensor::from_elem(vec![], value)
}

/// Columns that are equal, or each other's negative: the first ones are chosen.
fn ties(t: &mut Suite) {
    for _ in 0..4 {
        let mut task = random(t, [10, 4], 3, 2);
        for (k, sign) in [(1, 1.0), (2, -1.0), (3, 1.0)] {
            let column = &task.a.column(0) * sign;
            task.a.column_mut(k).assign(&column);
        }
        t.call("columns that say the same: the first ones are kept", fit(&task)).close(
            "chosen",
            &of_right_alone(counts(&[0, 1])),
            Budget::exact(),
        );
    }
}

/// A thousand columns that know nothing: what is measured, and what a choice from all rows would have made of it.
fn noise(t: &mut Suite) {
    let about = "1,000 columns of noise: nothing can be predicted, whatever is chosen";
    let draw = |t: &mut Suite| Task {
        a: matrix(&t.normal(&[60, 1000], 1.0)),
        y: vector(&t.normal(&[60], 1.0)),
        training: (0..30).collect(),
        validation: (30..60).collect(),
        keep: 20,
        gamma: 30.0,
    };
    let (task, wanted) = precise(t, draw);
    let everyone: Vec<usize> = (0..60).collect();
    let leak = wanted_by(&task, &everyone).error;
    let truth = task.y.select(Axis(0), &task.validation);
    let variance = (&truth - mean(&truth)).mapv(|x| x * x).sum() / 30.0;
    let budget = Budget::elementwise().scale(wanted.scales.1);
    t.call(about, held_out(&task))
        .close("error", &scalar(wanted.error), budget)
        .number(
            "error on noise, in variances of y, chosen from training rows",
            Derived::of("error").over(variance),
        )
        .number("… and where all rows had chosen, a leak", Derived::known("error", &scalar(leak / variance)));
}

fn refusals(t: &mut Suite) {
    let task = random(t, [8, 3], 3, 2);
    for (keep, about) in [(0, "no columns kept"), (4, "more columns kept than there are")] {
        let task = Task { keep, ..task.clone() };
        t.call(about, fit(&task)).refuses(&["keep", "3", &keep.to_string()]);
        t.call(about, held_out(&task)).refuses(&["keep", "3", &keep.to_string()]);
    }
    for (gamma, named) in [(-0.5, "-0.5"), (f64::NAN, "NaN")] {
        let task = Task { gamma, ..task.clone() };
        t.call("a Γ that makes no sense", fit(&task)).refuses(&["gamma", named]);
    }
}
