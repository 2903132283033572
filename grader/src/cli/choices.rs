//! The values that options and commands can be given: devices, baselines, which way to swap, what to do with snapshots.

use clap::{Subcommand, ValueEnum};

use crate::device::Device;

/// What to time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Devices {
    /// This machine's processor.
    Cpu,
    /// The first NVIDIA GPU.
    Cuda,
    /// Both.
    All,
}

impl Devices {
    /// Each by itself.
    pub fn list(self) -> Vec<Device> {
        match self {
            Self::Cpu => vec![Device::Cpu],
            Self::Cuda => vec![Device::Cuda],
            Self::All => vec![Device::Cpu, Device::Cuda],
        }
    }
}

/// What to compare timings with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Baseline {
    /// The reference solutions.
    Reference,
    /// Nothing: absolute times alone.
    None,
}

/// How well what others wrote is kept from everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Isolation {
    /// By the kernel: no file but its own, no network, no other process.
    Strict,
    /// The same, by namespaces also where landlock works.
    Namespaces,
    /// By limits of time, memory, disk and prints alone.
    Light,
}

impl Isolation {
    /// As it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Namespaces => "namespaces",
            Self::Light => "light",
        }
    }
}

/// Which way to swap.
#[derive(Clone, Debug, Subcommand)]
pub enum Swap {
    /// Put the reference solutions into lectures/, your files into a stash.
    #[command(after_help = "Example:\n  cargo run -p grader -- solutions in tricks")]
    In {
        /// Only this chapter.
        #[arg(value_name = "CHAPTER")]
        name: Option<String>,
    },
    /// Bring your files back, byte for byte.
    #[command(after_help = "Example:\n  cargo run -p grader -- solutions out")]
    Out {
        /// Only this chapter.
        #[arg(value_name = "CHAPTER")]
        name: Option<String>,
    },
    /// Say which chapters hold solutions.
    #[command(after_help = "Example:\n  cargo run -p grader -- solutions status")]
    Status {
        /// Only this chapter.
        #[arg(value_name = "CHAPTER")]
        name: Option<String>,
    },
}

/// What to do with snapshots.
#[derive(Clone, Debug, Subcommand)]
pub enum Snapshots {
    /// Compare golden values and solutions with the snapshots: a first one is written, differences become pending.
    #[command(after_help = "Example:\n  cargo run -p grader -- snapshots record tricks/relu")]
    Record {
        /// Exercises, chapters or globs; everything when left out, which takes minutes.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
    },
    /// Review pending snapshots with `cargo insta review`.
    #[command(after_help = "Example:\n  cargo run -p grader -- snapshots review")]
    Review,
}
