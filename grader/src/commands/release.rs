//! `release`: the tree that students get.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use super::{PROGRAM, Session};
use crate::{
    exit::Exit,
    hand_in::release,
    report::{put_json, putln},
};

/// Makes the students' tree at `place` and says what is in it.
pub fn release(session: &Session, place: &Path) -> Result<Exit> {
    super::refuse_without_authors("release")?;
    let made = release::release(session.course, place, session.events)?;
    if session.common.json {
        put_json(&json!({ "format": 1, "place": place, "files": made.files, "bytes": made.bytes }));
        return Ok(Exit::Done);
    }
    let (files, mib) = (made.files, made.bytes as f64 / f64::from(1 << 20));
    putln!("{files} files, {mib:.1} MiB, are in {}: no solutions, sealed cases", place.display());
    putln!("Look at it as a student does: cd {} && {}", place.display(), PROGRAM.trim_end_matches(" --"));
    Ok(Exit::Done)
}
