//! Cases for `regularization::ridge`: shapes and ranks of every kind; descent by iterating its formula is left to `descent`.

mod descent;
pub(super) mod oracle;

use datasets::diabetes;
use ndarray::{Array1, Array2};
use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, as_it_is, is_supposed, otherwise, suppose::of_right_alone};
use oracle::{Problem, mean, means, norm};

pub use descent::ridge_gradient;

/// Single precision can't follow beyond this condition number.
const WORST: f64 = 1e4;

pub fn ridge_closed_form(t: &mut Suite) {
    for _ in 0..24 {
        let (d, gamma) = (t.rng.gen_range(1..=4), some_gamma(t));
        let n = d + t.rng.gen_range(1..=8);
        check(t, "more examples than features", |t| random(t, n, d), gamma, false);
    }
    for _ in 0..12 {
        let (d, n) = (t.rng.gen_range(1..=4), t.rng.gen_range(9..=12));
        check(t, "Γ = 0, which is least squares", |t| random(t, n, d), 0.0, false);
        // What is added to eigenvalues of 0 must not be too small for single precision.
        let (n, d, gamma) = (t.rng.gen_range(2..=4), t.rng.gen_range(5..=8), some_gamma(t).max(0.25));
        check(t, "more features than examples", |t| random(t, n, d), gamma, false);
        let about = "Γ = 0 and more features than examples: the shortest of all solutions";
        check(t, about, |t| random(t, n, d), 0.0, false);
        let (n, d, rank) = (t.rng.gen_range(6..=9), t.rng.gen_range(4..=6), t.rng.gen_range(1..=3));
        let about = "Γ = 0 and features that depend on each other: the shortest of all solutions";
        check(t, about, |t| of_rank(t, n, d, rank), 0.0, false);
        // These are larger numbers, and Γ is next to their squares.
        check(
            t,
            "features that depend on each other",
            |t| of_rank(t, n, d, rank),
            16.0 * gamma.max(1.0),
            false,
        );
    }
    double(t);
    named(t);
    constants(t);
    for (gamma, named) in [(-0.5, "-0.5"), (f64::NAN, "NaN"), (f64::NEG_INFINITY, "-inf")] {
        let args = call(&random(t, 4, 2), gamma, false);
        t.call("a Γ that makes no sense", args).refuses(&["gamma", named]);
    }
    the_diabetes_table(t);
}

/// From 0.01 to 100, evenly in its logarithm.
fn some_gamma(t: &mut Suite) -> f64 {
    f64::from(10f64.powf(t.rng.gen_range(-2.0..2.0)) as f32)
}

/// Normal numbers, with means of their own.
fn random(t: &mut Suite, n: usize, d: usize) -> Problem {
    let (a, offsets, y) = (t.normal(&[n, d], 1.0), t.normal(&[d], 1.0), t.normal(&[n], 1.0));
    let a = (a + offsets).mapv(|x| f64::from(x as f32));
    Problem::of_full_rank(matrix(&a), vector(&y).mapv(|y| f64::from((y + 2.0) as f32)))
}

/// Small whole numbers, so that the product of the factors is exact.
fn of_rank(t: &mut Suite, n: usize, d: usize, rank: usize) -> Problem {
    let mut whole =
        |rows, columns| Array2::from_shape_simple_fn((rows, columns), || f64::from(t.rng.gen_range(-3..=3)));
    let (left, right) = (whole(n, rank), whole(rank, d));
    Problem { left, right, y: vector(&t.normal(&[n], 2.0)) }
}

