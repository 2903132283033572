//! What happens while the grader works, as plain data. How it is shown, or whether at all, is up to who listens.

use serde::Serialize;

/// Something that has happened, or begins.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    /// Programs are being built.
    Building {
        /// Topics, or what the sources are called.
        what: &'a str,
    },
    /// Nothing was built here before: so many crates are compiled first.
    Compiling {
        /// How many.
        crates: usize,
    },
    /// A crate has been compiled.
    Compiled {
        /// The package's or the program's name, as cargo has it.
        name: &'a str,
        /// How many crates are there now.
        done: usize,
        /// How many there will be, where that is known.
        total: Option<usize>,
    },
    /// All programs are there that could be built.
    Built {
        /// How many.
        programs: usize,
        /// How many parts of the sources were taken out, since they do not compile.
        faults: usize,
    },
    /// The compiler does not say what keeps it from compiling; it is looked for.
    Searching,
    /// Dependencies are downloaded.
    Fetching,
    /// Something of the grader's own below `target` is damaged and made anew.
    Mending {
        /// Which.
        what: Damage,
    },
    /// Something is asked its cases, as number `done` of `total`.
    Examining {
        /// Which exercise, or what about it.
        what: &'a str,
        /// How many before it are through.
        done: usize,
        /// How many there are.
        total: usize,
    },
    /// An exercise has its verdict.
    Judged {
        /// The exercise, as in `tricks/relu`.
        exercise: &'a str,
        /// The verdict, in a word or two.
        verdict: &'static str,
        /// How long it took.
        seconds: f64,
    },
    /// A part of the self-check is through.
    Checked {
        /// Which part.
        what: &'a str,
        /// How long it took.
        seconds: f64,
    },
    /// An exercise is timed.
    Timing {
        /// The exercise, as in `tricks/relu`.
        exercise: &'a str,
        /// Which pass.
        pass: &'a str,
    },
    /// An exercise trains on full-size data, for minutes.
    Training {
        /// The exercise, as in `tricks/relu`.
        exercise: &'a str,
    },
    /// A training printed a line.
    Printed {
        /// The exercise's full id.
        exercise: &'a str,
        /// The line, as the student's code wrote it.
        line: &'a str,
    },
    /// A program under examination printed a line; where it prints very much, not every line is heard.
    Heard {
        /// The exercise's full id.
        exercise: &'a str,
        /// Which of the programs that answer for it.
        program: usize,
        /// The line, as the student's code wrote it.
        line: &'a str,
    },
    /// Golden values and solutions are compared with the snapshots.
    Comparing,
    /// A release is read.
    Reading,
    /// Somebody else is at work, who has to end first.
    Waiting {
        /// Who.
        on: Holder<'a>,
    },
    /// Locks are impossible here, so that nobody is kept out.
    Unlocked,
    /// Verdicts could not be written down.
    Forgotten {
        /// Why.
        reason: &'a str,
    },
    /// Nothing is under way any more.
    Finished,
}

/// What of the grader's own is made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    /// Libraries that were built before.
    Libraries,
    /// The lock file that was staged.
    LockFile,
}

/// Who holds what is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder<'a> {
    /// Another grader.
    Grader,
    /// Another cargo; the line that says so is cargo's.
    Cargo(&'a str),
}

/// Who is told. Several threads tell at once.
pub trait Listener: Sync {
    /// Takes note of an event.
    fn hear(&self, event: Event);
}

/// Nobody.
pub struct Silence;

impl Listener for Silence {
    fn hear(&self, _: Event) {}
}
