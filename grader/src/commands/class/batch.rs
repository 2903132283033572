//! `grade PLACE… --out DIR`: grades a class, a sheet a student. Whatever happens to one, the others are graded; killed, the same
//! command goes on where it was.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Result;
use serde_json::json;

use super::{
    again,
    intake::{self, Given},
    jobs,
    notices::{end, line, named},
};
use crate::{
    class::{
        attempts::Attempt,
        folder::Folder,
        likeness,
        people::Person,
        plan::Part,
        roster::Roster,
        rules::{Counting, Rules},
        settle::settle,
        sheet::Sheet,
    },
    clean::clean,
    commands::{Session, submissions::fresh_seed},
    course::Chapter,
    exit::Exit,
    files::hash,
    grade::{Grader, Known, cache::Cache, inputs::inputs},
    hand_in::submission::Submission,
    report::tell,
};

/// What was asked for.
pub struct Wish<'a> {
    /// Archives and folders.
    pub places: &'a [PathBuf],
    /// Where results go.
    pub out: &'a Path,
    /// The list of students.
    pub roster: Option<&'a Path>,
    /// The seed of the cases; drawn where none is given.
    pub seed: Option<u64>,
    /// How well submissions are kept from everything else.
    pub isolation: &'static str,
    /// Grade again what a change of the course touches.
    pub again: bool,
    /// Only this part of the class.
    pub part: Option<Part>,
    /// In so many processes.
    pub jobs: Option<usize>,
}

/// Grades what was not graded yet; again, what a change of the course touches.
pub fn grade(session: &Session, wish: &Wish) -> Result<Exit> {
    let roster = wish.roster.map(Roster::read).transpose()?;
    let folder = Folder::at(wish.out);
    let rules = Rules::read(session.course, wish.out)?;
    if wish.again {
        folder.run()?;
    }
    let run = folder.begin(wish.seed, session.chapter, fresh_seed)?;
    let mut given = intake::read(session, wish.places, roster.as_ref(), run.seed)?;
    if let Some(part) = wish.part {
        let mut number = 0..;
        given.attempts.retain(|_| number.next().is_some_and(|number| part.has(number)));
        given.useless.clear();
    }
    put_useless(session, &folder, &given)?;
    if let Some(jobs) = wish.jobs.filter(|jobs| *jobs > 1) {
        jobs::side_by_side(session, jobs)?;
    }
    let chapters = session.chapters()?;
    let grader = Grader::new(session.course, session.events)?;
    let mut batch = Batch {
        session,
        folder: &folder,
        grader,
        chapters,
        inputs: BTreeMap::new(),
        rules,
        has_roster: roster.is_some(),
        seed: run.seed,
        isolation: wish.isolation,
        again: wish.again,
    };
    // They take making every case: not for nothing.
    if wish.again || !batch.is_done(&given.attempts) {
        batch.inputs = inputs(&batch.grader.paths, &batch.chapters, run.seed)?;
    }
    if wish.again {
        folder.keep_before(&hash(batch.inputs.values().map(String::as_bytes)))?;
    }
    let sheets = batch.grade_all(&given.attempts)?;
    if wish.again {
        again::tell_changes(session, wish.out, &folder.before()?)?;
    } else {
        batch.tell_of_changes(&sheets);
    }
    // Who is missing is nobody's to say who sees a part.
    let roster = roster.as_ref().filter(|_| wish.part.is_none());
    end(session, wish, roster, &given, &sheets)
}

fn put_useless(session: &Session, folder: &Folder, given: &Given) -> Result<()> {
    for sheet in &given.useless {
        folder.put(sheet)?;
        let why = clean(sheet.why.as_deref().unwrap_or_default());
        session.say(&format!("  {}: not graded: {why}", named(sheet)));
    }
    Ok(())
}

struct Batch<'a> {
    session: &'a Session<'a>,
    folder: &'a Folder,
    grader: Grader<'a>,
    chapters: Vec<&'a Chapter>,
    /// What of ours the verdicts depend on, by exercise.
    inputs: BTreeMap<String, String>,
    rules: Rules,
    has_roster: bool,
    seed: u64,
    isolation: &'static str,
    again: bool,
}

