//! What is on the page right now: a sheet about the current task, and what is going on. The grader's threads write, those of browsers
//! wait for news. Renewing never waits for a browser.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Serialize;

use super::{html::Html, live::Live, now};
use crate::{
    events::{Event, Listener},
    parallel::lock,
};

/// Trainings may print without end: a browser hears of that no more often than this.
const BREATH: Duration = Duration::from_millis(50);

/// What browsers see.
#[derive(Default)]
pub struct Board {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Default)]
struct Inner {
    sheet: (u64, String),
    now: u64,
    activity: String,
    live: Live,
}

/// The parts of the page that are newer than those that a browser has.
#[derive(Debug, Serialize)]
pub struct News {
    /// About the current task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Part>,
    /// What is going on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Part>,
}

/// A part of the page.
#[derive(Debug, Serialize)]
pub struct Part {
    /// Larger than that of every earlier one.
    pub version: u64,
    /// HTML that takes the place of what stood there.
    pub html: String,
}

impl Board {
    /// Shows another sheet.
    pub fn publish(&self, sheet: Html) {
        self.change(|inner| inner.sheet = (inner.sheet.0 + 1, sheet.into_string()));
    }

    /// Both parts, whatever a browser has.
    pub fn all(&self) -> (Part, Part) {
        let inner = lock(&self.inner);
        (inner.sheet(), inner.now())
    }

    /// What is newer than these versions; waits for it no longer than `patience`. Another sheet is handed out at once, whatever
    /// else goes on.
    pub fn news(&self, (sheet, now): (u64, u64), patience: Duration) -> News {
        let is_old = |inner: &Inner| inner.sheet.0 == sheet;
        let inner = self.wait(lock(&self.inner), patience, |inner| is_old(inner) && inner.now == now);
        let breath = if inner.now == now { Duration::ZERO } else { BREATH };
        let inner = self.wait(inner, breath, is_old);
        News {
            sheet: (inner.sheet.0 != sheet).then(|| inner.sheet()),
            now: (inner.now != now).then(|| inner.now()),
        }
    }

    fn wait<'b>(
        &self,
        inner: MutexGuard<'b, Inner>,
        patience: Duration,
        is_in_vain: impl Fn(&Inner) -> bool,
    ) -> MutexGuard<'b, Inner> {
        let waited = self.changed.wait_timeout_while(inner, patience, |inner| is_in_vain(inner));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn change(&self, change: impl FnOnce(&mut Inner)) {
        change(&mut lock(&self.inner));
        self.changed.notify_all();
    }

    fn is_doing(&self, what: String) {
        self.change(|inner| {
            inner.activity = what;
            inner.now += 1;
        });
    }
}

impl Inner {
    fn sheet(&self) -> Part {
        Part { version: self.sheet.0, html: self.sheet.1.clone() }
    }

    fn now(&self) -> Part {
        Part { version: self.now, html: now::now(&self.activity, &self.live).into_string() }
    }
}

impl Listener for Board {
    fn hear(&self, event: Event) {
        match event {
            Event::Building { what } => {
                self.change(|inner| inner.live.clear());
                self.is_doing(format!("building {what}"));
            }
            Event::Compiled { done, total: Some(total), .. } => {
                self.is_doing(format!("compiling crates, this once ({done} of {total})"));
            }
            Event::Examining { what, done, total } => {
                self.is_doing(format!("examining {what} ({} of {total})", done + 1));
            }
            Event::Timing { exercise, pass } => self.is_doing(format!("timing {exercise}, {pass}")),
            Event::Training { exercise } => self.is_doing(format!("training {exercise} on full-size data")),
            Event::Searching => self.is_doing("looking for what keeps it from compiling".to_owned()),
            Event::Fetching => self.is_doing("fetching dependencies".to_owned()),
            Event::Waiting { .. } => self.is_doing("waiting for another grader or cargo".to_owned()),
            Event::Finished => self.is_doing(String::new()),
            Event::Heard { exercise, program, line } => self.change(|inner| {
                inner.live.note(exercise, program, line);
                inner.now += 1;
            }),
            Event::Printed { exercise, line } => self.change(|inner| {
                inner.live.note(exercise, 0, line);
                inner.now += 1;
            }),
            _ => {}
        }
    }
}

/// Tells the board and whoever else listens.
pub struct Both<'a>(pub &'a dyn Listener, pub &'a Board);

impl Listener for Both<'_> {
    fn hear(&self, event: Event) {
        self.0.hear(event);
        self.1.hear(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_are_what_is_newer_and_waited_for() {
        let board = Board::default();
        let none = board.news((0, 0), Duration::ZERO);
        assert!(none.sheet.is_none() && none.now.is_none());
        let waiting = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| board.news((0, 0), Duration::from_secs(20)));
            board.publish(Html::text("<new>"));
            waiting.join().unwrap()
        });
        assert_eq!(waiting.sheet.unwrap().html, "&lt;new&gt;");
        board.hear(Event::Building { what: "activations" });
        let news = board.news((1, 0), Duration::ZERO);
        assert!(news.sheet.is_none() && news.now.unwrap().html.contains("building activations"));
    }

    #[test]
    fn what_is_printed_waits_a_moment() {
        let board = Board::default();
        board.hear(Event::Printed { exercise: "c/a", line: "epoch 1: loss 1" });
        let asked = std::time::Instant::now();
        let news = board.news((0, 0), Duration::from_secs(20));
        assert!(news.sheet.is_none() && news.now.is_some());
        assert!(asked.elapsed() >= BREATH, "a flood of lines would be a flood of requests");
    }
}
