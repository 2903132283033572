//! What can be said of wrong answers from the cases alone: the symptom, the contrast, and a case that shows them.

use std::collections::BTreeMap;

use hidden::Case;

use crate::{
    judge::{Outcome, contrast, measure, symptoms},
    messages::answers,
    verdict::{Contrast, Fault, Kind, Symptom},
};

/// What was found.
#[derive(Default)]
pub struct Explanation {
    /// What all wrong answers have in common.
    pub symptom: Option<Symptom>,
    /// What divides the cases.
    pub contrast: Option<Contrast>,
    /// A case that the symptom is about, by its number, and what is wrong with it.
    pub example: Option<(usize, Fault)>,
}

/// Looks for it; `failing` has the outcomes of the cases that fail, by their numbers.
pub fn explain(cases: &[Case], failing: &BTreeMap<usize, Vec<Outcome>>) -> Explanation {
    let trials = symptoms::trials(cases, failing);
    let found = symptoms::find(&trials);
    let contrast = contrast::find(&found.about);
    let example = found.example.filter(|_| found.symptom.is_some()).and_then(|(c, k)| {
        let (case, outcomes) = (&cases[c], failing.get(&c)?);
        let check = &case.checks[k];
        let message = answers::fault(case, check, &measure(check, outcomes))?;
        Some((c, Fault { kind: Kind::Wrong, message }))
    });
    Explanation { symptom: found.symptom, contrast, example }
}
