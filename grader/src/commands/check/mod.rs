//! The course's self-check: every stub fails, every solution passes on fresh seeds, every misconception is caught and
//! named, nothing is missing, no signature has drifted, no solution leaks into the lectures.
//!
//! The rules about files alone are in `complete`, those about cases alone in `cases`, misconceptions in `misconceptions`;
//! this file runs stubs and solutions.

mod cases;
mod complete;
mod diagnosis;
mod loans;
mod misconceptions;
mod suppositions;
mod truth;

use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::json;

use diagnosis::Study;

use super::{PROGRAM, Session};
use crate::{
    build::assemble::{Assembly, Defect, Sources, assemble},
    course::{self, Chapter, Exercise, cases::DIAGNOSTIC, stubs},
    device::Device,
    events::Event,
    examine::{Examinee, Examiner, Questions, diagnose::Records},
    exit::Exit,
    grade::Grader,
    judge::gates,
    keep::stash,
    parallel::side_by_side,
    report::{plural, put, put_json},
    source::tree::Tree,
    verdict::Verdict,
};

/// What the check found wrong.
#[derive(Default)]
pub struct Complaints(Vec<String>);

impl Complaints {
    /// Adds a complaint.
    pub fn add(&mut self, complaint: String) {
        self.0.push(complaint);
    }
}

/// What is wanted of a check.
#[derive(Clone, Copy)]
pub struct Wish {
    /// How many fresh seeds a solution must pass.
    pub seeds: u64,
    /// Whether stubs and the answers of misconceptions are recorded first.
    pub seal: bool,
    /// Whether it is studied what is said of misconceptions that nobody recorded.
    pub diagnosis: bool,
    /// One misconception in so many is looked at.
    pub one_in: u64,
}

/// Checks the named exercises, or all of them.
pub fn check(session: &Session, ids: &[String], wish: Wish) -> Result<Exit> {
    super::refuse_without_authors("check")?;
    let grader = Grader::new(session.course, session.events)?;
    let (mut complaints, mut studies) = (Complaints::default(), Vec::new());
    let selected = session.selected(ids)?;
    for chapter in &session.course.chapters {
        let of_chapter = selected.iter().copied().filter(|exercise| exercise.chapter == chapter.name);
        let wanted: Vec<&Exercise> = of_chapter.collect();
        if !wanted.is_empty() {
            studies.extend(check_chapter(&grader, chapter, &wanted, wish, &mut complaints)?);
        }
    }
    let checked = plural(selected.len(), "exercise");
    session.events.hear(Event::Finished);
    if session.common.json {
        let mut value = json!({ "format": 1, "exercises": selected.len(), "complaints": complaints.0 });
        if wish.diagnosis {
            value["diagnosis"] = diagnosis::figures(&studies);
        }
        put_json(&value);
    } else {
        if wish.diagnosis {
            put!("{}", diagnosis::report(&studies));
        }
        put!("{}", report(session, &complaints, &checked, wish));
    }
    Ok(if complaints.0.is_empty() { Exit::Done } else { Exit::Broken })
}

fn report(session: &Session, complaints: &Complaints, checked: &str, wish: Wish) -> String {
    let complaints = &complaints.0;
    let lines = complaints.iter().map(|complaint| format!("{} {complaint}\n", session.style.bad("✗")));
    let text: String = lines.collect();
    if !complaints.is_empty() {
        return format!("{text}\n{} about {checked}\n", plural(complaints.len(), "complaint"));
    }
    format!(
        "{} {checked}: stubs fail, solutions pass on {}, {} named, no check lets an error of more than 1 % \
         through, idle answers fail\n",
        session.style.good("✓"),
        plural(wish.seeds as usize, "seed"),
        match wish.one_in {
            1 => "misconceptions are".to_owned(),
            n => format!("those misconceptions that were looked at, one in {n}, are"),
        }
    )
}

fn check_chapter(
    grader: &Grader,
    chapter: &Chapter,
    wanted: &[&Exercise],
    wish: Wish,
    complaints: &mut Complaints,
) -> Result<Vec<Study>> {
    let (lectures, solutions) = (
        Tree::read(&grader.paths.lecture(&chapter.name))?,
        Tree::read(&grader.paths.solution(&chapter.name))?,
    );
    if wish.seal {
        if lectures == solutions || stash::waiting(&grader.paths, &chapter.name)?.is_some() {
            bail!("lectures/{0} holds the solutions; `{PROGRAM} solutions out {0}` first", chapter.name);
        }
        stubs::seal(&grader.paths, &chapter.name, &lectures)?;
    }
    let stubs = stubs::load(&grader.paths, &chapter.name)
        .with_context(|| format!("the stubs are not sealed; `{PROGRAM} check --seal` does it"))?;
    let check = SelfCheck { grader, chapter, stubs: &stubs, solutions: &solutions };
    check.timed("files and cases", || {
        complete::complete(grader, chapter, wanted, &lectures, &stubs, &solutions, complaints)?;
        cases::decide(&grader.paths, wanted, DIAGNOSTIC, complaints)?;
        loans::are_refused(&check, wanted, complaints)
    })?;
    check.timed("stubs", || check.stubs_fail(wanted, complaints))?;
    check.timed("suppositions", || suppositions::are_sealed(grader, chapter, wanted, wish, complaints))?;
    check.timed("solutions", || check.solutions_pass(wanted, wish.seeds, complaints))?;
    check.timed("misconceptions", || misconceptions::are_named(&check, wanted, wish, complaints))
}

