//! `grade --jobs N`: N processes of this program, each with a part of the class and a place of its own to build in.

use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context, Result};

use crate::{
    commands::Session,
    paths::WORK,
    process::tool,
    report::{putln, tell},
};

/// Grades all parts; what one of them leaves, whatever ended it, is for the caller to grade.
pub fn side_by_side(session: &Session, jobs: usize) -> Result<()> {
    let program = env::current_exe().context("failed to find this program")?;
    let arguments = without_jobs(env::args_os().skip(1));
    thread::scope(|scope| {
        for job in 0..jobs {
            let (program, arguments) = (&program, &arguments);
            scope.spawn(move || {
                if let Err(error) = one(session, program, arguments, (job, jobs)) {
                    tell(&format!(
                        "note: job {job} ended early, what it left is graded after the others: {error:#}"
                    ));
                }
            });
        }
    });
    Ok(())
}

fn one(session: &Session, program: &Path, arguments: &[OsString], (job, of): (usize, usize)) -> Result<()> {
    let work = session.paths.work().join("jobs").join(job.to_string());
    let built = session.paths.work().join("build");
    if !work.join("build").is_dir() && built.is_dir() {
        copy(&built, &work.join("build")).with_context(|| format!("failed to fill `{}`", work.display()))?;
    }
    let part: [OsString; 3] = ["--plain".into(), "--part".into(), format!("{job}/{of}").into()];
    let arguments = [arguments, &part].concat();
    let variables = env::vars_os().chain([(OsString::from(WORK), work.into_os_string())]);
    let place = env::current_dir().context("failed to find the current folder")?;
    let is_quiet = session.common.json;
    let mut out = |line: &str| {
        if !is_quiet {
            putln!("{line}")
        }
    };
    let mut complain = |line: &str| tell(line);
    let ended = tool::run(program, &arguments, &place, variables, &mut out, &mut complain);
    let status = ended.with_context(|| format!("failed to start `{}`", program.display()))?;
    anyhow::ensure!(status.success(), "it ended with {status}");
    Ok(())
}

/// The command line as it was typed, but for `--jobs`.
fn without_jobs(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let (mut kept, mut skips) = (Vec::new(), false);
    for argument in arguments {
        let text = argument.to_string_lossy();
        if std::mem::take(&mut skips) || text.starts_with("--jobs=") {
            continue;
        }
        skips = text == "--jobs";
        if !skips {
            kept.push(argument);
        }
    }
    kept
}

/// A folder with everything in it; times stay, by which cargo knows what is fresh.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let draft: PathBuf = to.with_extension("draft");
    let _ = fs::remove_dir_all(&draft);
    copy_into(from, &draft)?;
    fs::rename(draft, to)
}

fn copy_into(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let place = to.join(entry.file_name());
        if kind.is_dir() {
            copy_into(&entry.path(), &place)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), &place)?;
            let modified = entry.metadata()?.modified()?;
            fs::File::options().write(true).open(&place)?.set_modified(modified)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_given_what_was_typed_but_the_jobs() {
        let kept = |line: &str| {
            let words = without_jobs(line.split(' ').map(OsString::from));
            words.iter().map(|word| word.to_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(kept("grade a --jobs 4 --out b"), "grade a --out b");
        assert_eq!(kept("grade --jobs=4 a"), "grade a");
    }

    #[test]
    fn a_copy_has_the_times_of_what_it_is_a_copy_of() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("from/below")).unwrap();
        fs::write(at("from/below/file"), "x").unwrap();
        let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        fs::File::options().write(true).open(at("from/below/file")).unwrap().set_modified(old).unwrap();
        copy(&at("from"), &at("to")).unwrap();
        assert_eq!(fs::metadata(at("to/below/file")).unwrap().modified().unwrap(), old);
    }
}
