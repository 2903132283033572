//! The grader: builds what a student wrote into a child process that only computes, sends it inputs, judges what comes back.
//!
//! `cli → course → stage → build → probe → judge → report`, one noun a file. This package never links dfdx, a lecture or a
//! solution; expected values never enter the process that runs student code; `judge` does no I/O; only `process` starts
//! processes; only `report` and `commands` print.

pub mod bench;
pub mod build;
pub mod cli;
pub mod commands;
pub mod course;
pub mod device;
pub mod examine;
pub mod grade;
pub mod hand_in;
pub mod judge;
pub mod keep;
pub mod locking;
pub mod parallel;
pub mod paths;
pub mod process;
pub mod report;
pub mod source;
pub mod verdict;

/// How a user calls the grader, for the commands that messages name.
pub const PROGRAM: &str = "cargo run -p grader --";
