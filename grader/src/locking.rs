//! Locks on files, which keep a second grader out, also on file systems that have none: some that come over a network.

use std::{
    fs::{File, TryLockError},
    io::{self, ErrorKind},
};

use rustix::io::Errno;

/// Whether a file could be locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// It is, until the file is closed.
    Held,
    /// The file system has no locks: nothing keeps a second grader out.
    Impossible,
}

/// Locks `file`; `busy` is called where somebody else holds it, and then this waits.
pub fn lock(file: &File, busy: impl FnOnce()) -> io::Result<Lock> {
    match file.try_lock() {
        Ok(()) => Ok(Lock::Held),
        Err(TryLockError::WouldBlock) => {
            busy();
            file.lock().map(|()| Lock::Held)
        }
        Err(TryLockError::Error(error)) if is_impossible(&error) => Ok(Lock::Impossible),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// ENOSYS and EOPNOTSUPP: there are no locks; ENOLCK: nobody there who keeps them.
fn is_impossible(error: &io::Error) -> bool {
    error.kind() == ErrorKind::Unsupported || error.raw_os_error() == Some(Errno::NOLCK.raw_os_error())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_second_is_told_and_waits() {
        let folder = tempfile::tempdir().unwrap();
        let open = || File::create(folder.path().join("lock")).unwrap();
        let first = open();
        assert_eq!(lock(&first, || panic!("nobody else is here")).unwrap(), Lock::Held);
        let mut first = Some(first);
        let mut told = false;
        let second = open();
        let end = || {
            told = true;
            drop(first.take());
        };
        assert_eq!(lock(&second, end).unwrap(), Lock::Held);
        assert!(told);
    }

    #[test]
    fn a_file_system_without_locks_is_no_error() {
        for errno in [Errno::NOSYS, Errno::OPNOTSUPP, Errno::NOLCK] {
            assert!(is_impossible(&io::Error::from(errno)), "{errno}");
        }
        for errno in [Errno::IO, Errno::ACCESS, Errno::INTR] {
            assert!(!is_impossible(&io::Error::from(errno)), "{errno}");
        }
    }
}
