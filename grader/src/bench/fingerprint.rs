//! What machine the times are from: times of different machines are not to be compared, ratios hardly.

use std::{env::consts, fs, path::Path, thread::available_parallelism};

use serde::Serialize;

use crate::{
    files::{hash, read_toml},
    paths::Paths,
};

/// Instruction sets that make a difference here.
const SETS: [&str; 5] = ["avx", "avx2", "fma", "avx512f", "asimd"];

/// A machine and what it is doing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fingerprint {
    /// The processor's name, as far as the system tells.
    pub processor: String,
    /// How many cores we may use.
    pub cores: usize,
    /// Instruction sets that it has.
    pub instructions: Vec<String>,
    /// Operating system and architecture.
    pub system: String,
    /// The compiler's version.
    pub toolchain: String,
    /// Eight digits that stand for all of the above.
    pub id: String,
    /// Processes that wanted to run in the last minute, ours included, as an average: more than cores is a busy machine.
    pub load: Option<f64>,
}

impl Fingerprint {
    /// Of this machine.
    pub fn take(paths: &Paths) -> Self {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor =
            field(&cpuinfo, &["model name", "Hardware"]).unwrap_or("unknown processor").to_owned();
        let flags = field(&cpuinfo, &["flags", "Features"]).unwrap_or_default();
        let instructions: Vec<String> = SETS
            .into_iter()
            .filter(|set| flags.split(' ').any(|flag| flag == *set))
            .map(str::to_owned)
            .collect();
        let cores = available_parallelism().map_or(1, usize::from);
        let system = format!("{} {}", consts::OS, consts::ARCH);
        let toolchain = toolchain(&paths.root().join("rust-toolchain.toml"));
        let all = format!("{processor} {cores} {instructions:?} {system} {toolchain}");
        let id = hash([all.as_bytes()]).chars().take(8).collect();
        let load = fs::read_to_string("/proc/loadavg").ok();
        let load = load.and_then(|text| text.split(' ').next()?.parse().ok());
        Self { processor, cores, instructions, system, toolchain, id, load }
    }

    /// In one line.
    pub fn line(&self) -> String {
        let Self { processor, cores, system, toolchain, id, .. } = self;
        let sets = self.instructions.join(" ");
        let load = self.load.map_or_else(String::new, |load| format!(", load {load:.1}"));
        format!("{processor}, {cores} cores, {sets}, {system}, Rust {toolchain} (machine {id}){load}")
    }

    /// Whether other programs want more than half of the machine.
    pub fn is_busy(&self) -> bool {
        self.load.is_some_and(|load| load > self.cores as f64 / 2.0 + 1.0)
    }
}

fn field<'t>(text: &'t str, names: &[&str]) -> Option<&'t str> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        names.contains(&name.trim()).then(|| value.trim())
    })
}

fn toolchain(file: &Path) -> String {
    let channel = read_toml::<toml::Table>(file).ok();
    let channel = channel.and_then(|file| Some(file.get("toolchain")?.get("channel")?.as_str()?.to_owned()));
    channel.unwrap_or_else(|| "unknown".to_owned())
}
