//! Cases for `best_gamma`: every Γ in every fold, in double precision.

use datasets::diabetes;
use ndarray::{Array1, Array2, ArrayView1, Axis};
use rand::{Rng, seq::SliceRandom};

use super::super::ridge::{
    matrix,
    oracle::{Problem, mean, means, norm},
    vector,
};
use crate::{Args, Budget, Case, Derived, Plot, Suite, Tensor, as_it_is, otherwise};

/// Training and validation examples.
type Folds = Vec<(Vec<usize>, Vec<usize>)>;

/// A search to be made.
#[derive(Clone)]
struct Search {
    a: Array2<f64>,
    y: Array1<f64>,
    gammas: Vec<f64>,
    folds: Folds,
}

pub fn best_gamma(t: &mut Suite) {
    for _ in 0..40 {
        let (d, k) = (t.rng.gen_range(1..=4), t.rng.gen_range(2..=5));
        let n = 2 * d + t.rng.gen_range(8..=14);
        check(t, "random data, k folds", |t| random(t, n, d).in_folds(t, k));
    }
    for _ in 0..8 {
        check(t, "leave one out", |t| random(t, 10, 2).in_folds(t, 10));
        check(t, "parts of very different sizes: each example counts, not each part", |t| Search {
            folds: folds_by(15, |i| usize::from(i > 0) + usize::from(i > 10)),
            ..random(t, 15, 2)
        });
        check(t, "a single fold, and examples that are in neither part", |t| Search {
            folds: vec![((0..9).collect(), (11..14).collect())],
            ..random(t, 15, 3)
        });
        check(t, "more features than training examples", |t| {
            let gammas = vec![0.5, 2.0, 8.0, 32.0];
            Search { gammas, ..random(t, 8, 9).in_folds(t, 4) }
        });
    }
    for _ in 0..4 {
        check(t, "a feature that is constant in one training part, but not in its validation part", |t| {
            let mut search = random(t, 14, 2).in_folds(t, 2);
            let constant = search.folds[0].0.clone();
            constant.iter().for_each(|&i| search.a[[i, 1]] = f64::from(0.1_f32));
            search
        });
        check(t, "features of very different scales", |t| {
            let mut search = random(t, 16, 3).in_folds(t, 4);
            for (k, scale) in [1e4, 1.0, 1e-4].into_iter().enumerate() {
                search.a.column_mut(k).mapv_inplace(|x| f64::from((scale * x) as f32));
            }
            search
        });
    }
    ties(t);
    refusals(t);
    the_diabetes_table(t);
}

/// Noisy data with a grid in random order, without folds yet.
fn random(t: &mut Suite, n: usize, d: usize) -> Search {
    let (a, offsets) = (t.normal(&[n, d], 1.0), t.normal(&[d], 1.0));
    let a = matrix(&(a + offsets).mapv(|x| f64::from(x as f32)));
    let (theta, noise) = (vector(&t.normal(&[d], 0.5)), vector(&t.normal(&[n], 1.0)));
    let y = (a.dot(&theta) + noise + 3.0).mapv(|y| f64::from(y as f32));
    let mut gammas = vec![0.0, 0.25, 1.0, 4.0, 16.0, 64.0, 1000.0];
    gammas.shuffle(&mut t.rng);
    gammas.truncate(t.rng.gen_range(2..=5));
    Search { a, y, gammas, folds: Vec::new() }
}

impl Search {
    /// With `k` folds of nearly equal size.
    fn in_folds(self, t: &mut Suite, k: usize) -> Self {
        let mut parts: Vec<usize> = (0..self.y.len()).map(|i| i % k).collect();
        parts.shuffle(&mut t.rng);
        Self { folds: folds_by(parts.len(), |i| parts[i]), ..self }
    }
}

/// A fold for each part.
fn folds_by(n: usize, part: impl Fn(usize) -> usize) -> Folds {
    let parts = (0..n).map(&part).max().map_or(0, |last| last + 1);
    (0..parts).map(|fold| (0..n).partition(|&i| part(i) != fold)).collect()
}

/// The squared errors of a fold's validation examples, and how much a rounding of 1 would change each.
fn squares(search: &Search, fold: &(Vec<usize>, Vec<usize>), gamma: f64) -> Vec<(f64, f64)> {
    let residuals = residuals(&search.a, &search.y, fold, gamma);
    let of = otherwise("absolute errors stood in place of squares", 2, 1);
    residuals.into_iter().map(|(r, moved)| (r.abs().powi(of), 2.0 * r.abs() * moved)).collect()
}

