//! Whatever a child does, the grader gets one answer or one named death, in time, and nothing is left over.

#![cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, unused_imports, reason = "what needs /proc or a subreaper is tested on Linux alone")
)]

mod helpers;

use std::path::Path;
use std::time::{Duration, Instant};

use grader::process::{Death, Limits};
use helpers::{SHORT, WIDE, ask, assert_soon, death, death_within, frame, start};
use rustix::process::Signal;

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
#[cfg(target_os = "linux")]
fn naps_count_together() {
    let limits = Limits { wall: 2 * SHORT, ..WIDE };
    let began = Instant::now();
    assert_eq!(death_within("nap", limits), Death::WallLimit { limit: limits.wall });
    assert!(began.elapsed() < 2 * limits.wall, "{:?}", began.elapsed());
}

#[test]
fn a_worker_has_an_empty_folder_that_goes_with_it() {
    let (mut one, mut other) = (start(&[], &WIDE), start(&[], &WIDE));
    let (here, there) = (ask(&mut one, "where"), ask(&mut other, "where"));
    assert_ne!(here, there);
    let mut left: Vec<_> =
        std::fs::read_dir(&here).expect("a folder").flatten().map(|e| e.file_name()).collect();
    left.sort();
    assert_eq!(left, ["here", "there"], "what it wrote, and nothing else");
    one.stop();
    assert!(!Path::new(&here).exists() && Path::new(&there).exists());
}

#[test]
#[cfg(target_os = "linux")]
fn files_that_grow_without_end_meet_the_disk_limit() {
    let limits = Limits { disk: Some(1 << 20), ..WIDE };
    assert_eq!(death_within("write", limits), Death::DiskLimit { limit: 1 << 20 });
    assert_eq!(death_within("write-many", limits), Death::DiskLimit { limit: 1 << 20 });
    assert_eq!(ask(&mut start(&[], &Limits { disk: Some(2 << 20), ..WIDE }), "write-many"), "written");
}

#[test]
#[cfg(target_os = "linux")]
fn a_thread_that_computes_after_the_answer_is_seen() {
    let most = Duration::from_millis(50);
    let mut worker = start(&[], &WIDE);
    ask(&mut worker, "echo x");
    assert!(worker.comes_to_rest(most));
    ask(&mut worker, "answer-and-spin-aside");
    assert!(!worker.comes_to_rest(most) && worker.is_awake());
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
