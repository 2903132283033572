//! Whatever a child does, the grader gets one answer or one named death, in time, and nothing is left over.

#![cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, unused_imports, reason = "what needs /proc or a subreaper is tested on Linux alone")
)]

use std::path::Path;
use std::time::{Duration, Instant};

use grader::process::{Death, Limits, Worker, harden, on_interrupt, sweep, tool};
use rustix::process::{Pid, Signal, kill_process};

const HOSTILE: &str = env!("CARGO_BIN_EXE_hostile");

/// Far beyond what an honest exchange here takes, so that only a test of a limit meets one.
const WIDE: Limits = Limits {
    cpu: Duration::from_secs(20),
    wall: Duration::from_secs(20),
    memory: None,
    prints: 1 << 20,
    answer: 1 << 24,
};

const SHORT: Duration = Duration::from_millis(150);

fn start(args: &[&str], limits: &Limits) -> Worker {
    harden().expect("a subreaper");
    let args: Vec<_> = args.iter().map(|arg| arg.to_string()).collect();
    Worker::spawn(Path::new(HOSTILE), &args, Path::new("/"), &[("ADDED", "yes")], limits).expect("a worker")
}

fn frame(payload: &[u8]) -> Vec<u8> {
    let header = [&b"CC01"[..], &(payload.len() as u32).to_le_bytes(), &77_u64.to_le_bytes()];
    [header.concat().as_slice(), payload].concat()
}

/// The payload of the answer, of which the header must be right.
#[track_caller]
fn ask(worker: &mut Worker, request: &str) -> String {
    let answer = worker.exchange(&frame(request.as_bytes()), &WIDE).expect("an answer");
    assert_eq!(answer, frame(&answer[16..]));
    String::from_utf8(answer[16..].to_vec()).expect("text")
}

#[track_caller]
fn death_within(request: &str, limits: Limits) -> Death {
    let mut worker = start(&[], &limits);
    worker.exchange(&frame(request.as_bytes()), &limits).expect_err("no answer")
}

#[track_caller]
fn death(request: &str) -> Death {
    death_within(request, WIDE)
}

/// Whether a process runs; a zombie doesn't.
fn runs(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}

