//! Tools run to their end, stream their lines, and leave nothing behind.

#![cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, unused_imports, reason = "what needs /proc or a subreaper is tested on Linux alone")
)]

mod helpers;

use std::{path::Path, time::Duration};

use grader::process::{Worker, harden, tool};
use helpers::{SHORT, WIDE, assert_soon, rerun, role, runs};

fn shell(
    script: &str,
    limit: Duration,
    lines: &mut Vec<String>,
) -> std::io::Result<std::process::ExitStatus> {
    let path = std::env::var("PATH").unwrap_or_default();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = tool::run_within(
        limit,
        "sh",
        &["-c", script],
        Path::new("/"),
        [("PATH", path)],
        &mut |line| out.push(format!("out {line}")),
        &mut |line| err.push(format!("err {line}")),
    );
    lines.extend(out.into_iter().chain(err));
    status
}

#[test]
fn a_tool_streams_its_lines_and_its_status() {
    let mut lines = Vec::new();
    let status = shell("echo a; echo b >&2; printf 'c\\r\\nd'; pwd >&2; exit 7", WIDE.wall, &mut lines);
    assert_eq!(status.expect("a status").code(), Some(7));
    assert_eq!(lines, ["out a", "out c", "out d", "err b", "err /"]);
}

#[test]
fn a_tool_that_fills_either_pipe_goes_on() {
    let mut lines = Vec::new();
    let fill = "head -c 1000000 /dev/zero | tr '\\0' 'x'";
    let script = format!("{fill} >&2; {fill}; {fill} >&2; echo; echo done");
    assert!(shell(&script, WIDE.wall, &mut lines).expect("a status").success());
    let lengths: Vec<_> = lines.iter().map(String::len).collect();
    assert_eq!(lengths, [1_000_004, 8, 2_000_004]);
}

#[test]
fn a_tool_that_takes_too_long_is_killed() {
    let error = shell("sleep 1000; wait", SHORT, &mut Vec::new()).expect_err("too slow");
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
}

#[test]
#[cfg(target_os = "linux")]
fn a_tool_leaves_nothing_in_its_group() {
    if role().is_none() {
        return assert!(rerun("grader", "a_tool_leaves_nothing_in_its_group", &mut |_| ()).success());
    }
    // What is left comes to this process, where no worker's end sweeps it up.
    harden().expect("a subreaper");
    for script in ["sleep 1000 & echo $!", "sleep 1000 & echo $!; wait"] {
        let mut lines = Vec::new();
        _ = shell(script, SHORT, &mut lines);
        let pid = lines[0].trim_start_matches("out ").to_owned();
        assert_soon("it left a sleeper", || !runs(&pid));
    }
}

#[test]
fn a_program_that_is_missing_is_an_error() {
    let nothing: [&str; 0] = [];
    let run = tool::run("/no/such/tool", &nothing, Path::new("/"), [("A", "b")], &mut |_| (), &mut |_| ());
    assert_eq!(run.expect_err("nothing to run").kind(), std::io::ErrorKind::NotFound);
    let worker = Worker::spawn(Path::new("/no/such/probe"), &[], &[], &WIDE);
    assert_eq!(worker.err().expect("nothing to run").kind(), std::io::ErrorKind::NotFound);
}
