//! Watching in lines: a report after every save, one below the other, or each on an empty screen.
//!
//! The grader's lock is not held while waiting.

use std::{path::Path, sync::mpsc::Receiver};

use anyhow::Result;

use super::{
    super::{Session, grade, page::Page},
    can_redraw,
    saves::{QUIET, fingerprint, repeat},
};
use crate::{
    cli::{Scoring, TimingOption},
    course::Course,
    device::Device,
    events::{self, Listener},
    grade::Grader,
    page::{Both, trouble},
    report::{self, Again, printed, putln, write_raw},
    verdict::Marks,
};

/// Grades after every save until the user ends it.
pub fn watch(
    session: &Session,
    (lectures, events): (&Path, &Receiver<()>),
    timing: TimingOption,
    mut page: Option<Page>,
) {
    let board = page.as_ref().map(Page::board);
    repeat(
        events,
        QUIET,
        || fingerprint(lectures),
        || round(session, timing, page.as_mut()),
        |error| {
            board.iter().for_each(|board| board.publish(trouble(&format!("{error:#}"))));
            clear(session);
            putln!("{} {}", session.style.bad("error:"), format!("{error:#}").trim_end());
            last_line(session);
        },
    );
}

/// One grading, with the lists of exercises as they are now.
fn round(session: &Session, timing: TimingOption, mut page: Option<&mut Page>) -> Result<()> {
    let course = Course::load(&session.course.root)?;
    let quiet = session.common.quiet || session.common.json;
    let progress = report::listener(session.common.progress, quiet, session.common.plain);
    let board = page.as_ref().map(|page| page.board());
    let events: Box<dyn Listener + '_> = match &board {
        Some(board) => Box::new(Both(&*progress, board)),
        None => progress,
    };
    let paths = session.paths.clone();
    let now = Session { course: &course, events: &*events, paths, again: Again::Save, ..*session };
    let before_report = |grader: &Grader, graded: &Marks| {
        page.iter_mut().for_each(|page| page.renew(&now, grader, graded));
        clear(session);
    };
    let graded = grade::changed(&now, Device::Cpu, (&Scoring::default(), timing), before_report);
    events.hear(events::Event::Finished);
    graded?;
    page.iter().for_each(|page| page.say());
    last_line(session);
    Ok(printed()?)
}

/// Empties the screen, where there is one.
fn clear(session: &Session) {
    if can_redraw(session) {
        write_raw("\x1b[2J\x1b[H");
    }
}

fn last_line(session: &Session) {
    if !session.common.json && !session.common.quiet {
        putln!("\n{}", session.style.faint("watching lectures/ · Ctrl-C ends"));
    }
}