/// What standardized ridge leaves of each validation example's y, and how much a rounding of 1 would change it.
pub fn residuals(
    a: &Array2<f64>,
    y: &Array1<f64>,
    (training, validation): &(Vec<usize>, Vec<usize>),
    gamma: f64,
) -> Vec<(f64, f64)> {
    let (seen, unseen) = (a.select(Axis(0), training), a.select(Axis(0), validation));
    let centre = means(&seen);
    let (n, variance) = (seen.nrows() as f64, means(&(&seen - &centre).mapv(|x| x * x)));
    let variance = otherwise("the variance divided by n − 1", variance.clone(), variance * n / (n - 1.0));
    let mut std = variance.mapv(f64::sqrt);
    for (std, column) in std.iter_mut().zip(seen.columns()) {
        if column.iter().all(|&x| x == column[0]) {
            *std = 1.0;
        }
    }
    let truth = y.select(Axis(0), validation);
    let y = y.select(Axis(0), training);
    let a = (&seen - &centre) / &std;
    let fit = Problem::of_full_rank(a.clone(), y.clone()).centred();
    let gamma = otherwise("`gamma` counted once for each example", gamma, gamma * n);
    let gamma = otherwise("`gamma` were divided by the number of examples", gamma, gamma / n);
    let solution = fit.solve(gamma, &fit);
    let unseen = (&unseen - &centre) / &std;
    let intercept = otherwise("there were no intercept", mean(&y), 0.0);
    let residuals = truth - unseen.dot(&solution.theta) - intercept;
    let unexplained = norm(&(&fit.y - &a.dot(&solution.theta)));
    let (raw, size, length) = (norm(&(&seen / &std)), norm(&a), norm(&solution.theta));
    // With E the roundings of A, as large as before it was centred, a prediction x · θ is off by about
    // x · (AᵀA + Γ)⁻¹ · (Eᵀ · residuals − Aᵀ · E · θ) + e · θ, and by the roundings of AᵀA if someone computes that.
    let sensitivity = |x: ArrayView1<f64>| {
        let weights = solution.inverse.dot(&x);
        let through_a = norm(&weights) * (raw * unexplained + size * size * length);
        through_a + norm(&a.dot(&weights)) * raw * length + (norm(x) + raw) * length + norm(&y)
    };
    let sensitivities = unseen.rows().into_iter().map(sensitivity);
    residuals.into_iter().zip(sensitivities).collect()
}

/// `error`, unless something is supposed of how the parts' errors come together.
fn by_parts(parts: &[Vec<(f64, f64)>], error: f64) -> f64 {
    let of =
        |squares: &Vec<(f64, f64)>| squares.iter().map(|square| square.0).sum::<f64>() / squares.len() as f64;
    let (sum, count) = (parts.iter().map(of).sum::<f64>(), parts.len() as f64);
    let error = otherwise("each part counted the same, whatever its size", error, sum / count);
    let roots = parts.iter().map(|part| of(part).sqrt()).sum::<f64>() / count;
    let error = otherwise("the parts' roots were averaged", error, roots);
    let error = otherwise("the last part's error stood for all", error, parts.last().map_or(error, of));
    let error = otherwise("the first part's error stood for all", error, parts.first().map_or(error, of));
    otherwise("parts' errors were summed up", error, sum)
}

/// The error of each Γ, and the scale of their roundings.
fn errors(search: &Search) -> (Vec<f64>, f64) {
    let error = |gamma: f64| {
        let parts: Vec<Vec<(f64, f64)>> =
            search.folds.iter().map(|fold| squares(search, fold, gamma)).collect();
        let all = parts.concat();
        let mean = |of: fn(&(f64, f64)) -> f64| all.iter().map(of).sum::<f64>() / all.len() as f64;
        let error = mean(|square| square.0);
        let error = otherwise("it were the root of the mean square", error, error.sqrt());
        let error = otherwise("squares were summed up", error, error * all.len() as f64);
        let error = otherwise("errors were halved", error, error / 2.0);
        (by_parts(&parts, error), mean(|square| square.1))
    };
    let errors: Vec<(f64, f64)> = search.gammas.iter().map(|&gamma| error(gamma)).collect();
    let scale = errors.iter().map(|error| error.1).fold(0.0, f64::max);
    (errors.into_iter().map(|error| error.0).collect(), scale)
}

