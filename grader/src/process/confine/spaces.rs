//! Files by namespaces, for kernels without landlock: a root of this process's own, in which only what it may reach is there, and a
//! network and shared memory that nobody else is in.
//!
//! No privilege is needed where the system lets everybody have user namespaces. The process keeps its number, so that whoever
//! started it limits and watches it as ever; other processes are out of its reach by what `calls` refuses, and since there is no
//! `/proc` but for compilers. It is nobody in particular, and so has no privileges over what was made for it here.

use std::{
    collections::BTreeMap,
    env, fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use nix::{
    mount::{MntFlags, MsFlags, mount, umount2},
    sched::{CloneFlags, unshare},
    unistd::pivot_root,
};
use rustix::process::{getegid, geteuid};

use super::Reach;

/// Where the new root is made; it is hidden by it in the end, as everything else is.
const PLACE: &str = "/tmp";
/// Below the place, and so below the root for as long as both are there.
const OLD: &str = "/old";
const NEW: &str = "/new";
/// Who it is inside: not root, so that it has no privileges once it has become another program.
const NOBODY: u32 = 65_534;

/// By which a compiler and its linkers find out where they lie. What is secret in it stays so: the kernel shows that only to processes of
/// the same user namespace.
const PROCESSES: &str = "/proc";
const DEVICES: [&str; 3] = ["/dev/null", "/dev/urandom", "/dev/random"];

/// Leaves everything but `reach` behind.
pub fn enter(reach: &Reach) -> io::Result<()> {
    let places = places(reach);
    let here = env::current_dir()?;
    let (user, group) = (geteuid(), getegid());
    let apart = CloneFlags::CLONE_NEWUSER
        | CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWNET
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWUTS;
    unshare(apart).map_err(|error| failed("make namespaces", error))?;
    // Without this an ordinary user may not say which group it is.
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{NOBODY} {} 1", user.as_raw()))?;
    fs::write("/proc/self/gid_map", format!("{NOBODY} {} 1", group.as_raw()))?;
    make_room()?;
    for (place, access) in &places.real {
        show(place, *access)?;
    }
    // The folder that it works in may hold nothing that it may reach; it is there all the same.
    make(&within(&here), true)?;
    for (place, real) in &places.links {
        let at = within(place);
        if at.symlink_metadata().is_err() {
            fs::create_dir_all(at.parent().unwrap_or(Path::new(NEW)))?;
            symlink(real, at)?;
        }
    }
    leave(&here)
}

/// What may be done with files below a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Access {
    Read,
    Device,
    Write,
}

/// What is to be there: places by their real names, from the top down, and other names for them.
#[derive(Default)]
struct Places {
    real: BTreeMap<PathBuf, Access>,
    links: BTreeMap<PathBuf, PathBuf>,
}

/// What does not exist is left out, as it can't be reached anyway.
fn places(reach: &Reach) -> Places {
    let mut places = Places::default();
    let devices = DEVICES.map(PathBuf::from);
    let processes: Vec<PathBuf> = reach.starts_processes.then(|| PROCESSES.into()).into_iter().collect();
    let read = [&reach.run, &reach.read, &processes].map(|list| (&list[..], Access::Read));
    for (list, access) in
        read.into_iter().chain([(&devices[..], Access::Device), (&reach.write, Access::Write)])
    {
        for place in list {
            let Ok(real) = place.canonicalize() else { continue };
            if real != *place {
                places.links.insert(place.clone(), real.clone());
            }
            let known = places.real.entry(real).or_insert(access);
            *known = access.max(*known);
        }
    }
    places
}

/// An empty root, with all that was there before below it for a while.
fn make_room() -> io::Result<()> {
    remount("/", MsFlags::MS_REC | MsFlags::MS_PRIVATE)?;
    memory(PLACE)?;
    let old = format!("{PLACE}{OLD}");
    fs::create_dir(&old)?;
    pivot_root(PLACE, old.as_str()).map_err(|error| failed("change the root", error))?;
    env::set_current_dir("/")?;
    fs::create_dir(NEW)?;
    memory(NEW)
}

/// Makes the new root the only one, which nobody writes to but where it was said.
fn leave(here: &Path) -> io::Result<()> {
    remount(NEW, MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY | own())?;
    env::set_current_dir(NEW)?;
    // The old one comes to lie on the new one, and is taken away there.
    pivot_root(".", ".").map_err(|error| failed("leave the old root", error))?;
    umount2(".", MntFlags::MNT_DETACH).map_err(|error| failed("take the old root away", error))?;
    env::set_current_dir(here)
}

