//! How well what others wrote is kept from everything else: strictly by default, never more weakly than was asked for.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Result, anyhow};

use super::Session;
use crate::{
    cli::Isolation,
    paths::Paths,
    process::confine::{self, Reach, Walls},
    report::tell,
};

/// Isolates as wanted from now on. What is returned is written into results.
///
/// # Errors
/// When this machine can't.
pub fn isolate(session: &Session, wanted: Isolation) -> Result<&'static str> {
    if wanted == Isolation::Light {
        tell(
            "note: --isolation light: a submission can read what you can read, write where you can write, and use the network; only its \
             time, memory, disk and prints are limited",
        );
        return Ok("light");
    }
    let (launcher, root) = (env::current_exe()?, session.paths.root());
    let walls: &[Walls] = match wanted {
        Isolation::Namespaces => &[Walls::Namespaces],
        _ => &[Walls::Landlock, Walls::Namespaces],
    };
    let chosen = confine::confine(launcher, walls, workers(root), compilers(&session.paths));
    let chosen = chosen.map_err(|error| {
        anyhow!(
            "strict isolation does not work here ({error}); it needs Linux with seccomp, and landlock (5.13 or newer) or user \
             namespaces. `--isolation light` grades without it: on an account that has nothing to lose"
        )
    })?;
    Ok(match chosen {
        Walls::Landlock => "strict (landlock, seccomp)",
        Walls::Namespaces => "strict (namespaces, seccomp)",
    })
}

/// A student's program: the libraries of the system, the course's data, its own room.
fn workers(root: &Path) -> Reach {
    let data = env::var_os("CRASH_COURSE_DATA").map(PathBuf::from);
    Reach {
        run: [confine::system(), listed("LD_LIBRARY_PATH")].concat(),
        read: [root.join("datasets")].into_iter().chain(data).collect(),
        ..Reach::default()
    }
}

/// The compiler and the linker: themselves, the libraries' sources, and what students' programs are built with. Never solutions, hidden
/// cases or sealed answers.
fn compilers(paths: &Paths) -> Reach {
    let home = |name: &str, own: &str| {
        env::var_os(name).map(PathBuf::from).or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(own)))
    };
    let (rustup, cargo) = (home("RUSTUP_HOME", ".rustup"), home("CARGO_HOME", ".cargo"));
    let programs = ["/usr", "/bin", "/opt", "/etc/alternatives"].map(PathBuf::from);
    let own = rustup.into_iter().chain(cargo.iter().map(|cargo| cargo.join("bin")));
    let linking = [listed("LIBRARY_PATH"), listed("COMPILER_PATH"), listed("LD_LIBRARY_PATH")].concat();
    let given = ["grader/probe", "grader/protocol", "lectures/toolkit", "datasets"];
    let given = given.iter().map(|place| paths.root().join(place)).chain([paths.stage("adapters")]);
    let libraries = cargo.iter().flat_map(|cargo| [cargo.join("registry"), cargo.join("git")]);
    Reach {
        run: [confine::system(), programs.into(), own.collect(), linking].concat(),
        read: given.chain(libraries).collect(),
        starts_processes: true,
        ..Reach::default()
    }
}

/// The folders in a variable.
fn listed(name: &str) -> Vec<PathBuf> {
    let value = env::var_os(name).unwrap_or_default();
    env::split_paths(&value).filter(|path| path.is_absolute()).collect()
}