struct SelfCheck<'a> {
    grader: &'a Grader<'a>,
    chapter: &'a Chapter,
    stubs: &'a Tree,
    solutions: &'a Tree,
}

impl SelfCheck<'_> {
    /// Says how long a part of the check took: whoever reads only what was printed sees what is slow.
    fn timed<T>(&self, part: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let begun = Instant::now();
        let done = work()?;
        let what = format!("{}, {part}", self.chapter.name);
        self.grader.events.hear(Event::Checked { what: &what, seconds: begun.elapsed().as_secs_f64() });
        Ok(done)
    }

    fn assemble(&self, source: &str, tree: &Tree, exercises: &[&Exercise]) -> Result<Assembly> {
        self.grader.events.hear(Event::Building { what: source });
        self.assemble_topics(source, tree, &course::topics(exercises.iter().copied()))
    }

    fn assemble_topics(&self, source: &str, tree: &Tree, topics: &[&str]) -> Result<Assembly> {
        let submission = Sources { chapter: self.chapter, source, tree };
        assemble(Device::Cpu, &self.grader.paths, &submission, self.stubs, topics, self.grader.events)
    }

    fn stubs_fail(&self, wanted: &[&Exercise], complaints: &mut Complaints) -> Result<()> {
        let assembled = self.assemble("stubs", self.stubs, wanted)?;
        for warning in &assembled.warnings {
            complaints.add(format!(
                "a stub of `{}` compiles with a warning:\n{}",
                self.chapter.name, warning.rendered
            ));
        }
        let examiner = Examiner { paths: &self.grader.paths, records: &Records::new(), ear: None };
        for exercise in wanted {
            let cases = course::cases::cases(&self.grader.paths, exercise, DIAGNOSTIC)?;
            let questions = Questions { seed: DIAGNOSTIC, cases: &cases, to_failure: true };
            let verdict = examiner.examine(examinee(&assembled, exercise)?, questions)?;
            if verdict.is_passed() {
                complaints.add(format!("the stub of `{}` passes", exercise.full_id()));
            }
        }
        Ok(())
    }

    fn solutions_pass(&self, wanted: &[&Exercise], seeds: u64, complaints: &mut Complaints) -> Result<()> {
        let solved = self.assemble("solutions", self.solutions, wanted)?;
        for Defect { file, message, .. } in &solved.broken {
            complaints.add(format!(
                "the solution `{}` does not compile against its stub:\n{message}",
                file.display()
            ));
        }
        let first = fresh_seed();
        let found = side_by_side(wanted, |_, i, exercise| {
            self.grader.events.hear(Event::Examining {
                what: &exercise.full_id(),
                done: i,
                total: wanted.len(),
            });
            self.solution_passes(examinee(&solved, exercise)?, first, seeds)
        });
        for complaint in found {
            complaint?.into_iter().for_each(|complaint| complaints.add(complaint));
        }
        Ok(())
    }

    /// What is wrong with a solution, if anything.
    fn solution_passes(&self, examinee: Examinee, first: u64, seeds: u64) -> Result<Option<String>> {
        let examiner = Examiner { paths: &self.grader.paths, records: &Records::new(), ear: None };
        let exercise = examinee.exercise;
        let trials = std::iter::once(DIAGNOSTIC).chain((0..seeds).map(|k| first.wrapping_add(k)));
        let mut wide = Vec::new();
        for seed in trials {
            let cases = course::cases::cases(&self.grader.paths, exercise, seed)?;
            // Those of the diagnostic seed have been looked at, each of them.
            if seed != DIAGNOSTIC {
                let complaint = gates::complaints(&exercise.full_id(), &cases).into_iter().next();
                wide.extend(complaint.map(|complaint| format!("{complaint} (seed {seed})")));
            }
            let verdict = examiner.examine(examinee, Questions { seed, cases: &cases, to_failure: true })?;
            if let Verdict::Failed(failure) = verdict {
                let (id, about, message) = (exercise.full_id(), failure.about, failure.message);
                return Ok(Some(format!(
                    "the solution of `{id}` fails with seed {seed} ({about}):\n{message}"
                )));
            }
        }
        // Values may cancel in a draw now and then; another seed's decide. Where they do so for most seeds, too little decides.
        let mostly = wide.len() > 1 && wide.len() as u64 * 2 > seeds;
        Ok(wide.into_iter().next().filter(|_| mostly))
    }
}

fn examinee<'a>(assembly: &'a Assembly, exercise: &'a Exercise) -> Result<Examinee<'a>> {
    Ok(Examinee { exercise, program: assembly.program(exercise)?, device: Device::Cpu })
}

/// Whether something is drawn as one in `one_in`.
fn drawn(one_in: u64) -> bool {
    fresh_seed().is_multiple_of(one_in)
}

/// Nobody can prepare for seeds drawn now.
fn fresh_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one("seeds") >> 16
}