fn double(t: &mut Suite) {
    for _ in 0..8 {
        let fine = |t: &mut Suite, n, d| {
            let mut draw =
                |rows, columns| Array2::from_shape_simple_fn((rows, columns), || t.rng.gen_range(-1.0..2.0));
            let (a, y): (_, Array2<f64>) = (draw(n, d), draw(n, 1));
            Problem::of_full_rank(a, y.column(0).to_owned())
        };
        let gamma = some_gamma(t);
        check(t, "double precision", |t| fine(t, 8, 3), gamma, true);
        check(t, "double precision and Γ = 0", |t| fine(t, 9, 3), 0.0, true);
        check(t, "double precision, Γ = 0, more features than examples", |t| fine(t, 3, 5), 0.0, true);
        let about = "double precision, Γ = 0, features that depend on each other";
        check(t, about, |t| of_rank(t, 7, 5, 2), 0.0, true);
    }
}

fn named(t: &mut Suite) {
    check(t, "one feature", |t| random(t, 6, 1), 1.5, false);
    check(t, "one example and one feature", |t| random(t, 1, 1), 0.5, false);
    check(t, "one example of many features, Γ = 0", |t| random(t, 1, 6), 0.0, false);
    let twice = |t: &mut Suite| Problem { right: ndarray::arr2(&[[1.0, 1.0]]), ..random(t, 7, 1) };
    check(t, "the same feature twice, Γ = 0: both get the same share", twice, 0.0, false);
    check(t, "a Γ so large that little is left of θ", |t| random(t, 8, 3), 1e6, false);
    check(t, "a very small Γ", |t| random(t, 9, 2), f64::from(1e-6_f32), false);
    for (size, about) in [(1e12, "very large features, Γ = 0"), (1e-12, "very small features, Γ = 0")] {
        let scaled = |t: &mut Suite| {
            let problem = random(t, 9, 3);
            Problem { left: (problem.left * size).mapv(|x| f64::from(x as f32)), ..problem }
        };
        check(t, about, scaled, 0.0, false);
    }
    let far = |t: &mut Suite| {
        let problem = random(t, 10, 2);
        Problem { y: problem.y.mapv(|y| f64::from((y + 100.0) as f32)), ..problem }
    };
    check(t, "all of Y is about 100: the intercept's share must not be punished", far, 5.0, false);
    // Rounded to single precision it has full rank; what is beyond rank 2 is at most √2 · 2⁻²⁴ of the largest singular value.
    for _ in 0..4 {
        let rounded = |t: &mut Suite| Problem {
            left: matrix(&t.normal(&[8, 2], 1.0)),
            right: matrix(&t.normal(&[2, 4], 1.0)),
            y: vector(&t.normal(&[8], 1.0)),
        };
        let about = "Γ = 0 and features that depend on each other, up to rounding";
        check(t, about, rounded, 0.0, false);
    }
}

/// Features that say nothing. Zeros and ones, whose means are exact.
fn constants(t: &mut Suite) {
    let y = t.normal(&[5], 1.0);
    let average = t.array(&[], &[y.sum() / 5.0]);
    let zeros = Tensor::zeros(vec![3]);
    for (gamma, about) in [(0.0, "a matrix of zeros, Γ = 0"), (2.0, "a matrix of zeros")] {
        let args = Args::new().constant("a", Tensor::zeros(vec![5, 3])).constant("y", y.clone());
        t.call(about, args.number("gamma", gamma))
            .close("theta", &zeros, Budget::exact())
            .close("theta_beside_an_intercept", &zeros, Budget::exact())
            .close("intercept", &of_right_alone(average.clone()), Budget::sum(5).scale(norm(y.iter())));
    }
    let constant = |t: &mut Suite| {
        let problem = random(t, 8, 2);
        let mut a = problem.a();
        a.column_mut(1).fill(1.0);
        Problem::of_full_rank(a, problem.y)
    };
    check(t, "a constant feature beside another", constant, 1.0, false);
}

/// A table of real measurements in their own units, where Γ decides between features that depend on each other.
fn the_diabetes_table(t: &mut Suite) {
    let Some(table) = t.load(diabetes::bundled()) else { return };
    let shape = (table.targets.len(), table.columns.len());
    let a = Array2::from_shape_fn(shape, |(i, j)| f64::from(table.row(i)[j]));
    let y = table.targets.iter().map(|&y| f64::from(y)).collect();
    let problem = Problem::of_full_rank(a, y);
    let about = "the diabetes table, 442 people with 10 features as measured, in double precision";
    check(t, about, |_| problem.clone(), 1000.0, true);
}

