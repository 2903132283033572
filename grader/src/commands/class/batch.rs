//! `grade PLACE… --out DIR`: grades a class, a sheet a student. Whatever happens to one, the others are graded; killed, the same
//! command goes on where it was.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde_json::json;

use super::given::{self, Given};
use crate::{
    class::{
        attempts::Attempt,
        folder::Folder,
        roster::Roster,
        sheet::{Sheet, State},
    },
    clean::clean,
    commands::{Session, submissions::fresh_seed},
    course::Chapter,
    exit::Exit,
    grade::{Grader, cache::Cache},
    hand_in::submission::Submission,
    report::{put_json, tell},
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
}

/// Grades what was not graded yet.
pub fn grade(session: &Session, wish: &Wish) -> Result<Exit> {
    let roster = wish.roster.map(Roster::read).transpose()?;
    let folder = Folder::at(wish.out);
    let run = folder.begin(wish.seed, session.chapter, fresh_seed)?;
    let given = given::read(session, wish.places, roster.as_ref(), run.seed)?;
    for sheet in &given.useless {
        folder.put(sheet)?;
        session.say(&format!(
            "  {}: not graded: {}",
            named(sheet),
            clean(sheet.why.as_deref().unwrap_or_default())
        ));
    }
    let batch = Batch {
        session,
        folder: &folder,
        grader: Grader::new(session.course, session.events)?,
        chapters: session.chapters()?,
        has_roster: roster.is_some(),
        seed: run.seed,
        isolation: wish.isolation,
    };
    let sheets = batch.grade_all(&given.attempts)?;
    end(session, wish, roster.as_ref(), &given, &sheets)
}

struct Batch<'a> {
    session: &'a Session<'a>,
    folder: &'a Folder,
    grader: Grader<'a>,
    chapters: Vec<&'a Chapter>,
    has_roster: bool,
    seed: u64,
    isolation: &'static str,
}

impl Batch<'_> {
    fn grade_all(&self, attempts: &[Attempt]) -> Result<Vec<Sheet>> {
        // Equal sources are built and asked once.
        let mut cache = Cache::of_a_class();
        let (mut sheets, mut spent) = (Vec::new(), Vec::new());
        for (i, attempt) in attempts.iter().enumerate() {
            let began = Instant::now();
            let submitted = Submission::of(self.session.course, attempt.files.clone());
            let known = self.folder.sheet(&attempt.sender.key);
            if let Some(sheet) = known.filter(|sheet| sheet.is_final(&submitted.fingerprint(), self.seed)) {
                sheets.push(sheet);
                continue;
            }
            let mut sheet = self.sheet(attempt, &submitted, &mut cache);
            sheet.seconds = began.elapsed().as_secs_f64();
            self.folder.put(&sheet)?;
            spent.push(began.elapsed());
            self.session.say(&line(&sheet, (i + 1, attempts.len()), &spent));
            sheets.push(sheet);
        }
        Ok(sheets)
    }

    /// Grades one. That the grader fails over it is written on the sheet, too, and costs nobody a point.
    fn sheet(&self, attempt: &Attempt, submitted: &Submission, cache: &mut Cache) -> Sheet {
        let mut sheet = Sheet::new(attempt, self.seed, self.has_roster);
        self.isolation.clone_into(&mut sheet.isolation);
        sheet.sha256 = submitted.fingerprint();
        sheet.findings = submitted.findings.clone();
        sheet.receipt = json!(submitted.receipt);
        match self.grader.grade_submission(&self.chapters, &submitted.trees, self.seed, Some(cache)) {
            Ok(graded) => sheet.fill(&self.chapters, &graded),
            Err(error) => sheet.why = Some(format!("{error:#}")),
        }
        sheet
    }
}

/// A line for one that is done, and how long the rest may take.
fn line(sheet: &Sheet, (done, total): (usize, usize), spent: &[Duration]) -> String {
    let what = match sheet.state {
        State::Graded => format!("{} of {} points", sheet.earned, sheet.points),
        state => state.word().to_owned(),
    };
    let mean = spent.iter().sum::<Duration>() / u32::try_from(spent.len().max(1)).unwrap_or(u32::MAX);
    let left = mean * u32::try_from(total - done).unwrap_or(u32::MAX);
    let left = if done < total { format!("   about {} left", minutes(left)) } else { String::new() };
    format!(
        "  {done} of {total}  {}: {what}, {}{left}",
        named(sheet),
        minutes(Duration::from_secs_f64(sheet.seconds))
    )
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{}:{:02} min", seconds / 60, seconds % 60),
        _ => format!("{}:{:02} h", seconds / 3600, seconds % 3600 / 60),
    }
}

fn named(sheet: &Sheet) -> String {
    clean(if sheet.student.name.is_empty() { &sheet.student.key } else { &sheet.student.name })
}

/// Says what has come of all, and what an instructor should know of who is missing.
fn end(
    session: &Session,
    wish: &Wish,
    roster: Option<&Roster>,
    given: &Given,
    sheets: &[Sheet],
) -> Result<Exit> {
    let all = || sheets.iter().chain(&given.useless);
    let count = |state: State| all().filter(|sheet| sheet.state == state).count();
    let missing: Vec<String> = roster.map_or_else(Vec::new, |roster| {
        let handed = |key: &str| all().any(|sheet| sheet.student.key == key);
        roster.students.iter().filter(|s| !handed(s.key())).map(|s| clean(&s.name)).collect()
    });
    let is_strange = |sheet: &&Sheet| sheet.student.on_roster == Some(false);
    let strange: Vec<String> =
        all().filter(is_strange).map(|sheet| format!("{} ({})", named(sheet), clean(&sheet.from))).collect();
    let several: Vec<String> = sheets.iter().filter(|sheet| !sheet.older.is_empty()).map(named).collect();
    if session.common.json {
        put_json(&json!({
            "format": 1, "graded": count(State::Graded), "untouched": count(State::Untouched),
            "not_graded": count(State::NotGraded), "internal": count(State::Internal),
            "not_handed_in": missing, "not_on_roster": strange, "several_attempts": several, "unread": given.unread,
        }));
    } else {
        session.say(&format!(
            "{} graded, {} untouched, {} not graded, {} failed in the grader; results in {}",
            count(State::Graded),
            count(State::Untouched),
            count(State::NotGraded),
            count(State::Internal),
            wish.out.display()
        ));
        let lists = [
            ("on the roster, nothing handed in", &missing),
            ("not on the roster", &strange),
            ("of several attempts the newest counts", &several),
        ];
        for (what, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
            tell(&format!("note: {what} ({}): {}", names.len(), names.join(", ")));
        }
    }
    ensure!(given.unread.is_empty(), "not read: {}", given.unread.join(", "));
    ensure!(
        count(State::Internal) == 0,
        "the grader failed over {}: give the same command again",
        count(State::Internal)
    );
    Ok(Exit::Done)
}
