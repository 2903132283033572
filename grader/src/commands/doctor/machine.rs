//! What the system says: cores, memory, disk, file events, the terminal.

use std::{env, fs, path::Path, sync::mpsc, thread::available_parallelism, time::Duration};

use rustix::fs::statvfs;

use super::Observation;
use crate::{commands::watch::watcher, course::Course, paths::Paths, report::Style};

const GIB: u64 = 1 << 30;
/// What compiling dfdx takes beside a probe.
const COMPILER: u64 = GIB;
/// Measured: `target/` grows to 2 GiB with one chapter solved, stubs, misconceptions and tests included.
const BUILD: u64 = 4 * GIB;
const FULL: u64 = GIB / 2;

/// Processor cores.
pub fn cores() -> Observation {
    const NAME: &str = "cores";
    match available_parallelism().map_or(1, usize::from) {
        1 => Observation::attention(
            NAME,
            "1",
            "building takes about twice as long as elsewhere; capstones may come near their time limits",
        ),
        n => Observation::ok(NAME, n.to_string()),
    }
}

/// Memory against what the hungriest exercise may take.
pub fn memory(course: &Course) -> Observation {
    const NAME: &str = "memory";
    let hungriest = course.exercises().max_by_key(|exercise| exercise.memory_limit);
    let (limit, id) =
        hungriest.map_or_else(Default::default, |exercise| (exercise.memory_limit << 20, exercise.full_id()));
    let Some(Memory { total, available }) = Memory::read() else {
        return Observation::ok(
            NAME,
            format!("not known here; the hungriest exercise ({id}) may take {}", gib(limit)),
        );
    };
    let says = format!(
        "{} of {} free; the hungriest exercise ({id}) may take {}",
        gib(available),
        gib(total),
        gib(limit)
    );
    if total < limit + COMPILER {
        Observation::problem(NAME, says, "not enough for that exercise: grade it on another machine")
    } else if available < limit.max(COMPILER) {
        Observation::attention(NAME, says, "close other programs before grading it")
    } else {
        Observation::ok(NAME, says)
    }
}

struct Memory {
    total: u64,
    available: u64,
}

impl Memory {
    /// As Linux tells it, a container's limit included; elsewhere nobody knows.
    fn read() -> Option<Self> {
        let text = fs::read_to_string("/proc/meminfo").ok()?;
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            Some(line.split_whitespace().next()?.parse::<u64>().ok()? << 10)
        };
        let number = |path: &str| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
        let limit = number("/sys/fs/cgroup/memory.max").unwrap_or(u64::MAX);
        let used = number("/sys/fs/cgroup/memory.current").unwrap_or_default();
        let (total, available) = (field("MemTotal")?, field("MemAvailable")?);
        Some(Self { total: total.min(limit), available: available.min(limit.saturating_sub(used)) })
    }
}

/// Space where `target/` lies.
pub fn disk(paths: &Paths) -> Observation {
    const NAME: &str = "disk";
    let target = paths.root().join("target");
    let place = if target.is_dir() { &target } else { paths.root() };
    let free = match statvfs(place) {
        Ok(stat) => stat.f_bavail.saturating_mul(stat.f_frsize),
        Err(error) => {
            return Observation::attention(
                NAME,
                format!("not known ({error})"),
                format!("make sure that `{}` has {}", place.display(), gib(BUILD)),
            );
        }
    };
    let moved = env::var_os("CARGO_TARGET_DIR").is_some_and(|target| !target.is_empty());
    let moved =
        if moved { "; CARGO_TARGET_DIR moves the grader itself, not what it builds there" } else { "" };
    let says = format!("{} free for target/{moved}", gib(free));
    match free {
        ..FULL => Observation::problem(
            NAME,
            says,
            format!("building everything takes about {}: make room", gib(BUILD)),
        ),
        FULL..BUILD => Observation::attention(
            NAME,
            says,
            format!("building everything takes about {}; `cargo clean` makes room", gib(BUILD)),
        ),
        _ => Observation::ok(NAME, says),
    }
}

/// Whether the system tells of saves, tried on a file of our own.
pub fn watching(paths: &Paths) -> Observation {
    const NAME: &str = "watching";
    let tells = sees_a_save(&paths.work().join("doctor"));
    if !tells.unwrap_or_default() {
        return Observation::attention(NAME, "the system does not tell of saved files", "use `watch --poll`");
    }
    match drive(paths.root()) {
        None => Observation::ok(NAME, "the system tells of saved files"),
        Some(drive) => Observation::attention(
            NAME,
            format!("the course lies on {drive}: the system may not tell of what is saved from elsewhere"),
            "`watch` looks at the files every three seconds all the same, `watch --poll` more often; a folder of this system's own \
             is faster, too",
        ),
    }
}

/// Where files can change without this system's doing.
#[cfg(target_os = "linux")]
fn drive(folder: &Path) -> Option<&'static str> {
    let is_wsl = fs::read_to_string("/proc/sys/kernel/osrelease").is_ok_and(|text| text.contains("icrosoft"));
    // As linux/magic.h has them.
    match rustix::fs::statfs(folder).ok()?.f_type as u32 {
        0x0102_1997 if is_wsl => Some("a drive of Windows"),
        0x0102_1997 => Some("a folder of a virtual machine's host"),
        0x6969 => Some("a network drive (NFS)"),
        0xff53_4d42 | 0xfe53_4d42 | 0x517b => Some("a network drive (SMB)"),
        0x6573_5546 => Some("a drive that a program provides (FUSE)"),
        _ => None,
    }
}

/// Elsewhere that is not known.
#[cfg(not(target_os = "linux"))]
fn drive(_: &Path) -> Option<&'static str> {
    None
}

fn sees_a_save(folder: &Path) -> anyhow::Result<bool> {
    fs::create_dir_all(folder)?;
    let (sender, events) = mpsc::channel();
    let watching = watcher(folder, false, sender)?;
    fs::write(folder.join("saved"), "")?;
    let seen = events.recv_timeout(Duration::from_secs(1)).is_ok();
    drop(watching);
    fs::remove_dir_all(folder)?;
    Ok(seen)
}

/// Whether reports have colours. Having none is fine.
pub fn colours(style: Style, no_color: bool) -> Observation {
    let unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let says = match style.colour {
        true => "yes",
        false if no_color => "none: --no-color",
        false if unwanted => "none: NO_COLOR is set",
        false => "none: standard output is no terminal",
    };
    Observation::ok("colours", says)
}

fn gib(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / GIB as f64)
}
