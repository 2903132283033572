//! Gets a release: a folder as it is, a git remote as a shallow clone in a folder for the time being.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    course::manifest,
    process::{Room, tool::run_within},
};
use anyhow::{Context, Result, bail};

/// A slow network may take its time; one that hangs may not.
const PATIENCE: Duration = Duration::from_secs(600);

/// A release on this machine's disk.
#[derive(Debug)]
pub struct Release {
    /// The root of its tree.
    pub folder: PathBuf,
    _clone: Option<Room>,
}

/// The release in the folder `from`, or that of the git remote `from`.
pub fn get(from: &str, branch: Option<&str>) -> Result<Release> {
    let folder = Path::new(from);
    if branch.is_none() && folder.join(manifest::file()).is_file() {
        return Ok(Release { folder: folder.to_owned(), _clone: None });
    }
    let is_repository = folder.join(".git").exists() || folder.join("HEAD").is_file();
    if folder.exists() && !is_repository {
        bail!("`{from}` is no release of the course: it has no `{}`", manifest::file());
    }
    let clone = Room::new().context("failed to make a folder for the release")?;
    clone_into(&clone.path().join("release"), from, branch)?;
    Ok(Release { folder: clone.path().join("release"), _clone: Some(clone) })
}

fn clone_into(folder: &Path, from: &str, branch: Option<&str>) -> Result<()> {
    // Nobody is there to type a password, and line ends must come as they were released.
    let mut arguments: Vec<OsString> =
        ["-c", "core.autocrlf=false", "clone", "--quiet", "--depth=1"].map(Into::into).into();
    arguments.extend(branch.map(|branch| format!("--branch={branch}").into()));
    arguments.extend(["--".into(), from.into(), folder.into()]);
    let environment = env::vars_os().filter(|(name, _)| !name.to_string_lossy().starts_with("GIT_DIR"));
    let environment = environment.chain([("GIT_TERMINAL_PROMPT".into(), "0".into())]);
    let here = env::current_dir().context("failed to find the current folder")?;
    let mut complaints = String::new();
    let mut complain = |line: &str| complaints += &format!("{line}\n");
    let status = run_within(PATIENCE, "git", &arguments, &here, environment, &mut |_| {}, &mut complain);
    let status = status.with_context(|| format!("failed to get `{from}` with git"))?;
    if !status.success() {
        bail!(
            "git could not get `{from}`; is it a folder with a release, or a remote that you can clone?\n{complaints}"
        );
    }
    Ok(())
}
