//! The terminal while it is a screen to work at: keys as they are typed, a page of its own. However it ends, it is as it was.
//!
//! What is drawn is others' business.

use std::{
    panic,
    sync::{
        Mutex, Once,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::Duration,
};

use anyhow::{Context, Result};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use crate::{
    parallel::lock,
    process::before_interrupt,
    report::{paint, write_raw},
};

/// A page of its own, empty, without a cursor.
const ENTER: &str = "\x1b[?1049h\x1b[2J\x1b[?25l";
const LEAVE: &str = "\x1b[?25h\x1b[?1049l";

/// Whether the terminal is ours at the moment.
static ENTERED: AtomicBool = AtomicBool::new(false);
static HOOKS: Once = Once::new();
/// Held while something is drawn.
static DRAWING: Mutex<()> = Mutex::new(());
/// How often somebody who gives the terminal back looks whether it is still being drawn on. A panic may come from drawing itself.
const LOOKS: usize = 20;

/// The terminal is ours until this is dropped.
pub struct Raw;

impl Raw {
    /// Takes the terminal. Signals and panics give it back, too.
    pub fn enter() -> Result<Self> {
        HOOKS.call_once(|| {
            before_interrupt(leave);
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                leave();
                before(info);
            }));
        });
        // Before anything is changed, for a signal may come in between; what fails drops this.
        ENTERED.store(true, Ordering::SeqCst);
        let ours = Self;
        enable_raw_mode().context("failed to read single keys from the terminal; try `watch --plain`")?;
        write_raw(ENTER);
        Ok(ours)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        leave();
    }
}

/// Draws on the terminal, while it is ours: what comes after a signal would stand below the student's prompt.
pub fn draw(lines: &[String]) {
    let _turn = lock(&DRAWING);
    if ENTERED.load(Ordering::SeqCst) {
        paint(lines);
    }
}

/// Gives the terminal back, once.
fn leave() {
    let mut looks = (0..LOOKS).map(|_| DRAWING.try_lock());
    let _turn = looks.find(|turn| {
        turn.is_ok() || {
            sleep(Duration::from_millis(5));
            false
        }
    });
    if ENTERED.swap(false, Ordering::SeqCst) {
        write_raw(LEAVE);
        _ = disable_raw_mode();
    }
}
