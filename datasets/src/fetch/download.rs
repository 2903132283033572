//! A file from its mirrors: tries, waits, continues, checks, and only then gives the file its name.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use super::{
    Event,
    attempt::{Trouble, agent, attempt, size},
    check::sha256,
};
use crate::{Error, catalog::Download};

/// How long to be patient.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// A mirror is left after so many attempts in a row that brought nothing new.
    pub attempts: u32,
    /// Pause after the first such attempt; each later one is twice as long.
    pub pause: Duration,
    /// An attempt ends when nothing comes for so long.
    pub patience: Duration,
}

impl Policy {
    /// For people who wait: four attempts, pauses of 1, 2 and 4 s, half a minute of silence.
    pub const USUAL: Policy =
        Policy { attempts: 4, pause: Duration::from_secs(1), patience: Duration::from_secs(30) };
}

/// Downloads a file into `folder` from the first of its addresses that gives it whole and right, and returns its path. What an
/// earlier, interrupted download left in `….part` is continued.
pub fn download(
    file: &Download<'_>,
    folder: &Path,
    policy: &Policy,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<PathBuf, Error> {
    let (path, part) = (folder.join(file.name), folder.join(format!("{}.part", file.name)));
    let mut tried = Vec::new();
    for url in file.urls {
        match from_mirror(url, file, &part, policy, tell)? {
            None => {
                fs::rename(&part, &path).map_err(Error::writing(&path))?;
                return Ok(path);
            }
            Some(why) => {
                tell(Event::Note(format!("{url}: {why}")));
                tried.push(format!("{url}: {why}"));
            }
        }
    }
    Err(Error::NotFetched { file: file.name.to_owned(), tried })
}

/// Completes `part` from one address and checks it; gives the reason when that did not work. A wrong file is removed; when its
/// beginning was from an earlier attempt, the address gets a second chance from nothing.
fn from_mirror(
    url: &str,
    file: &Download<'_>,
    part: &Path,
    policy: &Policy,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Option<String>, Error> {
    loop {
        let continued = size(part) > 0;
        if let Err(why) = complete(url, file, part, policy, tell) {
            return Ok(Some(why));
        }
        let found = sha256(part)?;
        if found == file.sha256 {
            return Ok(None);
        }
        fs::remove_file(part).map_err(Error::writing(part))?;
        if !continued {
            return Ok(Some(format!("a wrong file, with SHA-256 {found} instead of {}", file.sha256)));
        }
        tell(Event::Note(format!("{url}: what was continued is wrong; once more from the beginning")));
    }
}

/// Attempts until `part` has all its bytes, or `policy` loses patience.
fn complete(
    url: &str,
    file: &Download<'_>,
    part: &Path,
    policy: &Policy,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(), String> {
    let agent = agent(policy.patience);
    let (mut most, mut in_vain) = (size(part), 0);
    loop {
        let why = match attempt(&agent, url, file, part, tell) {
            Ok(()) => return Ok(()),
            Err(Trouble::Hopeless(why)) => return Err(why),
            Err(Trouble::Passing(why)) => why,
        };
        in_vain = if size(part) > most { 0 } else { in_vain + 1 };
        most = most.max(size(part));
        if in_vain >= policy.attempts {
            return Err(format!("{why} ({in_vain} attempts without progress)"));
        }
        let pause = policy.pause * 2_u32.pow(in_vain.saturating_sub(1));
        tell(Event::Note(format!("{url}: {why}; again in {pause:?}")));
        thread::sleep(pause);
    }
}
