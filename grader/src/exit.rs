//! How a command ends, as a shell or a script sees it. Help and README list the codes from here.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Marks, or done what was asked.
    Done,
    /// Fewer points than `--min-score`.
    BelowScore,
    /// Used wrongly, broken, or something was found.
    Broken,
    /// The device that was asked for is not here.
    NotRun,
    /// Ctrl-C.
    Interrupted,
}

impl Exit {
    /// All of them, by their codes.
    pub const ALL: [Self; 5] = [Self::Done, Self::BelowScore, Self::Broken, Self::NotRun, Self::Interrupted];

    /// The exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::BelowScore => 1,
            Self::Broken => 2,
            Self::NotRun => 3,
            Self::Interrupted => 130,
        }
    }

    /// What it means, as help and README say.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "graded, or done what was asked, whatever the verdicts are",
            Self::BelowScore => "graded, and fewer points earned than --min-score wants",
            Self::Broken => {
                "used wrongly, broken, not written (a full disk), or something found by check, parity or doctor"
            }
            Self::NotRun => "not run: no such device here, so nothing passes and nothing counts",
            Self::Interrupted => "ended by Ctrl-C",
        }
    }

    /// The codes as help lists them.
    pub fn list() -> String {
        let lines = Self::ALL.map(|exit| format!("  {}  {}", exit.code(), exit.meaning()));
        format!("Exit codes:\n{}", lines.join("\n"))
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
