//! The grader: builds what a student wrote into a child process that only computes, sends it inputs, judges what comes back.
//!
//! Folders are rooms, from the ground up; none imports what stands below it in this list (`tests/boundaries/rooms.rs`):
//!
//! - `process/`: the only place that starts processes: workers that answer, tools that end
//! - `verdict/`: plain data: what is said of an exercise, and of many
//! - `messages/`: every word that a student reads about a failure
//! - `source/`: source text, read, parsed and compared without a compiler
//! - `course/`: what exists: chapters, exercises, hidden cases, sealed stubs, releases
//! - `build/`: from sources to programs: staged, compiled, and what does not compile taken out
//! - `judge/`: pure: rules, tolerances, explanations; what cases must not let through
//! - `examine/`: asks a program, has its answers judged, names the misconception
//! - `grade/`: many exercises: what is known already, what is built, in which order, what waits
//! - `clinic/`: trainings that are broken: what is wrong with each, and their curves
//! - `bench/`: timing next to the reference, its statistics and verdicts
//! - `keep/`: what must not be lost: stashes, hints, attempts and answers, updates
//! - `hand_in/`: what leaves the course: releases for students, submissions of theirs
//! - `class/`: who handed in what, and what came of it, as files
//! - `report/`: everything that is printed, drawn or written
//! - `page/`: what is being worked on, as a page in a browser
//! - `cli/`: what can be typed
//! - `commands/`: the commands, a file each
//!
//! This package never links dfdx, a lecture or a solution; expected values never enter the process that runs student code; `judge`
//! does no I/O; only `process` starts processes; only `report` and `commands` print.

pub mod bench;
pub mod build;
pub mod class;
pub mod clean;
pub mod cli;
pub mod clinic;
pub mod commands;
pub mod course;
pub mod device;
pub mod events;
pub mod exit;
pub mod examine;
pub mod files;
pub mod grade;
pub mod hand_in;
pub mod judge;
pub mod keep;
pub mod locking;
pub mod messages;
pub mod page;
pub mod parallel;
pub mod paths;
pub mod process;
pub mod report;
pub mod source;
pub mod verdict;

/// How a user calls the grader, for the commands that messages name.
pub const PROGRAM: &str = "cargo run -p grader --";
