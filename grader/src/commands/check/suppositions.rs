//! Sealed suppositions are those that the oracles speak of. Recording them is `suppositions`'.

use anyhow::Result;

use super::{Complaints, PROGRAM, Wish, drawn};
use crate::{
    course::{Chapter, Exercise},
    examine::suppositions,
    grade::Grader,
};

/// Seals suppositions where that is wished, else complains about those that have drifted: of one exercise in so many, as for
/// misconceptions, since the cases are written once for each.
pub fn are_sealed(
    grader: &Grader,
    chapter: &Chapter,
    wanted: &[&Exercise],
    wish: Wish,
    complaints: &mut Complaints,
) -> Result<()> {
    if wish.seal {
        return suppositions::seal(&grader.paths, &chapter.name, wanted);
    }
    for exercise in wanted.iter().filter(|_| drawn(wish.one_in)) {
        if !suppositions::are_sealed(&grader.paths, exercise)? {
            let id = exercise.full_id();
            complaints.add(format!(
                "the oracle of `{id}` supposes other things than were sealed; `{PROGRAM} check {id} --seal` records them"
            ));
        }
    }
    Ok(())
}
