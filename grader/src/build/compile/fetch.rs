//! Downloads what a staged lock file names, once; afterwards everything works without a network.

use std::{fs, path::Path};

use anyhow::{Context, Result, anyhow, bail};

use super::{cargo::Cargo, ends::MachineFault, limits::CompilerLimits};
use crate::{
    build::stage::Stage,
    device::Device,
    events::{Damage, Event, Silence},
    files::{hash, write_if_changed, write_whole},
    paths::Paths,
};

/// Fetches the dependencies of `stage`, where that was not done before. A lock file that is not as cargo left it is copied anew.
pub fn fetch(cargo: &Cargo, stage: &Stage) -> Result<()> {
    let key = |path: &Path| fs::read(path).map(|bytes| hash([&bytes[..]])).unwrap_or_default();
    let (lock, manifest) = (stage.folder.join("Cargo.lock"), stage.folder.join("Cargo.toml"));
    let marker = stage.folder.join("fetched");
    let seen = fs::read_to_string(&marker).unwrap_or_default();
    let now = || format!("{} {}", key(&lock), key(&manifest));
    if seen == now() {
        return Ok(());
    }
    let ours = cargo.paths.root().join("Cargo.lock");
    let text = fs::read(&ours).with_context(|| format!("failed to read `{}`", ours.display()))?;
    if seen.ends_with(&key(&manifest)) && !seen.is_empty() && fs::read(&lock).ok().as_ref() != Some(&text) {
        cargo.events.hear(Event::Mending { what: Damage::LockFile });
    }
    write_if_changed(&lock, &text)?;
    let manifest = format!("--manifest-path={}", manifest.display());
    // Without a network, what was downloaded before may do.
    let mut fetched = cargo.quietly(&["fetch", &manifest, "--offline"])?;
    if fetched.is_err() {
        cargo.events.hear(Event::Fetching);
        fetched = cargo.quietly(&["fetch", &manifest])?;
    }
    match fetched {
        Ok(()) => write_whole(&marker, now().as_bytes()),
        Err(complaints) => match MachineFault::find(&complaints, &stage.folder) {
            Some(MachineFault::Machine(says)) => bail!("{says}"),
            _ => bail!(
                "the dependencies could not be downloaded; connect to the network once and try again.\n{complaints}"
            ),
        },
    }
}

/// Brings the lock file beside `manifest` into the form in which cargo leaves it alone. What it names stays.
pub fn settle_lock(paths: &Paths, manifest: &Path) -> Result<()> {
    let cargo =
        Cargo { paths, device: Device::Cpu, limits: CompilerLimits::of_environment(), events: &Silence };
    let manifest_path = format!("--manifest-path={}", manifest.display());
    cargo.quietly(&["update", "--workspace", "--offline", "--quiet", &manifest_path])?.map_err(|complaints| {
        anyhow!("the lock file beside `{}` does not fit it:\n{complaints}", manifest.display())
    })
}
