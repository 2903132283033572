//! Times what students wrote against the reference: in turn, in one run, with new inputs for every call, each answer checked.
//!
//! The process that is timed is hostile: its own clock is never asked, and what it could gain by remembering, waiting, leaving
//! work out or doing it elsewhere is looked for (`tricks`). `sample` measures, `stats` and `verdict` conclude, the command
//! `bench` and `report` show.

pub mod counts;
pub mod fingerprint;
pub mod sample;
pub mod stats;
pub mod tricks;
pub mod speed;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;
use hidden::sized::{Sizes, workload};
use serde::Serialize;

use crate::{course::Exercise, device::Device, examine::Examinee, verdict::Marks};
use counts::{Counts, count};
use sample::{Plan, Task, sample};
use speed::{Summary, summarize};

/// All timings at the end of a report together: nobody should have to wait for them.
const QUICK: Duration = Duration::from_millis(300);

/// One exercise at one size: what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Timing {
    /// How large the inputs are.
    pub sizes: Sizes,
    /// The forward pass.
    pub forward: Summary,
    /// Forward and backward pass, where there is one.
    pub both: Option<Summary>,
    /// What the student's call did, as the student's program says.
    pub counts: Option<Counts>,
    /// What the reference's call did.
    pub reference_counts: Option<Counts>,
}

/// Times `exercise` at each of its sizes.
pub fn time(
    exercise: &Exercise,
    student: &Path,
    reference: Option<&Path>,
    (plan, device): (&Plan, Device),
    mut heard: impl FnMut(&str),
) -> Result<Vec<Timing>> {
    let mut timings = Vec::new();
    for sizes in &exercise.bench {
        let task = Task { exercise, sizes, backward: false, device, student, reference };
        heard("forward");
        let Some(forward) = sample(&task, plan)? else { continue };
        heard("forward and backward");
        let both = sample(&Task { backward: true, ..task }, plan)?;
        let counts = |program| counted(Examinee { exercise, program, device }, sizes);
        timings.push(Timing {
            sizes: sizes.clone(),
            forward: summarize(&forward),
            both: both.as_ref().map(summarize),
            counts: counts(student)?,
            reference_counts: reference.map(counts).transpose()?.flatten(),
        });
    }
    Ok(timings)
}

/// The counts of a call forward and, where there is a way, backward.
fn counted(examinee: Examinee, sizes: &Sizes) -> Result<Option<Counts>> {
    let exercise = examinee.exercise;
    let call = |backward| workload(&exercise.chapter, &exercise.id, sizes, 0, backward);
    let Some((call, _)) = call(true).or_else(|| call(false)) else { return Ok(None) };
    count(examinee, &call)
}

/// Times what was solved just now, once each and without a reference, for as long as anybody would wait. Failures are
/// nobody's business here: `bench` names them.
pub fn quick<'e>(
    exercises: impl Iterator<Item = &'e Exercise>,
    graded: &Marks,
) -> Vec<(&'e Exercise, Summary)> {
    let (began, mut timings) = (Instant::now(), Vec::new());
    for exercise in exercises {
        let id = exercise.full_id();
        let solved_now = graded.fresh.contains(&id) && graded.is_passed(&id);
        let (Some(program), Some(sizes)) = (graded.programs.get(&id), exercise.bench.first()) else {
            continue;
        };
        if !solved_now || began.elapsed() > QUICK {
            continue;
        }
        let device = Device::Cpu;
        let task = Task { exercise, sizes, backward: true, device, student: program, reference: None };
        let forward = Task { backward: false, ..task };
        let samples = sample(&task, &Plan::QUICK).and_then(|both| match both {
            None => sample(&forward, &Plan::QUICK),
            some => Ok(some),
        });
        let summary = samples.ok().flatten().map(|samples| summarize(&samples));
        // What is too short to be timed is not worth a line.
        timings
            .extend(summary.filter(|summary| summary.seconds.is_some()).map(|summary| (exercise, summary)));
    }
    timings
}
