//! A limit was met: time, memory, prints, disk. First of a student's program, then of the compiler, then of the machine.

use std::{path::Path, time::Duration};

/// Out of memory, in a student's program.
pub const PROGRAM_MEMORY: &str = "The code asked for more memory than the exercise may use.";

/// Out of memory, in the compiler over the course's own code.
pub const MACHINE_MEMORY: &str =
    "the compiler ran out of memory: close other programs, or build on a machine with more";

/// The compiler was killed, by whom it does not know.
pub const MACHINE_KILLED: &str = "the compiler was killed, most likely because memory ran out: close other programs, or build on \
                                  a machine with more";

/// Out of time, in the compiler over the course's own code.
pub const MACHINE_TIME: &str =
    "the compiler takes too long over the course's own code: is this machine very busy?";

/// Out of memory, in the compiler over a student's code.
pub fn compiler_memory(mebibytes: u64) -> String {
    format!("wants more than {mebibytes} MiB of memory, or all that there is")
}

/// Out of time, in the compiler over a student's code.
pub fn compiler_time(seconds: u64) -> String {
    format!("computes for more than {seconds} s and does not come to an end")
}

fn seconds(limit: Duration) -> String {
    format!("{:.1} s", limit.as_secs_f64())
}

/// A program computed for too long.
pub fn time(limit: Duration) -> String {
    format!("No answer after {} of computing: is there a loop that does not end?", seconds(limit))
}

/// A program gave no answer, and did not compute either.
pub fn idle(limit: Duration) -> String {
    format!(
        "No answer within {}, and nothing was being computed: does the code sleep, wait for input or wait for itself?",
        seconds(limit)
    )
}

/// Many short naps are no better than a long one.
pub fn naps(limit: Duration) -> String {
    format!("The calls slept for more than {} in all. Take the sleeping out.", seconds(limit))
}

/// A program printed too much.
pub fn prints(bytes: u64) -> String {
    format!("The code printed more than {} MB in one case. Take the prints out of the loop.", bytes >> 20)
}

/// A program filled the disk.
pub fn disk(bytes: u64) -> String {
    format!(
        "The code wrote more than {} MB into files; no exercise needs any. Take the writing out.",
        bytes >> 20
    )
}

/// There is no space left for `path`, with what is free there in MiB.
pub fn full_disk(path: &Path, free: Option<u64>) -> String {
    let free = free.map(|free| format!(" ({free} MiB are free)")).unwrap_or_default();
    format!(
        "the disk is full: there is no space left for `{}`{free}. Make room, or delete `target`, which can be built again",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_unit_stand_apart() {
        for say in [time, idle, naps] {
            let said = say(Duration::from_secs(2));
            assert!(said.contains(" 2.0 s"), "{said}");
        }
    }
}
