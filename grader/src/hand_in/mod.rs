//! What leaves the course: releases for students, submissions of theirs.

pub mod release;
pub mod submission;
