//! Takes samples: student and reference in turn, the same new inputs for both, every answer checked before its time counts.
//!
//! A block is a set of fresh processes: one of the student's program, one of the reference's, and one that is asked to do
//! nothing with the same inputs and as many outputs, which is what every call costs beside its work. Judging times is left
//! to `verdict`, and what needs a closer look to `tricks`.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use hidden::{
    Case, Check, Rule,
    sized::{Sizes, Work, Workload, workload},
};
use protocol::{Answer, Array, Call, NOTHING, OUTPUTS, Value, Values};

use super::{
    speed::is_decided,
    tricks::{CLOSER_ROUNDS, wants_a_closer_look},
};
use crate::{
    course::Exercise,
    device::Device,
    examine::{Examinee, probe::Probe},
    judge::{Outcome, judge},
    process::Cost,
    verdict::Fault,
};

/// What is timed: an exercise at one size, forward alone or with its backward pass.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// What is timed.
    pub exercise: &'a Exercise,
    /// How large its inputs are.
    pub sizes: &'a Sizes,
    /// Whether gradients are asked for.
    pub backward: bool,
    /// What it runs on.
    pub device: Device,
    /// The student's program.
    pub student: &'a Path,
    /// The reference's, where there is one.
    pub reference: Option<&'a Path>,
}

/// The shortest time between a student's answer and the next request; the longest is ten times that.
const PAUSE: Duration = Duration::from_millis(2);

/// How long to go on.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Timed rounds in a block; one more comes first, and is checked but not timed.
    pub rounds: usize,
    /// Blocks at least.
    pub least: usize,
    /// Blocks at most.
    pub most: usize,
    /// After this no further block begins once there are the least.
    pub time: Duration,
}

impl Plan {
    /// For a verdict: as many blocks as it takes.
    pub const FULL: Self = Self { rounds: 5, least: 10, most: 80, time: Duration::from_secs(25) };
    /// For a line at the end of a report.
    pub const QUICK: Self = Self { rounds: 2, least: 1, most: 1, time: Duration::ZERO };
}

/// What the calls of one block took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// The student's calls.
    pub student: Vec<Cost>,
    /// The reference's, with the same inputs; none where there is no reference.
    pub reference: Vec<Cost>,
    /// Calls that do nothing.
    pub nothing: Vec<Cost>,
    /// The last call once more, with the inputs that it had just before: the student's and the reference's.
    pub again: (Option<Cost>, Option<Cost>),
}

/// Everything that was measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// A block each.
    pub blocks: Vec<Block>,
    /// More blocks, to confirm or drop a suspicion.
    pub closer: Vec<Block>,
    /// Why it was broken off.
    pub fault: Option<Fault>,
    /// The work of a call.
    pub work: Option<Work>,
}

impl Block {
    /// By the clock on the wall: while a GPU computes the process waits, and its CPU time says nothing.
    fn on_the_wall(mut self) -> Self {
        let again = [&mut self.again.0, &mut self.again.1];
        let calls = [&mut self.student, &mut self.reference, &mut self.nothing];
        for spent in calls.into_iter().flatten().chain(again.into_iter().flatten()) {
            *spent = Cost { cpu: None, asleep: Duration::ZERO, ..*spent };
        }
        self
    }
}

/// Times `task` until `plan` is fulfilled, or an answer is wrong. `None` where there is no such pass.
pub fn sample(task: &Task, plan: &Plan) -> Result<Option<Samples>> {
    let mut seeds = fresh_seeds();
    let Some((_, workload)) = task.draw(seeds()) else { return Ok(None) };
    let work = if task.backward { workload.both } else { Some(workload.forward) };
    gather(plan, work, |rounds, number| task.block(rounds, number, &mut seeds)).map(Some)
}

/// Takes blocks (of so many rounds, the how-manieth) until `plan` is fulfilled, and then more while there is a suspicion.
pub fn gather(
    plan: &Plan,
    work: Option<Work>,
    mut block: impl FnMut(usize, usize) -> Result<Result<Block, Fault>>,
) -> Result<Samples> {
    let (mut samples, began) = (Samples { work, ..Samples::default() }, Instant::now());
    while samples.fault.is_none() && samples.blocks.len() < plan.most {
        if samples.blocks.len() >= plan.least && (began.elapsed() > plan.time || is_decided(&samples)) {
            break;
        }
        match block(plan.rounds, samples.blocks.len())? {
            Ok(block) => samples.blocks.push(block),
            Err(fault) => samples.fault = Some(fault),
        }
    }
    while samples.fault.is_none() && wants_a_closer_look(&samples) {
        match block(CLOSER_ROUNDS, samples.closer.len())? {
            Ok(block) => samples.closer.push(block),
            Err(fault) => samples.fault = Some(fault),
        }
    }
    Ok(samples)
}

