//! How large an error each check lets through, measured against what it wants.

use std::collections::BTreeMap;

use hidden::{Allowance, Case, Check};

use crate::messages::quantity;

const WIDEST: f64 = Allowance::WIDEST;
/// Each output that has checks with a budget needs one that is as fine as this.
const DECIDING: f64 = 1e-3;

/// Complains about outputs with a check that is too wide, about those that have none that is fine, and about those that mostly
/// must vanish.
pub fn complaints(cases: &[Case]) -> Vec<String> {
    let mut outputs: BTreeMap<String, Vec<(&str, Allowance)>> = BTreeMap::new();
    for (case, check) in cases.iter().flat_map(|case| case.checks.iter().map(move |check| (case, check))) {
        if let Some(allowance) = Allowance::of(check) {
            outputs.entry(name(check)).or_default().push((&case.about, allowance));
        }
    }
    outputs.into_iter().flat_map(|(output, checks)| about_output(&output, &checks)).collect()
}

/// The output as the adapter calls it, or what is worked out of it.
fn name(check: &Check) -> String {
    if check.steps.is_empty() { format!("`{}`", check.output) } else { quantity(&check.output, &check.steps) }
}

fn about_output(output: &str, checks: &[(&str, Allowance)]) -> Vec<String> {
    let usual = median(checks.iter().filter(|(_, a)| !a.vanishing).map(|(_, a)| a.typical).collect());
    let shares: Vec<(f64, &str)> =
        checks.iter().map(|(about, allowance)| (allowance.relative(usual), *about)).collect();
    let wide: Vec<_> = shares.iter().filter(|(share, _)| *share > WIDEST).collect();
    let mut complaints = Vec::new();
    if let Some((widest, about)) = wide.iter().max_by(|a, b| a.0.total_cmp(&b.0)) {
        complaints.push(format!(
            "{} of {} checks of {output} let an error of more than {} through, and one of {} (“{about}”)",
            wide.len(),
            shares.len(),
            percent(WIDEST),
            percent(*widest)
        ));
    }
    let finest = shares.iter().map(|(share, _)| *share).fold(f64::INFINITY, f64::min);
    if finest > DECIDING {
        complaints.push(format!(
            "no check of {output} is finer than {}; the finest lets an error of {} through",
            percent(DECIDING),
            percent(finest)
        ));
    }
    let vanishing = checks.iter().filter(|(_, a)| a.vanishing && a.allowed > 0.0).count();
    if 2 * vanishing > checks.len() {
        complaints.push(format!("zeros pass {vanishing} of {} checks of {output}", checks.len()));
    }
    complaints
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// 0 where there are none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
