//! Processor against GPU: both get the same calls, and their answers are compared. The comparison is `crate::examine::parity`'s.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use hidden::{Budget, Case};
use serde_json::json;

use super::Session;
use crate::{
    build::assemble::{Sources, assemble},
    course::{Chapter, Exercise, cases::cases, stubs, topics},
    device::Device,
    events::Event,
    examine::{
        Examinee, answers,
        parity::{Agreement, compare},
        probe::finds_its_device,
        snapshot::Golden,
    },
    exit::Exit,
    grade::Grader,
    report::{put_json, putln},
    source::tree::Tree,
};

const DEVICES: [Device; 2] = [Device::Cpu, Device::Cuda];

/// Where the programs come from and where they go.
#[derive(Clone, Copy, Debug)]
pub enum Programs<'a> {
    /// Built, and asked where they lie.
    Built,
    /// Built, kept in a folder and not asked.
    Kept(&'a Path),
    /// Taken from such a folder.
    From(&'a Path),
}

impl<'a> Programs<'a> {
    /// As the options say.
    pub fn of(keep: Option<&'a Path>, programs: Option<&'a Path>) -> Self {
        match (keep, programs) {
            (Some(folder), _) => Self::Kept(folder),
            (_, Some(folder)) => Self::From(folder),
            _ => Self::Built,
        }
    }
}

/// What came of an exercise.
type Disagreement = Result<Agreement, String>;

/// Compares the devices' answers to the cases of a seed, of each exercise as many as are wanted.
pub fn parity(
    session: &Session,
    ids: &[String],
    (seed, most): (u64, Option<usize>),
    programs: Programs,
) -> Result<Exit> {
    let exercises = session.selected(ids)?;
    if let Programs::Kept(folder) = programs {
        return keep(session, &exercises, folder);
    }
    Device::Cuda.require()?;
    let grader = Grader::new(session.course, session.events)?;
    let mut findings = Vec::new();
    for chapter in session.course.chapters.iter() {
        let wanted: Vec<&Exercise> =
            exercises.iter().filter(|exercise| exercise.chapter == chapter.name).copied().collect();
        let [cpu, cuda] = match programs {
            Programs::From(folder) => DEVICES.map(|device| kept(folder, device, &wanted)),
            _ => built(&grader, chapter, &wanted)?,
        };
        if let Some(program) = cuda.values().next() {
            finds_its_device(program)?;
        }
        for (i, exercise) in wanted.iter().enumerate() {
            session.events.hear(Event::Examining { what: &exercise.full_id(), done: i, total: wanted.len() });
            let pair = (program(&cpu, exercise)?, program(&cuda, exercise)?);
            findings.push((*exercise, compared(&grader, exercise, pair, seed, most)?));
        }
    }
    session.events.hear(Event::Finished);
    report(session, &findings);
    let equal = findings.iter().all(|(_, finding)| finding.is_ok());
    Ok(if equal { Exit::Done } else { Exit::Broken })
}

/// The built programs' files, by topic.
type ByTopic = BTreeMap<String, PathBuf>;

fn program<'a>(programs: &'a ByTopic, exercise: &Exercise) -> Result<&'a Path> {
    let program = programs.get(&exercise.topic).filter(|program| program.is_file());
    let program = program.with_context(|| format!("there is no program of `{}`", exercise.full_id()))?;
    Ok(program)
}

/// The programs of both devices, from the solutions; from what lectures/ holds where there are none.
fn built(grader: &Grader, chapter: &Chapter, wanted: &[&Exercise]) -> Result<[ByTopic; 2]> {
    if wanted.is_empty() {
        return Ok(Default::default());
    }
    let solution = grader.paths.solution(&chapter.name);
    let (source, folder) = match solution.is_dir() {
        true => ("solutions", solution),
        false => ("lectures", grader.paths.lecture(&chapter.name)),
    };
    let tree = Tree::of_student(&folder);
    let submission = Sources { chapter, source, tree: &tree };
    let stubs = stubs::load(&grader.paths, &chapter.name)?;
    let topics = topics(wanted.iter().copied());
    let build = |device: Device| {
        let what = format!("{} for {device}", chapter.name);
        grader.events.hear(Event::Building { what: &what });
        let assembled = assemble(device, &grader.paths, &submission, &stubs, &topics, grader.events);
        assembled.map(|assembled| assembled.programs)
    };
    Ok([build(Device::Cpu)?, build(Device::Cuda)?])
}

/// Where a kept program lies.
fn place(folder: &Path, device: Device, exercise: &Exercise) -> PathBuf {
    folder.join(device.name()).join(format!("{}-{}", exercise.chapter, exercise.topic))
}

