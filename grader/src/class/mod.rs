//! A class: who handed in what, and what came of it, as files that other programs and later commands read.
//!
//! `senders` finds whose a parcel is by the names that learning platforms give, `roster` reads a list of students, `attempts`
//! takes the newest of several, `sheet` is one student's result and `folder` where all of them lie. `rules` are the instructor's and
//! `people` a person's marks; `settle` lays both over the sheets. `likeness` finds sources that
//! are nearly equal. Grading and printing are left to `grade` and `commands`.

pub mod attempts;
pub mod export;
pub mod folder;
pub mod likeness;
pub mod moment;
pub mod people;
pub mod plan;
pub mod points;
pub mod roster;
pub mod rules;
pub mod senders;
pub mod settle;
pub mod sheet;
