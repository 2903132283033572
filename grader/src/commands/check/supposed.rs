//! Sealed suppositions are those that the oracles speak of. Recording them is `suppositions`'.

use anyhow::Result;

use super::{Complaints, PROGRAM, Wish, drawn};
use crate::{
    course::{Chapter, Exercise},
    examine::suppositions::{self, Supposition},
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
        let sealed = suppositions::suppositions(&grader.paths, exercise)?;
        if words(&sealed) != words(&suppositions::written(&grader.paths, exercise)?) {
            let id = exercise.full_id();
            complaints.add(format!(
                "the oracle of `{id}` supposes other things than were sealed; `{PROGRAM} check {id} --seal` records them"
            ));
        }
    }
    Ok(())
}

/// The words alone: the last bits of what would be right are another machine's.
fn words(suppositions: &[Supposition]) -> Vec<&str> {
    suppositions.iter().map(Supposition::words).collect()
}
