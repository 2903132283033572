//! What to do about errors that come from the machine and not from what was asked for.

use std::io::{self, ErrorKind};

use anyhow::Error;

use crate::PROGRAM;

/// The way out of an error, where its cause is one that needs the same everywhere.
pub fn advice(error: &Error) -> Option<String> {
    let kinds = || error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    let is = |wanted: [ErrorKind; 2]| kinds().any(|kind| wanted.contains(&kind));
    if is([ErrorKind::StorageFull, ErrorKind::QuotaExceeded]) {
        Some(
            "no space is left there: make room, then give the command again; nothing of yours is lost"
                .to_owned(),
        )
    } else if is([ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem]) {
        Some(format!(
            "you may not do that there; `{PROGRAM} doctor` looks where in the course's folder you may write"
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_foreign_folder_have_a_way_out() {
        let advise =
            |kind: ErrorKind| advice(&Error::from(io::Error::from(kind)).context("failed to write `x`"));
        assert!(advise(ErrorKind::StorageFull).unwrap().contains("make room"));
        assert!(advise(ErrorKind::ReadOnlyFilesystem).unwrap().contains("-- doctor`"));
        assert_eq!(advise(ErrorKind::NotFound), None);
    }
}
