//! CompilerLimits of the compiler where it compiles a student's code, which can keep it busy for ever or make it fill the memory: macros
//! that grow, constants that are never finished, types in types.
//!
//! Cargo starts the compiler through a script that sets them, for the staged crate alone: what dfdx takes to compile is nobody's
//! fault.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use anyhow::{Context, Result};

use crate::{files::write_if_changed, paths::Paths, process::confine};

/// What the compiler may use for one program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompilerLimits {
    /// Seconds of CPU time. The largest program takes about twenty from nothing.
    pub seconds: u64,
    /// Mebibytes of data. The largest program takes about a thousand.
    pub mebibytes: u64,
}

/// The variables that say other limits than ours, for a machine that is very slow or very small.
const SECONDS: &str = "CRASH_COURSE_COMPILER_SECONDS";
const MEBIBYTES: &str = "CRASH_COURSE_COMPILER_MIB";
/// The variables by which the script confines the compiler; unset where nothing is confined.
const LAUNCHER: &str = "CRASH_COURSE_LAUNCHER";
const REACH: &str = "CRASH_COURSE_REACH";

impl CompilerLimits {
    /// Generous ones, or those of the environment.
    pub fn of_environment() -> Self {
        let number = |name: &str| std::env::var(name).ok()?.trim().parse().ok();
        Self { seconds: number(SECONDS).unwrap_or(180), mebibytes: number(MEBIBYTES).unwrap_or(4096) }
    }

    /// Where it is only to be found out what takes so long.
    pub fn to_search(self) -> Self {
        Self { seconds: self.seconds.div_ceil(4), ..self }
    }
}

/// What makes cargo start the compiler within limits.
pub fn variables(
    paths: &Paths,
    (stage, build): (Option<&Path>, &Path),
    limits: CompilerLimits,
) -> Result<Vec<(String, String)>> {
    let script = paths.work().join("limited-compiler");
    // Where the system does not know a limit, or has set a lower one already, that is how it is. Of CPU time only the soft limit:
    // its signal tells it from a kill for memory.
    let text = format!(
        "#!/bin/sh\nulimit -S -t \"${SECONDS}\" 2>/dev/null\nulimit -S -c 0 2>/dev/null\n\
         ulimit -S -d \"$((${MEBIBYTES} * 1024))\" 2>/dev/null\n\
         [ -z \"${LAUNCHER}\" ] || exec \"${LAUNCHER}\" {} \"${REACH}\" \"$@\"\nexec \"$@\"\n",
        confine::FLAG
    );
    write_if_changed(&script, text.as_bytes())?;
    let executable = || -> std::io::Result<()> {
        let mut permissions = fs::metadata(&script)?.permissions();
        if permissions.mode() & 0o100 == 0 {
            permissions.set_mode(permissions.mode() | 0o755);
            fs::set_permissions(&script, permissions)?;
        }
        Ok(())
    };
    executable().with_context(|| format!("failed to make `{}` executable", script.display()))?;
    let mut variables = vec![
        ("RUSTC_WORKSPACE_WRAPPER", script.to_string_lossy().into_owned()),
        (SECONDS, limits.seconds.to_string()),
        (MEBIBYTES, limits.mebibytes.to_string()),
    ];
    let temporary = paths.work().join("temporary");
    let places = [build.to_owned(), temporary.clone()];
    if let Some((launcher, reach)) =
        confine::compiler(&stage.map(Path::to_owned).into_iter().collect::<Vec<_>>(), &places)
    {
        fs::create_dir_all(&temporary)
            .with_context(|| format!("failed to make `{}`", temporary.display()))?;
        let temporary = temporary.to_string_lossy().into_owned();
        variables.extend([(LAUNCHER, launcher), (REACH, reach), ("TMPDIR", temporary)]);
    }
    Ok(variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
