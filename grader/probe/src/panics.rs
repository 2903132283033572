//! What is told of a panic: its message, where it was, and which function of the student's led there.
//!
//! Deep inside dfdx a place says little to a student. Programs carry no line numbers (they would cost a tenth of the time
//! that an edit takes to compile), but the names of functions that were not inlined are there.

use std::{
    backtrace::Backtrace,
    env,
    panic::PanicHookInfo,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Finding names takes milliseconds each time, and a program that panics does so in every case.
const MOST_TRACES: usize = 4;
/// The module that makes a program of a student's crate.
const ADAPTER: &str = "__adapter";

/// The last panic's message and place, left here by the hook.
static PANIC: Mutex<Option<(String, String)>> = Mutex::new(None);
static TRACES: AtomicUsize = AtomicUsize::new(0);

/// Keeps what panics say from now on.
pub fn listen() {
    std::panic::set_hook(Box::new(|panic| {
        let told = (message(panic), place(panic));
        if let Ok(mut slot) = PANIC.lock() {
            *slot = Some(told);
        }
    }));
}

/// The last panic's message and place.
pub fn take() -> (String, String) {
    PANIC.lock().ok().and_then(|mut slot| slot.take()).unwrap_or_default()
}

fn message(panic: &PanicHookInfo) -> String {
    let payload = panic.payload();
    let words = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    words.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
}

fn place(panic: &PanicHookInfo) -> String {
    let Some(location) = panic.location() else { return String::new() };
    // Only a student's files have relative names: they belong to the workspace that is compiled.
    if Path::new(location.file()).is_relative() || TRACES.fetch_add(1, Ordering::Relaxed) >= MOST_TRACES {
        return location.to_string();
    }
    let program = env::current_exe().ok();
    let name = program.as_deref().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    match caller(&Backtrace::force_capture().to_string(), &name.replace('-', "_")) {
        Some(function) => format!("{location}, called in `{function}`"),
        None => location.to_string(),
    }
}

/// The innermost function of the crate called `name`, its adapter aside: `activations::relu`.
fn caller(trace: &str, name: &str) -> Option<String> {
    let paths = trace.lines().filter_map(|line| {
        let (number, symbol) = line.trim_start().split_once(": ")?;
        number.parse::<usize>().ok()?;
        // An implementation's method begins with the type.
        let path = symbol.trim_start_matches('<').strip_prefix(name)?.strip_prefix("::")?;
        Some(path)
    });
    let path = paths.into_iter().next().filter(|path| !path.starts_with(ADAPTER))?;
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(path.len());
    Some(path[..end].trim_end_matches(':').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "   0: std::backtrace::Backtrace::force_capture
   1: probe::panics::place
   2: core::panicking::panic_fmt
   3: <dfdx::shapes::Foo<lectures_tricks_activations::activations::Mine> as dfdx::Bar>::bar
   4: lectures_tricks_activations::activations::relu::{{closure}}
             at /some/file.rs:12:5
   5: lectures_tricks_activations::__adapter::main::{{closure}}
   6: lectures_tricks_activations::main
";

    #[test]
    fn the_innermost_function_of_the_students_is_named() {
        let name = "lectures_tricks_activations";
        assert_eq!(caller(TRACE, name).as_deref(), Some("activations::relu"));
        let method = "   1: <lectures_tricks_activations::a::B<C> as dfdx::Module<D>>::forward\n";
        assert_eq!(caller(method, name).as_deref(), Some("a::B"));
    }

    #[test]
    fn where_all_was_inlined_nobody_is_named() {
        let inlined = TRACE.replace("activations::relu::", "__adapter::relu::");
        assert_eq!(caller(&inlined, "lectures_tricks_activations"), None);
        assert_eq!(caller("   0: dfdx::panics\n", "lectures_tricks_activations"), None);
    }
}
