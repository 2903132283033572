//! Nothing is left running: after a stop, an interrupt or the grader's own death.

#![cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, unused_imports, reason = "what needs /proc or a subreaper is tested on Linux alone")
)]

mod helpers;

use std::time::{Duration, Instant};

use grader::process::{Death, harden, on_interrupt, sweep};
use helpers::{WIDE, ask, assert_soon, death, frame, rerun, role, runs, start};
use rustix::process::{Pid, Signal, kill_process};

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
