//! What leaves the course and what comes back: releases for students, submissions of theirs.

pub mod bundle;
pub mod canvas;
pub mod release;
pub mod submission;
