//! What is measured, in a student's words: outputs, what is derived from them, statistics.

use hidden::{Distribution, Operand, Statistic, Step};

use super::numbers::number;

/// `output` and what is worked out of it: "the gradient with respect to `x`", "the error (NRMSE) of `free_run`".
pub fn quantity(output: &str, steps: &[Step]) -> String {
    steps.iter().fold(output_name(output), |what, step| after(&what, step))
}

/// `y` and `d_x` in words.
fn output_name(output: &str) -> String {
    match output.strip_prefix("d_") {
        Some(argument) => format!("the gradient with respect to `{argument}`"),
        None if output == "y" => "the output".to_owned(),
        None => format!("`{output}`"),
    }
}

fn after(what: &str, step: &Step) -> String {
    match step {
        Step::Minus(other) => format!("{what} less {}", operand(other, "what is known")),
        Step::Times(other) => format!("{what} times {}", operand(other, "known factors")),
        Step::Over(other) => format!("{what} over {}", operand(other, "known divisors")),
        Step::Dot(weights) => weighted(what, weights),
        Step::Error { .. } => {
            format!("the error of {what} (root mean square, in standard deviations of what is right)")
        }
        Step::Accuracy(_) => {
            format!("the share of rows of {what} with the largest number at the right class")
        }
        Step::Equal(_) => format!("the share of elements of {what} that are as given"),
        Step::Statistic(statistic) => format!("the {} of {what}", statistic_name(*statistic)),
        Step::Sorted => format!("{what}, each row sorted"),
        Step::Transposed => format!("{what}, column by column"),
        Step::Entries => format!("the entries of {what}, equal ones with the same number"),
        Step::Log10 => format!("the logarithm of {what}"),
        Step::Shares(_) => format!("how often each number comes in {what}, as a share"),
        Step::BesideOnes => format!("{what} with a column of ones"),
        Step::SecondMoments => format!("the mean product of two columns of {what}"),
        Step::Known(_) => "what is known".to_owned(),
    }
}

fn operand(operand: &Operand, known: &str) -> String {
    match operand {
        Operand::Output(name) => output_name(name),
        Operand::Known(_) => known.to_owned(),
    }
}

/// Picks and differences read better than a sum of products.
fn weighted(what: &str, weights: &[f64]) -> String {
    let terms: Vec<(usize, f64)> =
        weights.iter().copied().enumerate().filter(|(_, weight)| *weight != 0.0).collect();
    match (&terms[..], weights.len()) {
        (&[(i, 1.0)], n) if n > 1 => format!("number {i} of each {n} of {what}"),
        (&[(i, -1.0), (j, 1.0)], _) => format!("number {j} less number {i} of {what}"),
        (&[(i, 1.0), (j, -1.0)], _) => format!("number {i} less number {j} of {what}"),
        _ => {
            let terms: Vec<String> =
                terms.iter().map(|(i, weight)| format!("{weight} · number {i}")).collect();
            format!("the sum {} of {what}", terms.join(" + "))
        }
    }
}

/// A statistic's name.
pub fn statistic_name(statistic: Statistic) -> String {
    match statistic {
        Statistic::Mean => "mean".to_owned(),
        Statistic::Std => "standard deviation".to_owned(),
        Statistic::Min => "smallest element".to_owned(),
        Statistic::Max => "largest element".to_owned(),
        Statistic::Last => "last element".to_owned(),
        Statistic::Count => "number of elements".to_owned(),
        Statistic::Sum => "sum".to_owned(),
        Statistic::Norm => "norm".to_owned(),
        Statistic::Distinct => "number of different elements".to_owned(),
        Statistic::Share { of } => format!("share of the number {} among the elements", number(of)),
        Statistic::StdOfMeans { each } => {
            format!("standard deviation of the means of every {each} elements")
        }
        Statistic::DistanceTo(Distribution::Normal { mean, std }) => {
            format!(
                "distance (Kolmogorov–Smirnov) to the normal distribution with mean {mean} and standard deviation {std:.4}"
            )
        }
        Statistic::DistanceTo(Distribution::TruncatedNormal { cut, .. }) => {
            format!("distance (Kolmogorov–Smirnov) to the normal distribution truncated at ±{cut:.4}")
        }
        Statistic::DistanceTo(Distribution::Uniform { low, high }) => {
            format!("distance (Kolmogorov–Smirnov) to the uniform distribution from {low:.4} to {high:.4}")
        }
    }
}
