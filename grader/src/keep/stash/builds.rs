//! Makes cargo look again at a chapter whose files came back with their old times.
//!
//! Cargo takes a file older than the last build for unchanged: after `solutions out` it would go on running the
//! solutions. Without its fingerprints it builds anew.

use std::path::Path;

use anyhow::Result;

use super::disk;

/// Removes cargo's fingerprints of the crate `chapter`; touches nothing of the student's.
pub fn forget(root: &Path, chapter: &str) -> Result<()> {
    for profile in disk::names(&root.join("target"))? {
        for fingerprint in disk::names(&profile.join(".fingerprint"))? {
            let name = fingerprint.file_name().unwrap_or_default().to_string_lossy();
            if name.rsplit_once('-').is_some_and(|(package, _)| package == chapter) {
                disk::delete(&fingerprint)?;
            }
        }
    }
    Ok(())
}
