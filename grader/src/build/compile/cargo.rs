//! Runs cargo from outside the course, so that no configuration in or above it is read, with an environment in which nothing
//! changes what is built.
//!
//! What of configuration and environment is handed on is `environment`'s; what cargo says is left to the caller.

use std::{
    cell::RefCell,
    env,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use super::{
    environment,
    limits::{self, CompilerLimits},
};
use crate::{
    device::Device,
    events::{Event, Holder, Listener},
    paths::Paths,
    process::tool,
};

/// How long another cargo may keep us waiting before we say so.
const PATIENCE: Duration = Duration::from_secs(1);

/// Who hears cargo's lines.
pub struct Ears<'a> {
    /// Standard output.
    pub stdout: &'a mut dyn FnMut(&str),
    /// Standard error.
    pub stderr: &'a mut dyn FnMut(&str),
    /// Answers every now and then: whether to let it go on.
    pub goes_on: &'a dyn Fn() -> bool,
}

/// Cargo, for one course.
#[derive(Clone, Copy)]
pub struct Cargo<'a> {
    /// The course's places.
    pub paths: &'a Paths,
    /// Decides where it builds.
    pub device: Device,
    /// What it may use of the machine for a student's code.
    pub limits: CompilerLimits,
    /// Who is told that it waits.
    pub events: &'a dyn Listener,
}

impl Cargo<'_> {
    /// Runs it, with `variables` beside what it needs of ours. Returns whether it succeeded; a run that was not to go on did not.
    pub fn run(&self, arguments: &[String], variables: &[(&str, String)], ears: Ears) -> Result<bool> {
        let program = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
        let arguments = [&environment::configuration(self.paths)?[..], arguments].concat();
        let mut variables: Vec<(String, String)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        variables.extend(environment::variables(self.paths, &arguments));
        let build = self.paths.build(self.device);
        // Of what is staged the compiler sees what it compiles: a manifest's folder.
        let manifest = arguments.iter().find_map(|argument| argument.strip_prefix("--manifest-path="));
        let stage = manifest.and_then(|manifest| Path::new(manifest).parent());
        variables.extend(limits::variables(self.paths, (stage, &build), self.limits)?);
        variables.push(("CARGO_TARGET_DIR".to_owned(), build.to_string_lossy().into_owned()));
        let _running = Lease::begin();
        let (waiting, Ears { stdout, stderr, goes_on }) = (RefCell::new(LockWatch::default()), ears);
        let mut listen = |line: &str| {
            waiting.borrow_mut().hear("");
            stdout(line);
        };
        let mut complain = |line: &str| {
            waiting.borrow_mut().hear(line);
            stderr(line);
        };
        let mut tick = || {
            waiting
                .borrow_mut()
                .due(Instant::now(), Lease::others())
                .iter()
                .for_each(|line| self.events.hear(Event::Waiting { on: Holder::Cargo(line) }));
            goes_on()
        };
        let place = Path::new("/");
        match tool::run_while(&mut tick, &program, &arguments, place, variables, &mut listen, &mut complain) {
            Ok(status) => Ok(status.success()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => Ok(false),
            Err(error) => Err(error)
                .with_context(|| format!("failed to start `{}`; is Rust installed?", program.display())),
        }
    }

    /// Runs it for what it does, not for what it prints: what it complained about, should it fail.
    pub fn quietly(&self, arguments: &[&str]) -> Result<Result<(), String>> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let mut complaints = String::new();
        let mut complain = |line: &str| complaints.push_str(&format!("{line}\n"));
        let ears = Ears { stdout: &mut |_| {}, stderr: &mut complain, goes_on: &|| true };
        let done = self.run(&arguments, &[], ears)?;
        Ok(if done { Ok(()) } else { Err(complaints) })
    }
}

/// The cargos that this grader runs at the moment: one may wait for another, which is nothing to speak of.
struct Lease;

static RUNNING: AtomicUsize = AtomicUsize::new(0);

impl Lease {
    fn begin() -> Self {
        RUNNING.fetch_add(1, Ordering::Relaxed);
        Self
    }

    fn others() -> bool {
        RUNNING.load(Ordering::Relaxed) > 1
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What cargo waits for, where it does: another cargo, an editor's, that builds or downloads.
#[derive(Default)]
struct LockWatch {
    line: Option<(Instant, String)>,
}

impl LockWatch {
    fn hear(&mut self, line: &str) {
        let line = line.trim();
        self.line = line.starts_with("Blocking waiting").then(|| (Instant::now(), line.to_owned()));
    }

    /// The line, once, when it is time to say it; not while one of our own may be what is waited for.
    fn due(&mut self, now: Instant, ours: bool) -> Option<String> {
        if ours {
            self.line.iter_mut().for_each(|(since, _)| *since = now);
            return None;
        }
        let (_, line) = self.line.take_if(|(since, _)| now.duration_since(*since) >= PATIENCE)?;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_spoken_of_after_a_second_and_once() {
        let mut waiting = LockWatch::default();
        waiting.hear("    Blocking waiting for file lock on build directory");
        let now = Instant::now();
        assert_eq!(waiting.due(now, false), None);
        let said = waiting.due(now + PATIENCE, false).unwrap();
        assert!(said.ends_with("Blocking waiting for file lock on build directory"), "{said}");
        assert_eq!(waiting.due(now + PATIENCE, false), None);
    }

    #[test]
    fn a_lock_that_another_of_our_own_holds_is_not_spoken_of() {
        let mut waiting = LockWatch::default();
        waiting.hear("    Blocking waiting for file lock on artifact directory");
        let later = Instant::now() + PATIENCE;
        assert_eq!(waiting.due(later, true), None);
        assert_eq!(waiting.due(later, false), None, "it has only just been let go");
        assert!(waiting.due(later + PATIENCE, false).is_some());
    }

    #[test]
    fn a_lock_that_was_had_at_once_is_not_spoken_of() {
        let mut waiting = LockWatch::default();
        waiting.hear("    Blocking waiting for file lock on package cache");
        waiting.hear("   Compiling tricks v0.0.0");
        assert_eq!(waiting.due(Instant::now() + PATIENCE, false), None);
    }
}
