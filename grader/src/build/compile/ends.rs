//! How the compiler ended where it gave no reason of its own, and what the machine has to do with a failed build.
//!
//! Goes by what cargo, the compiler and the linker say; the words are those of the versions that the course is tested with.

use std::path::Path;

use super::limits::CompilerLimits;
use crate::{
    files::full_disk,
    messages::{self, compiler},
};

/// How a compiler ended without naming an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It took too long.
    Time,
    /// It wanted too much memory.
    Memory,
    /// Something killed it, which Linux does where memory runs out.
    Killed,
    /// It crashed.
    Crash,
}

impl End {
    /// From cargo's complaints, of which the last line may be all that is there so far.
    pub fn read(complaints: &str) -> Option<Self> {
        // Cargo names some signals and not others.
        let signal = complaints.rsplit_once("(signal: ").map(|(_, rest)| rest);
        let number = signal.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
        match number.as_deref() {
            Some("24") => Some(Self::Time),
            _ if ran_out(complaints) => Some(Self::Memory),
            Some("9") => Some(Self::Killed),
            Some(_) => Some(Self::Crash),
            None if complaints.contains("thread 'rustc'") => Some(Self::Crash),
            None => None,
        }
    }

    /// What a student is told whose `name` did that.
    pub fn blames(self, name: &str, limits: CompilerLimits) -> String {
        let what = match self {
            Self::Time => messages::limits::compiler_time(limits.seconds),
            Self::Memory | Self::Killed => messages::limits::compiler_memory(limits.mebibytes),
            Self::Crash => "crashes".to_owned(),
        };
        compiler::too_much(name, &what)
    }

    /// What is said where no student's code did that.
    pub fn machine(self) -> &'static str {
        match self {
            Self::Time => messages::limits::MACHINE_TIME,
            Self::Memory => messages::limits::MACHINE_MEMORY,
            Self::Killed => messages::limits::MACHINE_KILLED,
            Self::Crash => compiler::CRASHED,
        }
    }
}

/// Whether what failed was an allocation.
fn ran_out(text: &str) -> bool {
    let allocation = text
        .split("memory allocation of ")
        .skip(1)
        .any(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(" bytes failed"));
    allocation
        || [
            "LLVM ERROR: out of memory",
            "Cannot allocate memory",
            "(os error 12)",
            "rustc-LLVM ERROR: out of memory",
        ]
        .iter()
        .any(|words| text.contains(words))
}

/// A fault of the machine or of what the grader keeps, found in what cargo and the compiler said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MachineFault {
    /// Nothing to be done here: a sentence with the way out.
    Machine(String),
    /// Something below the build folder is damaged. It can be built again.
    Damaged,
}

impl MachineFault {
    /// Looks for one in `text`; `place` is where is built.
    pub fn find(text: &str, place: &Path) -> Option<Self> {
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if is_full(text) {
            return Some(Self::Machine(full_disk(place)));
        }
        if text.contains("terminated with signal 9") {
            return Some(Self::Machine(End::Killed.machine().to_owned()));
        }
        if let Some(linker) = text.split("linker `").nth(1).and_then(|rest| rest.split_once("` not found")) {
            return Some(Self::Machine(compiler::no_linker(linker.0)));
        }
        let damaged = [
            "found invalid metadata files",
            "[E0786]",
            "only metadata stub found",
            "required to be available in rlib format",
            "failed to load metadata",
            "malformed archive",
            "truncated or malformed",
            "file format not recognized",
            "file is truncated",
            "not an ELF file",
            "unknown file type",
            "could not parse/generate dep info",
            "failed to parse process output",
            "extern location for",
            // Students' code has no names that could clash, so that what does not link was linked before.
            "linking with `",
        ];
        says(&damaged).then_some(Self::Damaged)
    }
}

/// Whether a text says that a disk is full.
pub fn is_full(text: &str) -> bool {
    ["No space left on device", "(os error 28)", "Disk quota exceeded", "(os error 122)"]
        .iter()
        .any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(signal: &str) -> String {
        format!(
            "error: could not compile `tricks` (bin \"lectures-tricks-relu\")\n\nCaused by:\n  process didn't exit \
             successfully: `rustc --crate-name lectures_tricks_relu` ({signal})\n"
        )
    }

    #[test]
    fn a_compiler_that_was_stopped_is_told_from_one_that_found_errors() {
        let of = |text: &str| End::read(text);
        assert_eq!(of(&ended("signal: 24")), Some(End::Time));
        assert_eq!(of(&ended("signal: 9, SIGKILL: kill")), Some(End::Killed));
        assert_eq!(of(&ended("signal: 11, SIGSEGV: invalid memory reference")), Some(End::Crash));
        let abort = ended("signal: 6, SIGABRT: process abort signal");
        assert_eq!(of(&abort), Some(End::Crash));
        assert_eq!(of(&format!("memory allocation of 536870912 bytes failed\n{abort}")), Some(End::Memory));
        assert_eq!(of(&format!("rustc-LLVM ERROR: out of memory\n{abort}")), Some(End::Memory));
        assert_eq!(of("error: could not compile `tricks` (bin \"x\") due to 1 previous error"), None);
    }

    #[test]
    fn the_machines_faults_are_told_from_the_courses() {
        let find = |text: &str| MachineFault::find(text, Path::new("/"));
        let Some(MachineFault::Machine(full)) =
            find("rust-lld: error: failed to write output: No space left on device")
        else {
            panic!("a full disk")
        };
        assert!(full.contains("the disk is full") && full.contains("MiB are free"), "{full}");
        let linker =
            find("error: linker `cc` not found\n  |\n  = note: No such file or directory (os error 2)");
        assert!(matches!(&linker, Some(MachineFault::Machine(says)) if says.contains("`cc`")), "{linker:?}");
        for damage in [
            "[E0786]",
            "error: linking with `cc` failed: exit status: 1\n = note: rust-lld: error: /t/deps/libdfdx-f79.rlib: \
             Archive::children failed: truncated or malformed archive (offset to next archive member past the end)",
            "error: linking with `cc` failed: exit status: 1\n = note: /usr/bin/ld: /t/deps/libdfdx-f79.rlib: file format not \
             recognized; treating as linker script",
            "error: extern location for dfdx does not exist: /t/deps/libdfdx-f79.rlib",
            "rust-lld: error: /t/deps/libdfdx-f79.rlib: truncated or malformed archive",
        ] {
            assert_eq!(find(damage), Some(MachineFault::Damaged), "{damage}");
        }
        assert_eq!(find("error[E0308]: mismatched types"), None);
    }
}
