//! How many crates a build compiles where nothing was built before, and how many of them are there.

use std::{collections::BTreeSet, fs};

use anyhow::Result;

use super::{
    Job,
    cargo::{Cargo, Ears},
};
use crate::device::Device;

/// What every program is built with; it is the last of the libraries.
const LAST: &str = "libprobe-";

/// Crates that are there, of those that there will be.
#[derive(Debug, Default)]
pub struct Count {
    done: BTreeSet<String>,
    /// How many there will be; `None` where libraries were built before, for then nobody knows what of them holds.
    pub total: Option<usize>,
}

impl Count {
    /// Asks cargo, where it has everything to build.
    pub fn of(job: &Job, cargo: &Cargo) -> Result<Self> {
        let built = fs::read_dir(job.paths.build(job.device).join("grade/deps"));
        let mut files = built.into_iter().flatten().flatten();
        if files.any(|file| file.file_name().to_string_lossy().starts_with(LAST)) {
            return Ok(Self::default());
        }
        Ok(Self { total: total(job, cargo)?, ..Self::default() })
    }

    /// Takes note of one, and says how many there are and will be.
    pub fn add(&mut self, package: String) -> (usize, Option<usize>) {
        self.done.insert(package);
        (self.done.len(), self.total.filter(|total| self.done.len() <= *total))
    }
}

/// Every package once that is built for this machine.
fn total(job: &Job, cargo: &Cargo) -> Result<Option<usize>> {
    let words = ["tree", "--offline", "--locked", "--edges=normal,build", "--prefix=none", "--format={p}"];
    let mut arguments: Vec<String> = words.map(str::to_owned).to_vec();
    arguments.extend([job.manifest(), format!("--package={}", job.stage.chapter)]);
    if job.device == Device::Cuda {
        arguments.push(format!("--features={}/cuda", job.stage.chapter));
    }
    let mut packages = BTreeSet::new();
    let mut listen = |line: &str| _ = packages.insert(package(line).to_owned());
    let ears = Ears { stdout: &mut listen, stderr: &mut |_| {}, goes_on: &|| true };
    let known = cargo.run(&arguments, &[], ears)?;
    packages.remove("");
    Ok(known.then_some(packages.len()))
}

/// A package of cargo's tree; what was shown before is marked there.
fn package(line: &str) -> &str {
    line.trim_end_matches(" (*)").trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_counts_once_and_never_beyond_what_was_said() {
        let mut count = Count { total: Some(2), ..Count::default() };
        assert_eq!(count.add("a".to_owned()), (1, Some(2)));
        assert_eq!(count.add("a".to_owned()), (1, Some(2)));
        assert_eq!(count.add("b".to_owned()), (2, Some(2)));
        assert_eq!(count.add("c".to_owned()), (3, None));
    }

    #[test]
    fn what_the_tree_shows_again_is_the_same() {
        assert_eq!(
            package("serde_derive v1.0.1 (proc-macro) (*)"),
            package("serde_derive v1.0.1 (proc-macro)")
        );
    }
}
