//! The screen to work at, in motion: keys, saves and what runs beside it, one after the other.
//!
//! Grading runs in a process of its own, so that a run which a save made stale is stopped at once.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use crossterm::event::{Event, KeyEventKind, poll, read};

use super::{
    super::{Session, next::failure},
    desk::{Act, Desk, View},
    draw::{Running, frame},
    editor,
    job::{Heard, Job, Purpose},
    raw::{Raw, draw},
    saves::{QUIET, SLOW, fingerprint, settle},
};
use crate::{
    course::Exercise,
    exit::Exit,
    keep::history,
    process::tool,
    report::{Again, News, Terminal, place, printed},
    verdict::{Marks, Verdict},
};

/// How long a key may wait for something else.
const PAUSE: Duration = Duration::from_millis(50);
/// How often the screen is drawn anew while something runs.
const REDRAWN: Duration = Duration::from_millis(250);

/// Shows the screen until its student quits.
pub fn work(session: &Session, lectures: &Path, saves: &Receiver<()>) -> Result<Exit> {
    let mut work = Work::new(session, lectures)?;
    work.start_grading();
    let (mut raw, mut looked) = (Some(Raw::enter()?), Instant::now());
    loop {
        work.draw()?;
        if poll(PAUSE).context("failed to read the keyboard")? {
            let typed = read().context("failed to read the keyboard")?;
            if work.heed(&typed, &mut raw)? {
                return Ok(Exit::Done);
            }
        }
        if saves.try_iter().count() > 0 || looked.elapsed() > SLOW {
            settle(saves, QUIET);
            work.look_for_saves();
            looked = Instant::now();
        }
        if work.take_results() | work.start_wanted() | work.start_grading() {
            work.drawn = None;
        }
    }
}

/// Everything that moves.
struct Work<'a> {
    session: &'a Session<'a>,
    lectures: &'a Path,
    desk: Desk<'a>,
    job: Option<Job>,
    /// Whether what is known is older than what was saved.
    stale: bool,
    /// What was saved when grading began.
    seen: Option<String>,
    /// What a key asked for while something else was running.
    wanted: Option<Act>,
    /// What is on the screen; nothing where that is not known.
    shown: Vec<String>,
    /// When that was drawn; never, where something happened since.
    drawn: Option<Instant>,
}

impl<'a> Work<'a> {
    fn new(session: &'a Session<'a>, lectures: &'a Path) -> Result<Self> {
        let exercises = session.chapters()?.into_iter().flat_map(|chapter| &chapter.exercises).collect();
        Ok(Self {
            session,
            lectures,
            desk: Desk::new(exercises),
            job: None,
            stale: true,
            seen: None,
            wanted: None,
            shown: Vec::new(),
            drawn: None,
        })
    }

    /// Draws what is new.
    fn draw(&mut self) -> Result<()> {
        // What runs tells something new all the time, and drawing reads the student's files.
        if self.drawn.is_some_and(|drawn| self.job.is_none() || drawn.elapsed() < REDRAWN) {
            return Ok(());
        }
        let now = self.frame();
        if now != self.shown {
            draw(&now);
            printed()?;
            self.shown = now;
        }
        self.drawn = Some(Instant::now());
        Ok(())
    }

    /// Does what the terminal tells; whether the student quits.
    fn heed(&mut self, typed: &Event, raw: &mut Option<Raw>) -> Result<bool> {
        self.drawn = None;
        match typed {
            Event::Key(key) if key.kind != KeyEventKind::Release => match self.desk.press(*key) {
                Act::Quit => return Ok(true),
                Act::Open => {
                    drop(raw.take());
                    self.open();
                    *raw = Some(Raw::enter()?);
                    self.shown.clear();
                }
                act => self.act(&act),
            },
            Event::Resize(..) => self.shown.clear(),
            _ => {}
        }
        Ok(false)
    }

