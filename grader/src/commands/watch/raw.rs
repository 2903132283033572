//! The terminal while it is a screen to work at: keys as they are typed, a page of its own. However it ends, it is as it was.
//!
//! What is drawn is others' business.

use std::{
    panic,
    sync::{
        Once,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context, Result};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use crate::{process::before_interrupt, report::write_raw};

/// A page of its own, empty, without a cursor.
const ENTER: &str = "\x1b[?1049h\x1b[2J\x1b[?25l";
const LEAVE: &str = "\x1b[?25h\x1b[?1049l";

/// Whether the terminal is ours at the moment.
static ENTERED: AtomicBool = AtomicBool::new(false);
static HOOKS: Once = Once::new();

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
        enable_raw_mode().context("failed to read single keys from the terminal; try `watch --plain`")?;
        ENTERED.store(true, Ordering::SeqCst);
        write_raw(ENTER);
        Ok(Self)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        leave();
    }
}

/// Gives the terminal back, once.
fn leave() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        write_raw(LEAVE);
        _ = disable_raw_mode();
    }
}
