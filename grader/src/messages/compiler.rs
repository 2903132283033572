//! What does not compile, and what of that is the machine's fault. The compiler's own messages are shown as they are.

/// The compiler crashed over the course's own code.
pub const CRASHED: &str = "the compiler crashed over the course's own code";

/// Stands in the place of a message that quotes a file which was not given.
pub const WITHHELD: &str =
    "error: the compiler read a file that is none of your sources, and what it said of that is not shown\n";

/// Over `name` the compiler does `what`: "crashes", or meets a limit.
pub fn too_much(name: &str, what: &str) -> String {
    format!(
        "Over `{name}` the compiler {what}.\nLook for a macro that calls itself, a constant that is computed in a long \
         loop, or types nested in types, and write it more simply.\n"
    )
}

/// An exercise calls `name`, whose error stands under `exercises`.
pub fn called_in_vain(name: &str, exercises: &str) -> String {
    format!("This uses `{name}`, which does not compile (see {exercises}).\n")
}

/// There is no linker.
pub fn no_linker(name: &str) -> String {
    format!(
        "there is no linker: Rust needs `{name}`. On Debian and Ubuntu `sudo apt install build-essential` brings it, on Fedora \
         `sudo dnf install gcc`, on macOS `xcode-select --install`"
    )
}

/// The errors are none of a student's.
pub fn of_the_course(messages: &str) -> String {
    format!("the course's own code does not compile:\n{messages}")
}
