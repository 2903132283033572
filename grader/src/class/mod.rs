//! A class: who handed in what, and what came of it, as files that other programs and later commands read.
//!
//! `senders` finds whose a parcel is by the names that learning platforms give, `roster` reads a list of students, `attempts`
//! takes the newest of several, `sheet` is one student's result and `folder` where all of them lie. Grading and printing are left to
//! `grade` and `commands`.

pub mod attempts;
pub mod export;
pub mod folder;
pub mod roster;
pub mod senders;
pub mod sheet;
