//! Cases for `ridge_gradient`: the loss from its formula, descent by iterating it in double precision.

use ndarray::{Array1, Array2};
use rand::Rng;

use super::{
    matrix,
    oracle::{Problem, norm},
    vector,
};
use crate::{Args, Budget, Suite, Tensor, Terms, otherwise, suppose::is_supposing};

pub fn ridge_gradient(t: &mut Suite) {
    for _ in 0..40 {
        let (n, d) = (t.rng.gen_range(1..=8), t.rng.gen_range(1..=6));
        let gamma = f64::from(t.rng.gen_range(0.0..4.0_f32));
        t.decisive(|t| loss(t, "the loss and its gradient, random values", (n, d), gamma, 1.0));
    }
    loss(t, "the loss for Γ = 0", (5, 3), 0.0, 1.0);
    loss(t, "the loss of one example with one feature", (1, 1), 0.5, 1.0);
    loss(t, "the loss where Γ outweighs the data", (4, 3), 1e4, 1.0);
    loss(t, "the loss of large values", (4, 3), 2.0, 1e6);
    for _ in 0..32 {
        let (n, d) = (t.rng.gen_range(1..=8), t.rng.gen_range(1..=6));
        let (gamma, steps) = (f64::from(t.rng.gen_range(0.0..4.0_f32)), t.rng.gen_range(0..=6));
        few_steps(t, (n, d), gamma, steps);
    }
    // Where something is supposed, nothing converges to the closed form.
    for _ in 0..if is_supposing() { 0 } else { 4 } {
        converged(t, "hundreds of steps end at the closed form's θ", (12, 2), 1.5);
        converged(t, "hundreds of steps for Γ = 0 end at least squares", (12, 2), 0.0);
        converged(
            t,
            "more features than examples, Γ = 0: descent from 0 ends at the shortest θ",
            (2, 9),
            0.0,
        );
    }
}

/// The formula.
fn objective(theta: &Array1<f64>, a: &Array2<f64>, y: &Array1<f64>, gamma: f64) -> f64 {
    let residual = y - &a.dot(theta);
    let count = otherwise("the mean of the squares stood in place of their sum", 1.0, y.len() as f64);
    let gamma = otherwise("the penalty were halved", gamma, gamma / 2.0);
    let length = otherwise("the length of `theta` were not squared", theta.dot(theta), norm(theta));
    let length = otherwise("absolute values stood in place of squares", length, theta.mapv(f64::abs).sum());
    let gamma = otherwise("`gamma` were squared", gamma, gamma * gamma);
    let gamma = otherwise("the penalty were left out", gamma, 0.0);
    let gamma = otherwise("the penalty were subtracted", gamma, -gamma);
    let gamma = otherwise("the penalty counted once for each example", gamma, gamma * y.len() as f64);
    let length =
        otherwise("the penalty were the mean of `theta`'s squares", length, length / theta.len() as f64);
    let length =
        otherwise("the penalty left the first number of `theta` out", length, length - theta[0] * theta[0]);
    let squares = residual.dot(&residual);
    let squares = otherwise("the residual's length were not squared", squares, squares.sqrt());
    let absolute = residual.mapv(f64::abs).sum();
    let squares = otherwise("absolute errors stood in place of squared ones", squares, absolute);
    let squares = otherwise("`y` were left out", squares, a.dot(theta).mapv(|x| x * x).sum());
    let loss = squares / count + gamma * length;
    otherwise("the whole were halved", loss, loss / 2.0)
}

fn loss(t: &mut Suite, about: &str, (n, d): (usize, usize), gamma: f64, size: f64) {
    let (a, y, theta) = (t.normal(&[n, d], 1.0), t.normal(&[n], size), t.normal(&[d], size));
    // The residual may cancel: errors are relative to what it is made of. Every gradient is a sum of n + 1 terms.
    let (a_norm, length) = (norm(&a), norm(&theta));
    let parts = norm(&y) + a_norm * length;
    let (value, slope) = (parts * parts + gamma * length * length, 2.0 * (a_norm * parts + gamma * length));
    let budget = Budget::sum(n * d);
    let budget = |output: &str, terms: Terms| {
        budget.scale(if output == "y" { value } else { slope * terms.cotangent })
    };
    let args = Args::new().function("ridge_loss").tensor("theta", theta).constant("a", a).constant("y", y);
    let args = args.number("gamma", gamma);
    t.differentiable_each(about, args, budget, |args| {
        let theta = vector(args.get("theta"));
        let value = objective(&theta, &matrix(args.get("a")), &vector(args.get("y")), gamma);
        Tensor::from_elem(vec![], value)
    });
}