/// Lets a place be seen, with everything that is mounted below it.
fn show(place: &Path, access: Access) -> io::Result<()> {
    let (from, to) = (below(OLD, place), within(place));
    make(&to, from.is_dir())?;
    let no = None::<&str>;
    mount(Some(&from), &to, no, MsFlags::MS_BIND | MsFlags::MS_REC, no)
        .map_err(|error| failed(&format!("show `{}`", place.display()), error))?;
    if access != Access::Read {
        return Ok(());
    }
    for mounted in mounted_below(&to)? {
        remount(&mounted, MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY | flags(&mounted)?)?;
    }
    Ok(())
}

/// The mounts at `place` and below it.
fn mounted_below(place: &Path) -> io::Result<Vec<PathBuf>> {
    let table = fs::read_to_string(below(OLD, Path::new("/proc/self/mountinfo")))?;
    let points = table.lines().filter_map(|line| line.split(' ').nth(4)).map(unescaped);
    Ok(points.map(PathBuf::from).filter(|point| point.starts_with(place)).collect())
}

/// A path as the kernel lists it has spaces, tabs, ends of lines and backslashes as three octal digits.
fn unescaped(text: &str) -> String {
    let known = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    known.iter().fold(text.to_owned(), |text, (code, c)| text.replace(code, c))
}

/// The flags that a mount has and must keep: whoever is not privileged may add some and take none away.
fn flags(place: &Path) -> io::Result<MsFlags> {
    use nix::sys::statvfs::{FsFlags, statvfs};
    let has = statvfs(place).map_err(|error| failed("read a mount's flags", error))?.flags();
    let pairs = [
        (FsFlags::ST_NODEV, MsFlags::MS_NODEV),
        (FsFlags::ST_NOEXEC, MsFlags::MS_NOEXEC),
        (FsFlags::ST_NOATIME, MsFlags::MS_NOATIME),
        (FsFlags::ST_NODIRATIME, MsFlags::MS_NODIRATIME),
        (FsFlags::ST_RELATIME, MsFlags::MS_RELATIME),
    ];
    let kept = pairs.into_iter().filter(|(flag, _)| has.contains(*flag)).map(|(_, flag)| flag);
    Ok(kept.fold(MsFlags::MS_NOSUID, |flags, flag| flags | flag))
}

/// What our own mounts are.
fn own() -> MsFlags {
    MsFlags::MS_NOSUID | MsFlags::MS_NODEV
}

/// An empty file system in memory.
fn memory(place: &str) -> io::Result<()> {
    mount(Some("tmpfs"), place, Some("tmpfs"), own(), Some("size=1m,mode=755"))
        .map_err(|error| failed(&format!("make an empty `{place}`"), error))
}

fn remount(place: impl AsRef<Path>, flags: MsFlags) -> io::Result<()> {
    let (place, no) = (place.as_ref(), None::<&str>);
    mount(no, place, no, flags, no)
        .map_err(|error| failed(&format!("change the mount `{}`", place.display()), error))
}

/// Something to mount on, where there is nothing yet.
fn make(place: &Path, is_folder: bool) -> io::Result<()> {
    if place.exists() {
        return Ok(());
    }
    if is_folder {
        return fs::create_dir_all(place);
    }
    fs::create_dir_all(place.parent().unwrap_or(Path::new(NEW)))?;
    fs::write(place, "")
}

fn within(place: &Path) -> PathBuf {
    below(NEW, place)
}

fn below(root: &str, place: &Path) -> PathBuf {
    Path::new(root).join(place.strip_prefix("/").unwrap_or(place))
}

fn failed(what: &str, error: nix::Error) -> io::Error {
    io::Error::other(format!("failed to {what}: {}", error.desc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_the_widest_access_that_was_given_and_its_real_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().canonicalize().unwrap().join(name);
        fs::create_dir(at("real")).unwrap();
        symlink(at("real"), at("other")).unwrap();
        let (run, write) = (vec![at("real"), at("missing")], vec![at("other")]);
        let places = places(&Reach { run, write, ..Reach::default() });
        assert_eq!(places.real[&at("real")], Access::Write);
        assert_eq!(places.links[&at("other")], at("real"));
        assert!(!places.real.contains_key(&at("missing")));
    }

    #[test]
    fn names_of_mounts_are_read_as_the_kernel_writes_them() {
        assert_eq!(unescaped("/a\\040b\\134c"), "/a b\\c");
    }
}
