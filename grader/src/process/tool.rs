//! Runs a tool that we trust, cargo or git, to its end and hands on its lines as they come.
//!
//! No limits on what it prints, a clock only where asked for. What the lines mean is left to the caller.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::PollFlags;
use rustix::process::Pid;

use super::group::Group;
use super::pipes::{Stream, TICK, drain, wait};
use super::registry;

/// Runs `program` in `cwd` with the environment `env` and nothing else of ours. Reads nothing from the user.
///
/// A bare name is looked up in the `PATH` of `env`. What the tool leaves in its process group is killed.
pub fn run(
    program: impl AsRef<OsStr>,
    args: &[impl AsRef<OsStr>],
    cwd: &Path,
    env: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
    on_stdout_line: &mut dyn FnMut(&str),
    on_stderr_line: &mut dyn FnMut(&str),
) -> io::Result<ExitStatus> {
    run_within(Duration::MAX, program, args, cwd, env, on_stdout_line, on_stderr_line)
}

/// Like [`run`], but kills the tool and fails with [`io::ErrorKind::TimedOut`] after `limit`: a compiler can
/// be made to run for ever by what it compiles.
pub fn run_within(
    limit: Duration,
    program: impl AsRef<OsStr>,
    args: &[impl AsRef<OsStr>],
    cwd: &Path,
    env: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
    on_stdout_line: &mut dyn FnMut(&str),
    on_stderr_line: &mut dyn FnMut(&str),
) -> io::Result<ExitStatus> {
    let began = Instant::now();
    let mut goes_on = || began.elapsed() <= limit;
    let ended = run_while(&mut goes_on, program, args, cwd, env, on_stdout_line, on_stderr_line);
    ended.map_err(|error| match error.kind() {
        io::ErrorKind::Interrupted => io::ErrorKind::TimedOut.into(),
        _ => error,
    })
}

/// Like [`run`], but kills the tool and fails with [`io::ErrorKind::Interrupted`] once `goes_on`, which is asked every
/// few milliseconds, says no.
pub fn run_while(
    goes_on: &mut dyn FnMut() -> bool,
    program: impl AsRef<OsStr>,
    args: &[impl AsRef<OsStr>],
    cwd: &Path,
    env: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
    on_stdout_line: &mut dyn FnMut(&str),
    on_stderr_line: &mut dyn FnMut(&str),
) -> io::Result<ExitStatus> {
    let mut command = Command::new(program);
    command.args(args).current_dir(cwd).env_clear().envs(env);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut group = Group::start(|| Ok(command))?;
    let missing = || io::Error::other("a piped stream of the tool is missing");
    let mut stdout = Lines::new(group.child().stdout.take().ok_or_else(missing)?)?;
    let mut stderr = Lines::new(group.child().stderr.take().ok_or_else(missing)?)?;
    while !group.exited() {
        if !goes_on() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        stdout.read_some(on_stdout_line);
        stderr.read_some(on_stderr_line);
        let fds = [stdout.stream.fd(), stderr.stream.fd(), group.exit()];
        wait(fds.map(|fd| (fd, PollFlags::IN)), TICK);
    }
    let status = group.end()?;
    drain(|| stdout.read_some(on_stdout_line) | stderr.read_some(on_stderr_line));
    stdout.finish(on_stdout_line);
    stderr.finish(on_stderr_line);
    Ok(status)
}

/// Becomes `program`, which then has our terminal, our environment and our place: for tools that talk with the user.
/// Returns only where that fails.
pub fn become_tool(program: impl AsRef<OsStr>, args: &[impl AsRef<OsStr>], cwd: &Path) -> io::Error {
    Command::new(program).args(args).current_dir(cwd).exec()
}

/// Whether a tool talks with the user.
static CONVERSING: AtomicBool = AtomicBool::new(false);

/// Runs `program` to its end, which has our terminal and our environment meanwhile: for editors. Ctrl-C is for it alone.
pub fn converse(
    program: impl AsRef<OsStr>,
    args: &[impl AsRef<OsStr>],
    cwd: &Path,
) -> io::Result<ExitStatus> {
    CONVERSING.store(true, Ordering::SeqCst);
    let ended = started(program, args, cwd).and_then(|mut child| {
        let ended = child.wait();
        registry::lock().remove(Pid::from_child(&child));
        ended
    });
    CONVERSING.store(false, Ordering::SeqCst);
    ended
}

pub(super) fn is_conversing() -> bool {
    CONVERSING.load(Ordering::SeqCst)
}

/// A child in our own process group, whose terminal is ours.
fn started(program: impl AsRef<OsStr>, args: &[impl AsRef<OsStr>], cwd: &Path) -> io::Result<Child> {
    let mut registry = registry::lock();
    let child = Command::new(program).args(args).current_dir(cwd).spawn()?;
    registry.add(Pid::from_child(&child));
    Ok(child)
}

/// Cuts a stream into lines.
struct Lines {
    stream: Stream,
    partial: Vec<u8>,
}

impl Lines {
    fn new(pipe: impl Into<std::os::fd::OwnedFd>) -> io::Result<Lines> {
        Ok(Lines { stream: Stream::new(pipe)?, partial: Vec::new() })
    }

    fn read_some(&mut self, each: &mut dyn FnMut(&str)) -> bool {
        let Lines { stream, partial } = self;
        stream.read_some(|bytes| {
            for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
                partial.extend_from_slice(piece);
                if let Some(line) = partial.strip_suffix(b"\n") {
                    each(&String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)));
                    partial.clear();
                }
            }
        })
    }

    fn finish(self, each: &mut dyn FnMut(&str)) {
        if !self.partial.is_empty() {
            each(&String::from_utf8_lossy(&self.partial));
        }
    }
}