/// θ after so many steps of size `rate` from 0.
fn descend(problem: &Problem, gamma: f64, rate: f64, steps: usize) -> Array1<f64> {
    let a = problem.a();
    let mut theta = Array1::zeros(a.ncols());
    let at_start = a.t().dot(&problem.y) * -2.0;
    for _ in 0..otherwise("there were one step more", steps, steps + 1) {
        let two = otherwise("the factor 2 were left out", 2.0, 1.0);
        let of_squares = a.t().dot(&(a.dot(&theta) - &problem.y));
        let of_squares = of_squares
            / otherwise("the mean of the squares stood in place of their sum", 1.0, a.nrows() as f64);
        let gamma = otherwise("the penalty had no gradient", gamma, 0.0);
        let of_penalty = &theta * otherwise("the penalty's gradient lacked its 2", gamma, gamma / 2.0);
        let lasso = theta.mapv(f64::signum) * gamma / 2.0;
        let of_penalty = otherwise("the penalty were that of absolute values", of_penalty, lasso);
        let of_penalty =
            otherwise("the penalty's gradient had the other sign", of_penalty.clone(), -of_penalty);
        let gradient = (of_squares + of_penalty) * two;
        let gradient = otherwise("every step used the first step's gradient", gradient, at_start.clone());
        let rate = otherwise("the learning rate were left out", rate, 1.0);
        let rate = otherwise("the sign of the step were the other", rate, -rate);
        theta.scaled_add(-rate, &gradient);
    }
    theta
}

fn random(t: &mut Suite, (n, d): (usize, usize)) -> Problem {
    let (a, y) = (t.normal(&[n, d], 1.0), t.normal(&[n], 1.0));
    Problem::of_full_rank(matrix(&a), vector(&y))
}

/// A step size with which descent converges: the sum of all eigenvalues is above the largest.
fn rate(t: &mut Suite, problem: &Problem, gamma: f64) -> f64 {
    let trace = norm(&problem.a()).powi(2);
    f64::from((t.rng.gen_range(0.3..0.9) / (trace + gamma)) as f32)
}

fn call(problem: &Problem, gamma: f64, rate: f64, steps: usize) -> Args {
    let args = Args::new().function("ridge_gradient_descent").constant("a", problem.a().into_dyn());
    args.constant("y", problem.y.clone().into_dyn())
        .number("gamma", gamma)
        .number("learning_rate", rate)
        .count("steps", steps)
}

fn few_steps(t: &mut Suite, shape: (usize, usize), gamma: f64, steps: usize) {
    let problem = random(t, shape);
    let rate = rate(t, &problem, gamma);
    let theta = descend(&problem, gamma, rate, steps).into_dyn();
    // Each step adds roundings of the size of its own length, and none is longer than the first.
    let first = 2.0 * rate * norm(&problem.a()) * norm(&problem.y);
    let budget = Budget::sum(shape.0).scale(first * steps.max(1) as f64);
    let about = if steps == 0 { "no steps: θ stays 0" } else { "a few steps" };
    t.call(about, call(&problem, gamma, rate, steps)).close("theta_after", &theta, budget);
}

/// Steps until nothing moves any more.
fn converged(t: &mut Suite, about: &str, shape: (usize, usize), gamma: f64) {
    const STEPS: usize = 400;
    for _ in 0..100 {
        let problem = random(t, shape);
        let rate = rate(t, &problem, gamma);
        let solution = problem.solve(gamma, &problem);
        let left = norm(&(descend(&problem, gamma, rate, STEPS) - &solution.theta));
        if left < 1e-9 * norm(&solution.theta) {
            let budget = Budget::sum(shape.0).scale(solution.scale);
            let args = call(&problem, gamma, rate, STEPS);
            t.call(about, args).close("theta_after", &solution.theta.into_dyn(), budget);
            return;
        }
    }
}