impl Batch<'_> {
    /// Whether there is nothing to grade.
    fn is_done(&self, attempts: &[Attempt]) -> bool {
        attempts.iter().all(|attempt| {
            let sha256 = Submission::of(self.session.course, attempt.files.clone()).fingerprint();
            let sheet = self.folder.sheet(&attempt.sender.key);
            attempt.older.is_empty() && sheet.is_some_and(|sheet| sheet.is_final(&sha256, self.seed))
        })
    }

    fn grade_all(&self, attempts: &[Attempt]) -> Result<Vec<Sheet>> {
        // Equal sources are built and asked once.
        let mut cache = Cache::of_a_class();
        let (mut sheets, mut spent) = (Vec::new(), Vec::new());
        for (i, attempt) in attempts.iter().enumerate() {
            let began = Instant::now();
            let known = self.folder.sheet(&attempt.sender.key);
            let (sheet, is_new) = if attempt.older.is_empty() || self.rules.counting == Counting::Newest {
                self.graded(attempt, known.as_ref(), &mut cache)?
            } else {
                self.best(attempt, known.as_ref(), &mut cache)?
            };
            if is_new {
                self.folder.put(&sheet)?;
                spent.push(began.elapsed());
                self.session.say(&line(&sheet, (i + 1, attempts.len()), &spent));
            }
            sheets.push(sheet);
        }
        Ok(sheets)
    }

    /// The sheet of an attempt: the known one where that still says what grading would, else a new one; which of both.
    fn graded(&self, attempt: &Attempt, known: Option<&Sheet>, cache: &mut Cache) -> Result<(Sheet, bool)> {
        let began = Instant::now();
        let submitted = Submission::of(self.session.course, attempt.files.clone());
        let sha256 = submitted.fingerprint();
        let known = known.filter(|sheet| sheet.is_about(&sha256, self.seed));
        if let Some(sheet) = known.filter(|sheet| !self.again && sheet.is_final(&sha256, self.seed)) {
            return Ok((sheet.clone(), false));
        }
        let touched = match known.filter(|_| self.again) {
            Some(sheet) => sheet.touched(&self.chapters, &self.inputs),
            None => self.chapters.clone(),
        };
        if let Some(sheet) = known.filter(|_| touched.is_empty()) {
            return Ok((sheet.clone(), false));
        }
        let mut sheet = self.sheet(attempt, &submitted, (known.filter(|_| self.again), &touched), cache);
        sheet.seconds = began.elapsed().as_secs_f64();
        Ok((sheet, true))
    }

    /// The sheet of the attempt that earns most; of equals, of the newest.
    fn best(&self, attempt: &Attempt, known: Option<&Sheet>, cache: &mut Cache) -> Result<(Sheet, bool)> {
        let mut best: Option<Sheet> = None;
        for one in [attempt].into_iter().chain(attempt.older.iter().rev()) {
            let sha256 = Submission::of(self.session.course, one.files.clone()).fingerprint();
            let earlier = self.folder.attempt(&attempt.sender.key, &sha256);
            let (sheet, is_new) = self.graded(one, earlier.as_ref(), cache)?;
            if is_new {
                self.folder.put_attempt(&sheet)?;
            }
            let earned = |sheet: &Sheet| settle(sheet, &self.rules, &Person::default()).earned;
            if best.as_ref().is_none_or(|best| earned(&sheet) > earned(best)) {
                best = Some(sheet);
            }
        }
        let others = [attempt].into_iter().chain(&attempt.older).map(|one| one.from.clone());
        let Some(mut best) = best else { return self.graded(attempt, known, cache) };
        best.older = others.filter(|from| *from != best.from).collect();
        let is_new = known.is_none_or(|known| {
            known.sha256 != best.sha256 || known.exercises.len() != best.exercises.len() || self.again
        });
        Ok((best, is_new))
    }

    /// Grades one, or of it what was `touched`. That the grader fails over it is written on the sheet, too, and costs nobody a point.
    fn sheet(
        &self,
        attempt: &Attempt,
        submitted: &Submission,
        (known, touched): (Option<&Sheet>, &[&Chapter]),
        cache: &mut Cache,
    ) -> Sheet {
        let mut sheet = Sheet::new(attempt, self.seed, self.has_roster);
        self.isolation.clone_into(&mut sheet.isolation);
        sheet.sha256 = submitted.fingerprint();
        sheet.findings = submitted.findings.clone();
        sheet.receipt = json!(submitted.receipt);
        let recalled = known.map_or(Ok(()), |known| self.recall(known, submitted, touched, cache));
        let graded = recalled
            .and_then(|()| self.grader.grade_submission(touched, &submitted.trees, self.seed, Some(cache)));
        match graded {
            Ok(graded) => {
                sheet.exercises = known.map(|known| known.exercises.clone()).unwrap_or_default();
                sheet.fill(&self.chapters, &graded, &self.inputs);
                likeness::note(&mut sheet, self.session.course, &submitted.trees);
            }
            Err(error) => sheet.why = Some(format!("{error:#}")),
        }
        sheet
    }

    /// Of chapters that were touched, the verdicts that still hold.
    fn recall(
        &self,
        known: &Sheet,
        submitted: &Submission,
        touched: &[&Chapter],
        cache: &mut Cache,
    ) -> Result<()> {
        let holds = known.exercises.iter().filter(|row| self.inputs.get(&row.id) == Some(&row.inputs));
        let holds: Vec<Known> =
            holds.map(|row| Known { id: &row.id, verdict: &row.verdict, uses: &row.uses }).collect();
        let one =
            |chapter: &&Chapter| self.grader.recall(chapter, &submitted.trees, (self.seed, &holds), cache);
        touched.iter().try_for_each(one)
    }

    /// Says what was graded before the course changed.
    fn tell_of_changes(&self, sheets: &[Sheet]) {
        let is_older = |sheet: &&Sheet| !sheet.touched(&self.chapters, &self.inputs).is_empty();
        if self.inputs.is_empty() {
            return;
        }
        let older = sheets.iter().filter(|sheet| !sheet.exercises.is_empty()).filter(is_older).count();
        if older > 0 {
            tell(&format!(
                "note: {older} were graded before the course changed: --again grades what the change touches"
            ));
        }
    }
}
