//! What the cases of an exercise must not let through, whatever a student writes: large errors, and answers that know nothing.
//!
//! Looks at cases alone: nothing is built, no process is started. Pure, as the judge is that it asks.

mod idle;
mod let_through;
mod exceptions;

use hidden::Case;

/// What is wrong with the cases that `exercise` has for one seed, in sentences.
///
/// No check with a budget may let a relative error of more than 1 % through ([`hidden::Allowance`]), each output that has such
/// checks needs one that lets through less than 0.1 %, and no idle answer may satisfy all checks of an output.
pub fn complaints(exercise: &str, cases: &[Case]) -> Vec<String> {
    let idle = idle::passing(cases);
    let passing = |output: &str| idle.iter().any(|(passing, _)| *passing == output);
    let unused = exceptions::outputs(exercise).filter(|output| !passing(output)).map(|output| {
        format!(
            "`{output}` of `{exercise}` needs no reason for an idle answer any more: take it out of the list"
        )
    });
    let unsettled = idle.iter().filter(|(output, _)| exceptions::reason(exercise, output).is_none());
    let idle = unsettled
        .map(|(output, answers)| format!("all checks of `{output}` of `{exercise}` are passed by {answers}"));
    let wide = let_through::complaints(cases);
    let wide = wide.into_iter().map(|complaint| format!("`{exercise}`: {complaint}"));
    wide.chain(idle).chain(unused).collect()
}