impl Task<'_> {
    fn draw(&self, seed: u64) -> Option<(Call, Workload)> {
        workload(&self.exercise.chapter, &self.exercise.id, self.sizes, seed, self.backward)
    }

    fn probe<'p>(&'p self, program: &'p Path) -> Probe<'p> {
        Probe::new(Examinee { exercise: self.exercise, program, device: self.device })
    }

    fn block(
        &self,
        rounds: usize,
        number: usize,
        seeds: &mut impl FnMut() -> u64,
    ) -> Result<Result<Block, Fault>> {
        let mut student = self.probe(self.student);
        let mut reference = self.reference.map(|program| self.probe(program));
        let mut idle = self.probe(self.reference.unwrap_or(self.student));
        let (mut block, mut last) = (Block::default(), None);
        for round in 0..=rounds {
            let (call, workload) = self.draw(seeds()).context("an exercise lost its workload")?;
            // Who goes first takes turns, so that neither finds the other's inputs in the caches more often.
            let early =
                if (number + round).is_multiple_of(2) { ask(reference.as_mut(), &call)? } else { None };
            let mine = student.time(&call)?;
            let theirs = if early.is_some() { early } else { ask(reference.as_mut(), &call)? };
            let want = theirs.as_ref().map(|(outcome, _)| values(outcome)).transpose()?;
            if let Some(fault) = fault(&call, &workload, &mine.0, want) {
                return Ok(Err(fault));
            }
            let nothing = idle.time(&nothing(&call, values(&mine.0)?))?;
            pause(&student, mine.1);
            if round > 0 {
                block.student.extend(mine.1);
                block.reference.extend(theirs.and_then(|(_, spent)| spent));
                block.nothing.extend(nothing.1);
            }
            last = Some((call, workload, mine.0));
        }
        if let Some((call, workload, answer)) = last {
            block.again =
                (student.time(&call)?.1, ask(reference.as_mut(), &call)?.and_then(|(_, spent)| spent));
            let fault = match self.reference {
                Some(_) => None,
                None => self.alone(&call, &workload, &answer)?,
            };
            if let Some(fault) = fault {
                return Ok(Err(fault));
            }
        }
        Ok(Ok(if self.device == Device::Cpu { block } else { block.on_the_wall() }))
    }

    /// Without a reference: what a new process that was never asked before answers, the one that was timed must have answered.
    fn alone(&self, call: &Call, workload: &Workload, answer: &Outcome) -> Result<Option<Fault>> {
        let (fresh, _) = self.probe(self.student).time(call)?;
        Ok(match values(&fresh) {
            Ok(want) => fault(call, workload, answer, Some(want)),
            Err(_) => fault(call, workload, &fresh, None),
        })
    }
}

/// Seeds that nobody can prepare for, no two alike.
fn fresh_seeds() -> impl FnMut() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    let mut seed = RandomState::new().hash_one("bench");
    move || {
        seed = seed.wrapping_add(1);
        seed
    }
}

/// Who goes on computing after the answer does it here, where it shows, and not within the next call. On a busy machine it has to
/// wait for its turn: it is waited for.
fn pause(student: &Probe, spent: Option<Cost>) {
    let pause = spent.map_or(PAUSE, |spent| 2 * spent.wall).clamp(PAUSE, 10 * PAUSE);
    thread::sleep(pause);
    student.await_rest(pause);
}

fn ask(probe: Option<&mut Probe>, call: &Call) -> Result<Option<(Outcome, Option<Cost>)>> {
    probe.map(|probe| probe.time(call)).transpose()
}

fn values(outcome: &Outcome) -> Result<&Values> {
    match outcome {
        Outcome::Answered(Answer::Values(values)) => Ok(values),
        other => bail!("the course's own call failed: {other:?}"),
    }
}

/// The same inputs, and as many outputs as there were.
fn nothing(call: &Call, outputs: &Values) -> Call {
    let sizes = outputs.values().filter_map(|value| match value {
        Value::Array(array) => Some(array.len() as u64),
        _ => None,
    });
    let sizes: Vec<u64> = sizes.collect();
    let mut args = call.args.clone();
    args.insert(OUTPUTS.to_owned(), Value::Array(Array::index(&[sizes.len()], sizes)));
    Call::own(NOTHING, args)
}

/// What is wrong with a timed answer: against the workload's own checks, or else against every array that is wanted.
fn fault(call: &Call, workload: &Workload, answer: &Outcome, want: Option<&Values>) -> Option<Fault> {
    let mut checks = workload.checks.clone();
    if checks.is_empty() {
        checks =
            want.into_iter().flatten().filter_map(|(name, value)| check(name, value, workload)).collect();
    }
    let about = "a timed call".to_owned();
    let case = Case { about, calls: vec![call.clone()], checks, shows: Vec::new() };
    judge(&case, std::slice::from_ref(answer))
}

fn check(output: &str, value: &Value, workload: &Workload) -> Option<Check> {
    let Value::Array(array) = value else { return None };
    let want = Array::f64(&array.shape, array.to_f64());
    let rule = Rule::Close { want, budget: workload.budget };
    Some(Check { call: 0, output: output.to_owned(), steps: Vec::new(), rule })
}