    fn terminal(&self) -> Terminal<'a> {
        Terminal { again: Again::Keys, ..self.session.terminal() }
    }

    fn frame(&self) -> Vec<String> {
        let heard = self.job.as_ref().map(|job| (job, job.heard()));
        let running = heard.as_ref().map(|(job, heard)| Running {
            purpose: job.purpose,
            heard,
            seconds: job.age().as_secs(),
        });
        frame(&self.desk, &self.terminal(), running.as_ref())
    }

    fn look_for_saves(&mut self) {
        if self.seen.as_ref().is_some_and(|seen| *seen != fingerprint(self.lectures)) {
            self.stale = true;
            // What is being graded is nobody's any more.
            if self.job.as_ref().is_some_and(|job| job.purpose == Purpose::Grade) {
                self.job = None;
            }
        }
    }

    /// Does what had to wait; whether something had.
    fn start_wanted(&mut self) -> bool {
        let wanted = if self.job.is_none() { self.wanted.take() } else { None };
        wanted.iter().for_each(|act| self.act(act));
        wanted.is_some()
    }

    /// Whether it did.
    fn start_grading(&mut self) -> bool {
        if !self.stale || self.job.is_some() {
            return false;
        }
        self.stale = false;
        self.seen = Some(fingerprint(self.lectures));
        let mut args = vec!["--json", "--no-timing", "--no-questions"];
        args.extend(self.session.chapter.iter().flat_map(|chapter| ["--chapter", *chapter]));
        self.start(Purpose::Grade, &args);
        true
    }

    fn start(&mut self, purpose: Purpose, args: &[&str]) {
        self.job = Some(Job::start(purpose, args, &self.session.course.root));
    }

    /// Does what a key asked for.
    fn act(&mut self, act: &Act) {
        let Some(id) = self.desk.task().map(Exercise::full_id) else { return };
        match act {
            Act::Run => {
                self.job = None;
                self.stale = true;
            }
            Act::Say(_) | Act::Train if self.job.is_some() => self.wanted = Some(act.clone()),
            Act::Say(command) => self.start(Purpose::Say, &[*command, &id]),
            Act::Train => {
                self.start(Purpose::Train, &["run", &id, "--full"]);
                self.desk.say("It trains on full-size data; what it prints is shown here.\n".to_owned());
            }
            Act::None | Act::Quit | Act::Open => {}
        }
    }

    /// Opens the current task in the student's editor, and comes back when that is closed.
    fn open(&mut self) {
        let Some(task) = self.desk.task() else { return };
        let root = &self.session.course.root;
        let verdict = self.desk.marks.verdicts.get(&task.full_id());
        let failure = verdict.and_then(failure);
        let place = place(root, task, failure);
        let (file, line) = place.split_once(':').unwrap_or((&place, "1"));
        let opened = editor::command(file, line.parse().unwrap_or(1)).and_then(|command| {
            let (program, args) = command.split_first().context("the editor has no name")?;
            tool::converse(program, args, root).with_context(|| format!("failed to start `{program}`"))
        });
        self.desk.error = opened.err().map(|error| format!("{error:#}")).unwrap_or_default();
    }

    /// Takes what came of a job that has ended; whether one has.
    fn take_results(&mut self) -> bool {
        let Some(job) = &self.job else { return false };
        let heard = job.heard();
        let Some(ended) = &heard.ended else { return false };
        let purpose = job.purpose;
        match (purpose, ended) {
            (_, Err(error)) => self.desk.error = error.clone(),
            (Purpose::Grade, Ok(0)) => self.graded(&heard),
            (Purpose::Grade, Ok(_)) => self.desk.error = without_label(&heard.said),
            (_, Ok(code)) => {
                let said = without_label(&heard.said);
                let said = if *code == 0 { without_commands(&heard.out) + &heard.said } else { said };
                self.desk.say(said.trim_end().to_owned() + "\n\nesc back\n");
                // A stub that was put back is a save.
                self.look_for_saves();
            }
        }
        self.job = None;
        true
    }

    fn graded(&mut self, heard: &Heard) {
        let Ok(report) = serde_json::from_str::<serde_json::Value>(&heard.out) else {
            self.desk.error = format!("the report can't be read\n{}", heard.said);
            return;
        };
        let (mut marks, empty) = (Marks::default(), Vec::new());
        for entry in report["exercises"].as_array().unwrap_or(&empty) {
            let verdict = serde_json::from_value::<Verdict>(entry["verdict"].clone());
            if let (Some(id), Ok(verdict)) = (entry["id"].as_str(), verdict) {
                marks.verdicts.insert(id.to_owned(), verdict);
            }
        }
        let news: BTreeSet<&str> =
            report["solved_now"].as_array().unwrap_or(&empty).iter().filter_map(|id| id.as_str()).collect();
        let news =
            self.desk.exercises.iter().copied().filter(|exercise| news.contains(exercise.full_id().as_str()));
        let news = News {
            exercises: news.collect(),
            known: marks.clone(),
            minutes: history::minutes(&self.session.paths),
        };
        if self.desk.view == View::Note {
            self.desk.view = View::Task;
        }
        self.desk.graded(marks, news);
    }
}

/// What it said, without the word that stands before it here anyway.
fn without_label(said: &str) -> String {
    said.trim_start_matches("error: ").trim_end().to_owned()
}

/// What it printed, without commands for which there is a key here.
fn without_commands(out: &str) -> String {
    let lines = out.lines().map(|line| if line.starts_with("  more: ") { "  more: h" } else { line });
    lines.map(|line| format!("{line}\n")).collect()
}