/// A case with a search that `draw` draws until single precision can tell the winner from all others.
fn check(t: &mut Suite, about: &str, draw: impl Fn(&mut Suite) -> Search) {
    for _ in 0..200 {
        let search = draw(t);
        let (errors, scale) = as_it_is(|| errors(&search));
        let budget = Budget::elementwise().scale(scale);
        // An error is NaN where features that should be independent are not.
        let precise = errors.iter().all(|error| error.is_finite())
            && budget.allowed(&errors) < 0.01 * errors.iter().copied().fold(f64::INFINITY, f64::min);
        if precise && winners(&search, &errors, budget).len() == 1 {
            search_for(t, about, &search);
            return;
        }
    }
}

/// Every Γ whose error may be the smallest, once rounded.
fn winners(search: &Search, errors: &[f64], budget: Budget) -> Vec<Tensor> {
    let smallest = errors.iter().copied().fold(f64::INFINITY, f64::min);
    let close = |error: f64| error - smallest <= 2.0 * budget.allowed(errors);
    let all = errors.iter().zip(&search.gammas).filter(|(error, _)| close(**error));
    all.map(|(_, &gamma)| Tensor::from_elem(vec![], gamma)).collect()
}

fn search_for<'t>(t: &'t mut Suite, about: &str, search: &Search) -> &'t mut Case {
    let (errors, scale) = errors(search);
    let budget = Budget::elementwise().scale(scale);
    let winners = winners(search, &errors, budget);
    let errors = Tensor::from_shape_fn(vec![errors.len()], |at| errors[at[0]]);
    let case = t.call(about, call(search));
    case.close("errors", &errors, budget).close_to_any("gamma", &winners, Budget::exact())
}

fn call(search: &Search) -> Args {
    let mut args =
        Args::new().constant("a", search.a.clone().into_dyn()).constant("y", search.y.clone().into_dyn());
    if !search.gammas.is_empty() {
        let gammas = Tensor::from_shape_fn(vec![search.gammas.len()], |at| search.gammas[at[0]]);
        args = args.constant("gammas", gammas);
    }
    search.folds.iter().enumerate().fold(args, |args, (i, (training, validation))| {
        args.indexes(&format!("training{i}"), training).indexes(&format!("validation{i}"), validation)
    })
}

/// All errors are equal, bit for bit: what is 0 is not rounded.
fn ties(t: &mut Suite) {
    for _ in 0..4 {
        let search = Search { gammas: vec![1.0, 64.0, 0.25, 16.0, 0.5], ..random(t, 12, 2) };
        let search = search.in_folds(t, 3);
        let largest = Tensor::from_elem(vec![], 64.0);
        let mute = Search { a: Array2::zeros((12, 2)), ..search.clone() };
        t.call("features that say nothing: all errors are equal, and the largest Γ wins", call(&mute)).close(
            "gamma",
            &largest,
            Budget::exact(),
        );
        let still = Search { y: Array1::zeros(12), ..search };
        t.call("nothing to predict: all errors are 0, and the largest Γ wins", call(&still))
            .close("errors", &Tensor::zeros(vec![5]), Budget::exact())
            .close("gamma", &largest, Budget::exact());
    }
}

fn refusals(t: &mut Suite) {
    let search = random(t, 8, 2);
    let search = search.in_folds(t, 2);
    for (gamma, named) in [(-0.5, "-0.5"), (f64::NAN, "NaN")] {
        let wrong = Search { gammas: vec![1.0, gamma, 2.0], ..search.clone() };
        t.call("one Γ of the grid makes no sense", call(&wrong)).refuses(&["gamma", named]);
    }
    t.call("an empty grid", call(&Search { gammas: Vec::new(), ..search.clone() })).refuses(&["gamma"]);
    t.call("no folds", call(&Search { folds: Vec::new(), ..search })).refuses(&["folds"]);
}

/// Five folds of the real table; its curve is shown.
fn the_diabetes_table(t: &mut Suite) {
    let Some(table) = t.load(diabetes::bundled()) else { return };
    let shape = (table.targets.len(), table.columns.len());
    let a = Array2::from_shape_fn(shape, |(i, j)| f64::from(table.row(i)[j]));
    let y = table.targets.iter().map(|&y| f64::from(y)).collect();
    let powers = ndarray::arr1(&[-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]);
    let gammas = powers.iter().map(|&power| f64::from(10f64.powf(power) as f32)).collect();
    let search = Search { a, y, gammas, folds: Vec::new() };
    let about = "the diabetes table: 442 people with 10 features as measured, in five folds";
    let plot = Plot::new("Ridge on the diabetes table", "log₁₀ Γ", "validation error");
    let search = search.in_folds(t, 5);
    search_for(t, about, &search).line_over(
        &plot,
        "five folds",
        Derived::known("errors", &powers.into_dyn()),
        "errors",
    );
}
