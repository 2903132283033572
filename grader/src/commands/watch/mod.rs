//! Watching: grades once, then again whenever a source or a list of exercises below `lectures/` is saved.
//!
//! At a terminal that is a screen to work at (`desk`); elsewhere, and with `--plain`, reports in `lines`.

mod desk;
mod draw;
mod editor;
mod job;
mod lines;
mod list;
mod raw;
mod saves;
mod work;

use std::{
    io::{self, IsTerminal},
    sync::mpsc,
};

use anyhow::Result;

use super::{Session, page::Page};
use crate::{
    cli::TimingOption,
    exit::Exit,
    report::{is_ci, is_dumb},
};

pub use raw::Raw;
pub use saves::{fingerprint, repeat, watcher};

/// Grades after every save until the user ends it.
pub fn watch(session: &Session, (poll, timing): (bool, TimingOption), page: Option<Page>) -> Result<Exit> {
    // What was typed wrongly no save mends.
    session.chapters()?;
    let lectures = session.course.root.join("lectures");
    let (sender, events) = mpsc::channel();
    let _watcher = watcher(&lectures, poll, sender)?;
    // A page in a browser shows what the screen would.
    if page.is_none() && can_redraw(session) && io::stdin().is_terminal() && !session.common.quiet {
        return work::work(session, &lectures, &events);
    }
    lines::watch(session, (&lectures, &events), timing, page);
    Ok(Exit::Done)
}

/// Whether there is a screen on which something may be drawn twice.
fn can_redraw(session: &Session) -> bool {
    let is_plain = session.common.plain || is_dumb() || is_ci();
    io::stdout().is_terminal() && !is_plain && !session.common.json
}