/// A case with a problem that `draw` draws, again and again until it can be solved in single precision.
fn check(t: &mut Suite, about: &str, draw: impl Fn(&mut Suite) -> Problem, gamma: f64, double: bool) {
    t.decisive(|t| solvable(t, about, &draw, gamma, double));
}

fn solvable(t: &mut Suite, about: &str, draw: &dyn Fn(&mut Suite) -> Problem, gamma: f64, double: bool) {
    let worst = if double { f64::INFINITY } else { WORST };
    for _ in 0..100 {
        let problem = draw(t);
        let solution = as_it_is(|| problem.solve(gamma, &problem));
        // NaN where factors that should have full rank have not.
        if solution.condition < worst && wanted(t, about, &problem, gamma, double) {
            return;
        }
    }
}

/// Adds the case, unless the problem of the θ beside an intercept is too hard.
fn wanted(t: &mut Suite, about: &str, problem: &Problem, gamma: f64, double: bool) -> bool {
    let solution = problem.solve(gamma, problem);
    let centred = problem.centred().solve(gamma, problem);
    let (n, rank) = problem.left.dim();
    // Centred factors have one dimension less to lie in: for Γ = 0 the oracle then knows no intercept.
    let with_intercept = gamma > 0.0 || n > rank;
    let condition = as_it_is(|| problem.centred().solve(gamma, problem).condition);
    let centred = if is_supposed("`a` were not centred for the `theta` beside an intercept") {
        solution_of_centred_targets(problem, gamma)
    } else {
        centred
    };
    if with_intercept && !double && condition.is_nan() | (condition > 10.0 * WORST) {
        return false;
    }
    let budget = |scale: f64| {
        let budget = Budget::sum(n).scale(scale);
        if double { budget.double() } else { budget }
    };
    let case = t.call(about, call(problem, gamma, double));
    case.close("theta", &solution.theta.clone().into_dyn(), budget(solution.scale));
    if with_intercept {
        let a_mean = means(&problem.a());
        let theta =
            otherwise("the intercept were that of the other `theta`", &centred.theta, &solution.theta);
        let intercept = otherwise(
            "the intercept were the mean of `y`",
            mean(&problem.y) - a_mean.dot(theta),
            mean(&problem.y),
        );
        let size = norm(a_mean.iter()) * centred.scale + norm(problem.y.iter());
        let intercept = otherwise("the intercept were 0", intercept, 0.0);
        case.close("theta_beside_an_intercept", &centred.theta.into_dyn(), budget(centred.scale));
        case.close("intercept", &Tensor::from_elem(vec![], intercept), budget(size));
    }
    true
}

/// The θ of `a` as it is and of targets without their mean.
fn solution_of_centred_targets(problem: &Problem, gamma: f64) -> oracle::Solution {
    let y = &problem.y - mean(&problem.y);
    Problem { y, ..problem.clone() }.solve(gamma, problem)
}

fn call(problem: &Problem, gamma: f64, double: bool) -> Args {
    let (a, y) = (problem.a().into_dyn(), problem.y.clone().into_dyn());
    let args = Args::new().number("gamma", gamma);
    if double {
        let args = args.function("ridge_closed_form in double precision");
        return args.double("a", &a).double("y", &y);
    }
    args.constant("a", a).constant("y", y)
}

/// A tensor of rank 2.
pub(super) fn matrix(tensor: &Tensor) -> Array2<f64> {
    Array2::from_shape_fn((tensor.shape()[0], tensor.shape()[1]), |(i, j)| tensor[[i, j]])
}

/// A tensor of rank 1.
pub(super) fn vector(tensor: &Tensor) -> Array1<f64> {
    tensor.iter().copied().collect()
}
