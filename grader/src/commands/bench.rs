//! Timing of solved layers against the reference: picks what can be timed, builds both programs, shows what came of it.
//!
//! Measuring is `bench`'s, words are `report`'s.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use super::Session;
use crate::{
    bench::{fingerprint::Fingerprint, sample::Plan, time},
    cli::{Baseline, Devices},
    course::{Chapter, Exercise},
    device::Device,
    events::Event,
    exit::Exit,
    files::{sha256, write_whole},
    grade::{Grader, Options},
    report::{Style, put_json, timings},
};

/// Times the named exercises, or all that can be timed.
pub fn bench(session: &Session, ids: &[String], devices: Devices, baseline: Baseline) -> Result<Exit> {
    let exercises = session.selected(ids)?;
    let mut rows = Vec::new();
    let machine = Fingerprint::take(&session.paths);
    session.say(&format!("{}\n", machine.line()));
    if machine.is_busy() {
        session.say("Other programs keep this machine busy: close them, or expect wide intervals.\n");
    }
    let with_reference = baseline == Baseline::Reference;
    let mut missing = None;
    for device in devices.list() {
        if let Err(why) = device.require() {
            // Alone it is the command's own error, said there.
            if devices != Devices::Cuda {
                session.say(&format!("{device}: {why}"));
            }
            missing = Some(why);
            continue;
        }
        let grader = Grader::on(device, session.course, session.events)?;
        rows.extend(Subject { session, grader: &grader, device, with_reference }.all(&exercises)?);
    }
    if session.common.json {
        let missing = missing.as_ref().map(ToString::to_string);
        put_json(&json!({ "format": 1, "machine": machine, "exercises": rows, "missing": missing }));
    }
    // What was asked for and is not here never passes; what was timed beside it does.
    match missing {
        Some(missing) if devices == Devices::Cuda => Err(missing.into()),
        _ => Ok(Exit::Done),
    }
}

/// What was last measured of an exercise, if its file is still the same.
pub fn last(session: &Session, exercise: &Exercise) -> Option<String> {
    let kept = fs::read_to_string(kept(session, exercise)).ok()?;
    let (code, words) = kept.split_once('\n')?;
    (code == of_code(session, exercise)?).then(|| words.to_owned())
}

/// Keeps it for the page; without that the page has less to show, and nothing is wrong.
fn keep(session: &Session, exercise: &Exercise, words: &str) {
    if let Some(code) = of_code(session, exercise) {
        _ = write_whole(&kept(session, exercise), format!("{code}\n{words}").as_bytes());
    }
}

fn kept(session: &Session, exercise: &Exercise) -> PathBuf {
    session.paths.work().join("timings").join(format!("{}_{}.txt", exercise.chapter, exercise.id))
}

fn of_code(session: &Session, exercise: &Exercise) -> Option<String> {
    fs::read(session.paths.lecture(&exercise.chapter).join(exercise.file())).ok().map(sha256)
}

struct Subject<'a> {
    session: &'a Session<'a>,
    grader: &'a Grader<'a>,
    device: Device,
    with_reference: bool,
}

impl Subject<'_> {
    /// Times what can be timed, chapter after chapter; a JSON value each.
    fn all(&self, exercises: &[&Exercise]) -> Result<Vec<Value>> {
        let timeable: Vec<&Exercise> =
            exercises.iter().copied().filter(|exercise| !exercise.bench.is_empty()).collect();
        if timeable.is_empty() {
            self.session.say("Nothing here is timed: speed is not what these exercises are about.");
            return Ok(Vec::new());
        }
        let graded = self.grader.grade_lectures(&timeable, &Options::default())?;
        let (mut rows, mut unsolved) = (Vec::new(), Vec::new());
        for chapter in &self.session.course.chapters {
            let of_chapter = timeable.iter().copied().filter(|exercise| exercise.chapter == chapter.name);
            let (solved, open): (Vec<&Exercise>, Vec<_>) =
                of_chapter.partition(|exercise| graded.is_passed(&exercise.full_id()));
            unsolved.extend(open.iter().map(|exercise| exercise.full_id()));
            if !solved.is_empty() {
                rows.extend(self.chapter(chapter, &solved)?);
            }
        }
        if !unsolved.is_empty() {
            self.session.say(&format!("Not solved, so not timed: {}", unsolved.join(", ")));
        }
        Ok(rows)
    }

    fn chapter(&self, chapter: &Chapter, exercises: &[&Exercise]) -> Result<Vec<Value>> {
        let students = self.grader.programs(chapter, "lectures", exercises)?;
        let references = self.references(chapter, exercises)?;
        let no_gpu = Device::Cuda.require().err();
        let mut rows = Vec::new();
        for exercise in exercises {
            let Some(student) = students.get(&exercise.topic) else { continue };
            let id = exercise.full_id();
            let reference = references.get(&exercise.topic).map(PathBuf::as_path);
            let heard = |pass: &str| self.session.events.hear(Event::Timing { exercise: &id, pass });
            let timings = time(exercise, student, reference, (&Plan::FULL, self.device), heard)?;
            self.session.events.hear(Event::Finished);
            let words = |style| self::timings(style, exercise, &timings, (self.device, no_gpu.as_ref()));
            self.session.say(&words(self.session.style));
            keep(self.session, exercise, &words(Style { colour: false }));
            rows.push(json!({ "id": id, "device": self.device.name(), "timings": timings }));
        }
        Ok(rows)
    }

    /// The reference's programs; none where the solutions are not here, which is said once.
    fn references(&self, chapter: &Chapter, exercises: &[&Exercise]) -> Result<BTreeMap<String, PathBuf>> {
        if !self.with_reference {
            return Ok(BTreeMap::new());
        }
        if !self.grader.paths.solution(&chapter.name).is_dir() {
            self.session.say("Ratios need the reference solutions, which are not part of this copy: these are your own times alone.\n");
            return Ok(BTreeMap::new());
        }
        self.grader.programs(chapter, "solutions", exercises)
    }
}