fn kept(folder: &Path, device: Device, wanted: &[&Exercise]) -> ByTopic {
    wanted.iter().map(|exercise| (exercise.topic.clone(), place(folder, device, exercise))).collect()
}

/// Builds the programs of both devices and copies them to `folder`.
fn keep(session: &Session, exercises: &[&Exercise], folder: &Path) -> Result<Exit> {
    let grader = Grader::new(session.course, session.events)?;
    for device in DEVICES {
        let folder = folder.join(device.name());
        fs::create_dir_all(&folder).with_context(|| format!("failed to make `{}`", folder.display()))?;
    }
    let mut copied = 0;
    for chapter in &session.course.chapters {
        let mut wanted: Vec<&Exercise> =
            exercises.iter().filter(|exercise| exercise.chapter == chapter.name).copied().collect();
        let programs = built(&grader, chapter, &wanted)?;
        let mut seen = BTreeSet::new();
        wanted.retain(|exercise| seen.insert(exercise.topic.as_str()));
        for (device, programs) in DEVICES.iter().zip(&programs) {
            for exercise in &wanted {
                let (from, to) = (program(programs, exercise)?, place(folder, *device, exercise));
                fs::copy(from, &to).with_context(|| format!("failed to write `{}`", to.display()))?;
                copied += 1;
            }
        }
    }
    session.events.hear(Event::Finished);
    putln!(
        "{copied} programs are in {}; nothing was run. On a machine with a GPU: parity --programs",
        folder.display()
    );
    Ok(Exit::Done)
}

/// One exercise: the hidden cases, then the recorded call, whose outputs all have fixed numbers.
fn compared(
    grader: &Grader,
    exercise: &Exercise,
    (cpu, cuda): (&Path, &Path),
    seed: u64,
    most: Option<usize>,
) -> Result<Disagreement> {
    let mut asked = thinned(cases(&grader.paths, exercise, seed)?, most);
    let hidden = asked.len();
    asked.extend(Golden::load(&grader.paths, exercise)?.map(|golden| golden.case(exercise)));
    let first = answers(Examinee { exercise, program: cpu, device: Device::Cpu }, &asked)?;
    let second = answers(Examinee { exercise, program: cuda, device: Device::Cuda }, &asked)?;
    let mut agreement = Agreement::default();
    for (i, case) in asked.iter().enumerate() {
        // The longest sum of any recorded call has fewer terms.
        let otherwise = (i >= hidden).then_some(Budget::sum(1024));
        match compare(case, &first[i], &second[i], otherwise) {
            Ok(found) => agreement = agreement.and(found),
            Err(difference) => return Ok(Err(format!("{}: {difference}", case.about))),
        }
    }
    Ok(Ok(agreement))
}

/// At most `most` cases, evenly spread.
fn thinned(cases: Vec<Case>, most: Option<usize>) -> Vec<Case> {
    let (all, most) = (cases.len(), most.unwrap_or(cases.len()));
    let taken = |i: usize| most >= all || i * most / all != (i + 1) * most / all;
    cases.into_iter().enumerate().filter(|(i, _)| taken(*i)).map(|(_, case)| case).collect()
}

fn report(session: &Session, findings: &[(&Exercise, Disagreement)]) {
    if session.common.json {
        put_json(&as_json(findings));
        return;
    }
    for (exercise, finding) in findings {
        let id = exercise.full_id();
        match finding {
            Ok(found) => putln!(
                "{} {id}: {} numbers equal, {} rules kept, largest difference {:.3} of what is allowed",
                session.style.good("✓"),
                found.numbers,
                found.rules,
                found.largest
            ),
            Err(difference) => putln!("{} {id}: {difference}", session.style.bad("✗")),
        }
    }
    let equal = findings.iter().filter(|(_, finding)| finding.is_ok()).count();
    putln!("{equal} of {} exercises answer alike on cpu and cuda", findings.len());
}

fn as_json(findings: &[(&Exercise, Disagreement)]) -> serde_json::Value {
    let rows: Vec<serde_json::Value> = findings
        .iter()
        .map(|(exercise, finding)| match finding {
            Ok(Agreement { numbers, rules, largest }) => json!({
                "id": exercise.full_id(), "equal": true, "numbers": numbers, "rules": rules, "largest": largest,
            }),
            Err(difference) => {
                json!({ "id": exercise.full_id(), "equal": false, "difference": difference })
            }
        })
        .collect();
    json!({ "format": 1, "devices": DEVICES.map(Device::name), "exercises": rows })
}
