//! The rules that cases alone decide: no check lets a large error through, and idle answers fail.

use anyhow::Result;

use super::Complaints;
use crate::{
    course::{Exercise, cases::cases},
    judge::gates,
    parallel::side_by_side,
    paths::Paths,
};

/// Complains about what the cases of `seed` let through.
pub fn decide(paths: &Paths, wanted: &[&Exercise], seed: u64, complaints: &mut Complaints) -> Result<()> {
    let found = side_by_side(wanted, |_, _, exercise| -> Result<_> {
        Ok(gates::complaints(&exercise.full_id(), &cases(paths, exercise, seed)?))
    });
    for of_exercise in found {
        of_exercise?.into_iter().for_each(|complaint| complaints.add(format!("{complaint} (seed {seed})")));
    }
    Ok(())
}
