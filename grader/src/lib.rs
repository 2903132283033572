//! The grader: builds what a student wrote into a child process that only computes, sends it inputs, judges what comes back.
//!
//! `cli → course → stage → build → probe → judge → report`, one noun a file. This package never links dfdx, a lecture or a
//! solution; expected values never enter the process that runs student code; `judge` does no I/O; only `process` starts
//! processes; only `report` and `commands` print.

pub mod asked;
pub mod assemble;
pub mod bench;
pub mod cache;
pub mod calls;
pub mod cli;
pub mod commands;
pub mod compile;
pub mod course;
pub mod device;
pub mod diagnose;
pub mod examine;
pub mod gallery;
pub mod gates;
pub mod grade;
pub mod items;
pub mod judge;
pub mod locking;
pub mod memory;
pub mod modules;
pub mod nesting;
pub mod outside;
pub mod parallel;
pub mod parity;
pub mod parse;
pub mod paths;
pub mod probe;
pub mod process;
pub mod refuse;
pub mod release;
pub mod report;
pub mod restore;
pub mod sealed;
pub mod signatures;
pub mod snapshot;
pub mod sources;
pub mod stage;
pub mod stash;
pub mod state;
pub mod stubs;
pub mod submission;
pub mod tree;
pub mod update;
pub mod verdict;

/// How a user calls the grader, for the commands that messages name.
pub const PROGRAM: &str = "cargo run -p grader --";