#[track_caller]
fn assert_soon(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(5), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn one_worker_answers_many_requests() {
    let mut worker = start(&[], &WIDE);
    for request in ["echo hello", "echo ", "echo again"] {
        assert_eq!(ask(&mut worker, request), &request[5..]);
    }
    worker.stop();
}

#[test]
fn large_frames_pass_both_ways() {
    let mut worker = start(&[], &WIDE);
    let text = "0123456789abcdef".repeat(1 << 19);
    assert!(ask(&mut worker, &format!("echo {text}")) == text);
}

#[test]
fn an_answer_is_seen_before_the_tick() {
    let mut worker = start(&[], &WIDE);
    let began = Instant::now();
    (0..50).for_each(|_| assert_eq!(ask(&mut worker, "echo x"), "x"));
    assert!(began.elapsed() < Duration::from_millis(50 * 10), "{:?}", began.elapsed());
}

#[test]
fn a_panic_of_the_child_is_its_exit() {
    let mut worker = start(&[], &WIDE);
    assert_eq!(worker.exchange(&frame(b"panic"), &WIDE), Err(Death::Exited(101)));
    assert!(worker.take_prints().stderr.contains("told to panic"));
    assert_eq!(worker.exchange(&frame(b"echo x"), &WIDE), Err(Death::Exited(101)), "the dead stay dead");
}

#[test]
fn every_exit_code_without_an_answer_is_a_death() {
    assert_eq!(death("exit 0"), Death::Exited(0));
    assert_eq!(death("exit 3"), Death::Exited(3));
}

#[test]
fn an_answer_counts_though_its_sender_exits() {
    let mut worker = start(&[], &WIDE);
    assert_eq!(ask(&mut worker, "answer-and-exit"), "last words");
    assert_eq!(worker.exchange(&frame(b"echo x"), &WIDE), Err(Death::Exited(0)));
}

#[test]
fn crashes_are_named() {
    let crash =
        |signal, stack_overflow, out_of_memory| Death::Signalled { signal, stack_overflow, out_of_memory };
    let abort = Signal::ABORT.as_raw();
    assert_eq!(death("abort"), crash(abort, false, false));
    assert_eq!(death("overflow"), crash(abort, true, false));
}

#[test]
#[cfg(target_os = "linux")]
fn allocating_beyond_the_limit_is_out_of_memory() {
    let death = death_within("allocate", Limits { memory: Some(1 << 30), ..WIDE });
    let signal = Signal::ABORT.as_raw();
    assert_eq!(death, Death::Signalled { signal, stack_overflow: false, out_of_memory: true });
}

#[test]
fn loops_meet_the_cpu_limit() {
    for request in ["spin", "spin-in-threads"] {
        assert_eq!(death_within(request, Limits { cpu: SHORT, ..WIDE }), Death::CpuLimit { limit: SHORT });
    }
}

#[test]
fn each_exchange_has_its_own_cpu_time() {
    let limits = Limits { cpu: 2 * SHORT, ..WIDE };
    let mut worker = start(&[], &limits);
    ask(&mut worker, "answer-and-spin");
    std::thread::sleep(3 * SHORT);
    let began = Instant::now();
    let death = worker.exchange(&frame(b"echo x"), &limits);
    assert_eq!(death, Err(Death::CpuLimit { limit: limits.cpu }));
    assert!(began.elapsed() >= SHORT);
}

#[test]
#[cfg(target_os = "linux")]
fn sleepers_meet_the_wall_limit() {
    for request in ["sleep", "stop"] {
        assert_eq!(death_within(request, Limits { wall: SHORT, ..WIDE }), Death::WallLimit { limit: SHORT });
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_child_that_never_reads_meets_the_wall_limit() {
    let limits = Limits { wall: SHORT, ..WIDE };
    let death = start(&["deaf"], &limits).exchange(&frame(&[b'x'; 10_000_000]), &limits);
    assert_eq!(death, Err(Death::WallLimit { limit: SHORT }));
}

#[test]
fn floods_meet_the_print_limit_and_keep_their_head() {
    let mut worker = start(&[], &WIDE);
    let death = worker.exchange(&frame(b"flood 100000000"), &WIDE);
    assert_eq!(death, Err(Death::PrintLimit { limit: WIDE.prints }));
    let prints = worker.take_prints();
    assert!(prints.stdout.starts_with("the headxxx"));
    assert!(prints.dropped > 0 && prints.stdout.len() < 40_000);
}

#[test]
fn prints_within_the_limit_block_nobody_and_are_cut_in_the_middle() {
    let limits = Limits { prints: 1 << 26, ..WIDE };
    let mut worker = start(&[], &limits);
    worker.exchange(&frame(b"flood 20000000"), &limits).expect("an answer");
    let prints = worker.take_prints();
    assert!(prints.stdout.starts_with("the headxxx") && prints.stdout.ends_with("xxxthe tail"));
    assert!(prints.stdout.contains(&format!("\n[... {} bytes left out ...]\n", prints.dropped)));
}

#[test]
fn prints_belong_to_the_exchange_and_are_counted_anew() {
    let limits = Limits { prints: 50, ..WIDE };
    let mut worker = start(&[], &limits);
    for _ in 0..4 {
        worker.exchange(&frame(b"print 0123456789"), &limits).expect("an answer");
        let prints = worker.take_prints();
        assert_eq!((prints.stdout.as_str(), prints.stderr.as_str()), ("0123456789", "also 0123456789"));
        assert_eq!(prints.dropped, 0);
    }
}

#[test]
fn a_forged_answer_in_the_prints_is_a_print() {
    let mut worker = start(&[], &WIDE);
    let forged = String::from_utf8(frame(b"all passed")).expect("text");
    assert_eq!(ask(&mut worker, &format!("print {forged}")), "printed");
    assert_eq!(worker.take_prints().stdout, forged);
}

#[test]
fn malformed_answers_are_told_apart() {
    let bad = |request: &str| match death(request) {
        Death::BadFrame(reason) => reason,
        other => panic!("{request}: {other}"),
    };
    assert!(bad("bytes CC02aaaaaaaaaaaa").contains("start"));
    assert!(bad("bytes hello").contains("start"));
    assert!(bad("bytes HokHok").contains("follow"));
    assert!(bad("bytes Hok ").contains("follow"));
    assert!(bad("close").contains("closed"));
    assert_eq!(death("bytes CC01!!!!aaaaaaaa"), Death::AnswerTooLarge { limit: WIDE.answer });
    assert_eq!(death("bytes-and-exit Ho"), Death::Exited(0));
}

#[test]
fn an_answer_without_a_request_is_malformed() {
    let mut worker = start(&[], &WIDE);
    let mut outcome = worker.exchange(&frame(b"answer-twice"), &WIDE);
    // On a busy machine both may have arrived at once, and then this exchange is the one that fails.
    if outcome.is_ok() {
        assert_soon("no second answer", || worker.take_prints().stdout.contains("twice"));
        outcome = worker.exchange(&frame(b"echo x"), &WIDE);
    }
    assert!(matches!(outcome, Err(Death::BadFrame(_))), "{outcome:?}");
}

#[test]
fn an_answer_before_the_whole_request_is_malformed() {
    let death = start(&["early"], &WIDE).exchange(&frame(&[b'x'; 10_000_000]), &WIDE).expect_err("too early");
    assert!(death.to_string().contains("before the request"), "{death}");
}

#[test]
fn a_child_that_refuses_requests_is_not_waited_for() {
    let mut worker = start(&[], &WIDE);
    ask(&mut worker, "refuse");
    let death = worker.exchange(&frame(b"echo x"), &WIDE).expect_err("nobody listens");
    assert!(death.to_string().contains("closed"), "{death}");
}

#[test]
fn the_environment_is_clean_but_for_what_was_added() {
    let names = |text: &str| {
        text.lines().filter_map(|line| Some(line.split_once('=')?.0.to_owned())).collect::<Vec<_>>()
    };
    let text = ask(&mut start(&[], &WIDE), "env");
    assert!(text.contains("ADDED=yes\n") && text.contains("RUST_BACKTRACE=0\n"));
    let allowed = ["PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES"];
    for name in names(&text) {
        assert!(
            allowed.contains(&name.as_str()) || ["ADDED", "RUST_BACKTRACE"].contains(&name.as_str()),
            "{name}"
        );
    }
}

#[test]
#[cfg(target_os = "linux")]
fn children_and_daemons_are_gone_after_the_stop() {
    let mut worker = start(&[], &WIDE);
    let pids = ["child", "daemon", "daemon"].map(|kind| ask(&mut worker, kind));
    assert!(pids.iter().all(|pid| runs(pid)));
    worker.stop();
    pids.iter().for_each(|pid| assert!(!runs(pid), "{pid}"));
}

#[test]
fn an_orphan_that_holds_the_pipes_delays_nothing() {
    let began = Instant::now();
    assert_eq!(death("orphan-and-exit"), Death::Exited(0));
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[test]
#[cfg(target_os = "linux")]
fn a_sweep_spares_living_workers_and_their_daemons() {
    let (mut kept, other) = (start(&[], &WIDE), start(&[], &WIDE));
    let daemon = ask(&mut kept, "daemon");
    other.stop();
    sweep();
    assert!(runs(&daemon));
    assert_eq!(ask(&mut kept, "echo still here"), "still here");
}

#[test]
fn workers_in_many_threads_do_not_disturb_each_other() {
    std::thread::scope(|scope| {
        for number in 0..8 {
            scope.spawn(move || {
                for round in 0..5 {
                    let (mut worker, text) = (start(&[], &WIDE), format!("{number} {round}"));
                    ask(&mut worker, "daemon");
                    assert_eq!(ask(&mut worker, &format!("echo {text}")), text);
                }
            });
        }
    });
}

/// What this process is to play in the test that started it, if one did.
fn role() -> Option<String> {
    std::env::var("ROLE").ok()
}

/// Runs one test of this file in a process of its own, which no other test sweeps.
fn rerun(role: &str, test: &str, on_line: &mut dyn FnMut(&str)) -> std::process::ExitStatus {
    let this = std::env::current_exe().expect("our own path");
    let path = std::env::var("PATH").unwrap_or_default();
    let args = ["--exact", test, "--nocapture", "--test-threads=1"];
    let env = [("ROLE", role), ("PATH", &path)];
    tool::run(this, &args, Path::new("/"), env, on_line, &mut |_| ()).expect("ourselves")
}

/// Reads `pids: <ours> <others ...>` from a line, and passes the first to `act`.
fn read_pids(line: &str, pids: &mut Vec<String>, act: impl FnOnce(Pid)) {
    if let Some((_, listed)) = line.split_once("pids: ") {
        *pids = listed.split(' ').map(str::to_owned).collect();
        act(pids[0].parse().ok().and_then(Pid::from_raw).expect("a pid"));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_busy_worker_dies_with_its_grader() {
    let this = "a_busy_worker_dies_with_its_grader";
    match role().as_deref() {
        None => assert!(rerun("judge", this, &mut |_| ()).success()),
        Some("judge") => {
            // The orphan comes to this process, where nothing but its own wish can end it.
            harden().expect("a subreaper");
            let mut pids = Vec::new();
            let kill = |pid| kill_process(pid, Signal::KILL).expect("a kill");
            rerun("grader", this, &mut |line| read_pids(line, &mut pids, kill));
            assert_eq!(pids.len(), 2);
            assert_soon("the worker outlived its grader", || !runs(&pids[1]));
        }
        Some(_) => {
            let mut worker = start(&[], &WIDE);
            ask(&mut worker, "answer-and-spin");
            println!("pids: {} {}", std::process::id(), worker.id());
            std::thread::sleep(WIDE.wall);
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn an_interrupt_leaves_nothing_running() {
    if role().is_some() {
        on_interrupt().expect("a handler");
        let mut worker = start(&[], &WIDE);
        let pids = ["child", "daemon"].map(|kind| ask(&mut worker, kind));
        println!("pids: {} {} {}", std::process::id(), worker.id(), pids.join(" "));
        let outcome = worker.exchange(&frame(b"spin"), &WIDE);
        println!("reported: {outcome:?}");
        std::thread::sleep(WIDE.wall);
    }
    let (mut pids, mut reported) = (Vec::new(), false);
    let interrupt = |pid| kill_process(pid, Signal::INT).expect("a signal");
    let status = rerun("grader", "an_interrupt_leaves_nothing_running", &mut |line| {
        reported |= line.contains("reported");
        read_pids(line, &mut pids, interrupt);
    });
    assert_eq!(status.code(), Some(130));
    assert!(!reported, "our own kill was taken for a death of the worker's");
    assert_eq!(pids.len(), 4);
    assert!(pids.iter().all(|pid| !runs(pid)));
}

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
    let worker = Worker::spawn(Path::new("/no/such/probe"), &[], Path::new("/"), &[], &WIDE);
    assert_eq!(worker.err().expect("nothing to run").kind(), std::io::ErrorKind::NotFound);
}
