//! `release`: the tree that students get, also as an autograder.

use anyhow::{Result, bail};
use serde_json::json;

use super::{PROGRAM, Session};
use crate::{
    cli::ReleaseOptions,
    exit::Exit,
    hand_in::release,
    report::{put_json, putln},
};

/// Makes the students' tree, or Gradescope's archive of it, and says what is in it.
pub fn release(session: &Session, wish: &ReleaseOptions) -> Result<Exit> {
    super::refuse_without_authors("release")?;
    let (place, made) = match (&wish.gradescope, &wish.place) {
        (Some(file), _) => (file, release::gradescope::pack(session.course, file, session.events)?),
        (None, Some(place)) => (place, release::release(session.course, place, session.events)?),
        (None, None) => bail!("`release` needs a new folder"),
    };
    if session.common.json {
        put_json(&json!({ "format": 1, "place": place, "files": made.files, "bytes": made.bytes }));
        return Ok(Exit::Done);
    }
    let (files, mib) = (made.files, made.bytes as f64 / f64::from(1 << 20));
    putln!("{files} files, {mib:.1} MiB, are in {}: no solutions, sealed cases", place.display());
    if wish.gradescope.is_some() {
        putln!("Upload it under “Configure Autograder”; `run_autograder` in it says what students see.");
    } else {
        putln!("Look at it as a student does: cd {} && {}", place.display(), PROGRAM.trim_end_matches(" --"));
    }
    Ok(Exit::Done)
}
