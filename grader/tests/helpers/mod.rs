//! What the tests of `process` share: hostile workers, frames, and whether a process runs.
#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    path::Path,
    time::{Duration, Instant},
};

use grader::process::{Death, Limits, Worker, harden, tool};

pub const HOSTILE: &str = env!("CARGO_BIN_EXE_hostile");

/// Far beyond what an honest exchange here takes, so that only a test of a limit meets one.
pub const WIDE: Limits = Limits {
    cpu: Duration::from_secs(20),
    wall: Duration::from_secs(20),
    memory: None,
    disk: None,
    prints: 1 << 20,
    answer: 1 << 24,
};

pub const SHORT: Duration = Duration::from_millis(150);

pub fn start(args: &[&str], limits: &Limits) -> Worker {
    harden().expect("a subreaper");
    let args: Vec<_> = args.iter().map(|arg| arg.to_string()).collect();
    Worker::spawn(Path::new(HOSTILE), &args, &[("ADDED", "yes")], limits).expect("a worker")
}

pub fn frame(payload: &[u8]) -> Vec<u8> {
    let header = [&b"CC01"[..], &(payload.len() as u32).to_le_bytes(), &77_u64.to_le_bytes()];
    [header.concat().as_slice(), payload].concat()
}

/// The payload of the answer, of which the header must be right.
#[track_caller]
pub fn ask(worker: &mut Worker, request: &str) -> String {
    let answer = worker.exchange(&frame(request.as_bytes()), &WIDE).expect("an answer");
    assert_eq!(answer, frame(&answer[16..]));
    String::from_utf8(answer[16..].to_vec()).expect("text")
}

#[track_caller]
pub fn death_within(request: &str, limits: Limits) -> Death {
    let mut worker = start(&[], &limits);
    worker.exchange(&frame(request.as_bytes()), &limits).expect_err("no answer")
}

#[track_caller]
pub fn death(request: &str) -> Death {
    death_within(request, WIDE)
}

/// Whether a process runs; a zombie doesn't.
pub fn runs(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}

#[track_caller]
pub fn assert_soon(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(5), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What this process is to play in the test that started it, if one did.
pub fn role() -> Option<String> {
    std::env::var("ROLE").ok()
}

/// Runs one test of this program in a process of its own, which no other test sweeps.
pub fn rerun(role: &str, test: &str, on_line: &mut dyn FnMut(&str)) -> std::process::ExitStatus {
    let this = std::env::current_exe().expect("our own path");
    let path = std::env::var("PATH").unwrap_or_default();
    let args = ["--exact", test, "--nocapture", "--test-threads=1"];
    // It may be killed, and what it then leaves is ours to remove.
    let folder = tempfile::tempdir().expect("a folder");
    let folder_name = folder.path().to_str().expect("a name");
    let env = [("ROLE", role), ("PATH", &path), ("TMPDIR", folder_name)];
    tool::run(this, &args, Path::new("/"), env, on_line, &mut |_| ()).expect("ourselves")
}
