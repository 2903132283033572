//! A program ended, or gave no answer that can be read. Where it met a limit, `limits` has the words.

/// It computes on after the call.
pub const GOES_ON: &str = "a thread goes on computing after the call has returned; join the threads that you start, or they slow \
                           down whatever comes next";

/// Too much recursion.
pub const STACK: &str =
    "The stack overflowed: a function calls itself without end, or a huge array lives on the stack.";

/// An answer of absurd size.
pub const TOO_LARGE: &str = "The answer is far larger than it can be; is a shape wrong?";

/// Nobody asked any more.
pub const NOT_RUN: &str = "This case was not run: earlier ones ended the process.";

/// The last word on what was asked twice.
pub const TWICE: &str = " It was asked twice.";

/// The golden input was refused.
pub const REFUSED_GOLDEN: &str = "The function returned `Err` for the recorded input, and it should not.";

/// It ended itself.
pub fn exited(code: i32) -> String {
    format!(
        "The code ended the whole program (exit code {code}) instead of returning. Take `std::process::exit` out."
    )
}

/// It was ended.
pub fn signalled(signal: i32) -> String {
    format!("The program was ended by signal {signal} (it may have called `abort`).")
}

/// An answer that can't be read.
pub fn unreadable(why: &str) -> String {
    format!("The program's answer can't be read: {why}. Does the code write to descriptors it did not open?")
}

/// A call that the adapter could not make.
pub fn unsupported(why: &str) -> String {
    format!("The course could not make this call: {why}.")
}

/// Not all cases were put to it.
pub fn stopped(asked: usize, cases: usize) -> String {
    format!("\nStopped there: {asked} of {cases} cases were run.")
}
