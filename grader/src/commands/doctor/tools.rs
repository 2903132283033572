//! What other programs say: the compiler, git, CUDA's tools.

use std::{env, ffi::OsStr, path::Path, time::Duration};

use super::Observation;
use crate::{files::read_toml, paths::Paths, process::tool::run_within};

/// A driver that hangs must not hang the doctor.
const PATIENCE: Duration = Duration::from_secs(10);

/// The compiler's version against `rust-toolchain.toml`.
pub fn toolchain(paths: &Paths) -> Observation {
    const NAME: &str = "toolchain";
    let Some(wanted) = channel(paths) else {
        return Observation::problem(
            NAME,
            "rust-toolchain.toml names no version",
            "bring the file back: it comes with the course",
        );
    };
    let install = format!("rustup toolchain install {wanted}");
    match first_line("rustc", &["--version"], paths.root()) {
        None => Observation::problem(
            NAME,
            "rustc does not run",
            format!("get Rust from https://rustup.rs, then `{install}`"),
        ),
        Some(found) if found.split_whitespace().nth(1) == Some(wanted.as_str()) => {
            Observation::ok(NAME, found)
        }
        Some(found) => Observation::problem(
            NAME,
            format!("{found}, but the course is tested with {wanted}"),
            format!("run `{install}`"),
        ),
    }
}

fn channel(paths: &Paths) -> Option<String> {
    let file: toml::Table = read_toml(&paths.root().join("rust-toolchain.toml")).ok()?;
    Some(file.get("toolchain")?.get("channel")?.as_str()?.to_owned())
}

/// Git, and whether the course's folder has a history.
pub fn git(paths: &Paths) -> Observation {
    const NAME: &str = "git";
    let Some(version) = first_line("git", &["--version"], paths.root()) else {
        return Observation::attention(
            NAME,
            "not found",
            "install git to keep a history of what you write; the grader does without",
        );
    };
    let inside = first_line("git", &["rev-parse", "--is-inside-work-tree"], paths.root());
    if inside.as_deref() == Some("true") {
        Observation::ok(NAME, version)
    } else {
        Observation::attention(
            NAME,
            format!("{version}, but this folder has no history"),
            "run `git init` here",
        )
    }
}

/// A CUDA device and what building for it needs. Having none is fine.
pub fn cuda() -> Observation {
    const NAME: &str = "CUDA";
    let here = Path::new("/");
    let query = ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"];
    let Some(device) = first_line("nvidia-smi", &query, here) else {
        return Observation::ok(NAME, "no CUDA device: GPU timings and checks will say `not run`");
    };
    let path = env::var_os("CUDA_PATH");
    let in_path = path.as_ref().map(|path| Path::new(path).join("bin/nvcc").into_os_string());
    let compilers = [Some("nvcc".into()), in_path];
    let release = compilers.into_iter().flatten().find_map(|nvcc| last_line(nvcc, &["--version"], here));
    match (release, &path) {
        (None, _) => Observation::attention(
            NAME,
            format!("{device}, but no nvcc"),
            "install the CUDA toolkit and put its bin/ into PATH, or GPU checks will say `not run`",
        ),
        (Some(_), Some(path)) if !Path::new(path).is_dir() => Observation::attention(
            NAME,
            format!("{device}, but CUDA_PATH is no folder"),
            "set CUDA_PATH to the toolkit's folder, or unset it",
        ),
        (Some(release), path) => {
            let path = path.as_ref().map_or("not set".into(), |path| path.to_string_lossy());
            Observation::ok(NAME, format!("{device}; nvcc {release}; CUDA_PATH {path}"))
        }
    }
}

fn first_line(program: impl AsRef<OsStr>, arguments: &[&str], folder: &Path) -> Option<String> {
    output(program, arguments, folder)?.into_iter().next()
}

fn last_line(program: impl AsRef<OsStr>, arguments: &[&str], folder: &Path) -> Option<String> {
    output(program, arguments, folder)?.pop()
}

/// The lines that `program` prints, where it can be had and succeeds.
fn output(program: impl AsRef<OsStr>, arguments: &[&str], folder: &Path) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    let mut listen = |line: &str| lines.push(line.trim().to_owned());
    let status = run_within(PATIENCE, program, arguments, folder, env::vars_os(), &mut listen, &mut |_| {});
    (status.ok()?.success()).then_some(lines)
}
