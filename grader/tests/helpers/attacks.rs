//! What a student's program may try, and what it may do: each by name, called by the test `attacks` in a process of its own.
//!
//! Whoever started it looks at what came of it. Attacks that can't be seen from outside say themselves whether they succeeded;
//! they are written to tell the truth, and harm nothing where they do succeed.
#![allow(dead_code, reason = "the program runs them, the test reads their names")]

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Error, Read, Write},
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::{fs as unix, fs::PermissionsExt, net::UnixStream, process::CommandExt},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, SystemTime},
};

use rustix::{
    fs::{CWD, FileType, FlockOperation, MemfdFlags, Mode},
    process::{Pid, Signal},
};

/// Where it is, beside which everything lies: `room` is its own, `data` and `library` may be read, all else is somebody else's.
pub struct Place {
    pub base: PathBuf,
    pub tcp: u16,
    pub udp: u16,
}

impl Place {
    fn at(&self, name: &str) -> PathBuf {
        self.base.join(name)
    }
}

/// Who says whether an attack succeeded.
#[derive(Clone, Copy, PartialEq)]
pub enum Judge {
    /// The attack itself, by coming to its end.
    Itself,
    /// Whoever looks at the files and listens at the doors.
    Others,
}
use Judge::{Itself, Others};

type Act = fn(&Place) -> io::Result<()>;

pub const ATTACKS: &[(&str, Judge, Act)] = &[
    // files of others: reading
    ("read a secret", Itself, |p| fs::read(p.at("secret")).map(drop)),
    ("read it by a way round", Itself, |p| fs::read(p.at("room/../secret")).map(drop)),
    ("go there and read", Itself, |p| {
        std::env::set_current_dir(&p.base)?;
        fs::read("secret").map(drop)
    }),
    ("list a folder", Itself, |p| listed(&p.at("course"))),
    ("link to a secret", Itself, |p| {
        unix::symlink(p.at("secret"), "link")?;
        fs::read("link").map(drop)
    }),
    ("link hard to a secret", Itself, |p| {
        fs::hard_link(p.at("secret"), "hard")?;
        fs::read("hard").map(drop)
    }),
    ("move a secret here", Others, |p| fs::rename(p.at("secret"), "mine")),
    ("read who is who", Itself, |_| fs::read("/etc/passwd").map(drop)),
    ("see how large a secret is", Itself, |p| fs::metadata(p.at("secret")).map(drop)),
    // files of others: writing
    ("write a file", Others, |p| fs::write(p.at("planted"), "x")),
    ("write above", Others, |_| fs::write("../planted", "x")),
    ("write into the course", Others, |p| fs::write(p.at("course/planted"), "x")),
    ("write into what may be read", Others, |p| fs::write(p.at("library/lib"), "x")),
    ("empty a file", Others, |p| {
        OpenOptions::new().write(true).truncate(true).open(p.at("victim")).map(drop)
    }),
    ("append to a file", Others, |p| OpenOptions::new().append(true).open(p.at("victim"))?.write_all(b"x")),
    ("remove a file", Others, |p| fs::remove_file(p.at("victim"))),
    ("make a folder", Others, |p| fs::create_dir(p.at("planted"))),
    ("move a file out", Others, |p| {
        fs::write("own", "x")?;
        fs::rename("own", p.at("planted"))
    }),
    ("make a pipe", Others, |p| {
        rustix::fs::mknodat(CWD, p.at("planted"), FileType::Fifo, Mode::RUSR, 0).map_err(Error::from)
    }),
    ("write to shared memory", Itself, |_| {
        let place = format!("/dev/shm/attack-{}", std::process::id());
        fs::write(&place, "x")?;
        fs::remove_file(place)
    }),
    // files of others: what is known about them
    ("open a file to all", Others, |p| fs::set_permissions(p.at("victim"), Permissions::from_mode(0o777))),
    ("close what may be read", Others, |p| {
        fs::set_permissions(p.at("library/lib"), Permissions::from_mode(0o000))
    }),
    ("close what was opened", Others, |p| {
        File::open(p.at("library/lib"))?.set_permissions(Permissions::from_mode(0o000))
    }),
    ("give a file away", Others, |p| unix::chown(p.at("victim"), Some(12), Some(12))),
    ("make what may be read old", Others, |p| {
        File::open(p.at("library/lib"))?.set_modified(SystemTime::UNIX_EPOCH)
    }),
    ("make a file old", Others, |p| {
        use rustix::fs::{AtFlags, Timespec, Timestamps, utimensat};
        let zero = Timespec { tv_sec: 0, tv_nsec: 0 };
        let times = Timestamps { last_access: zero, last_modification: zero };
        utimensat(CWD, p.at("victim"), &times, AtFlags::empty()).map_err(Error::from)
    }),
    ("lock a file", Itself, |p| {
        rustix::fs::flock(File::open(p.at("victim"))?, FlockOperation::NonBlockingLockExclusive)
            .map_err(Error::from)
    }),
    // other processes
    ("start a program", Itself, |_| Command::new("/bin/true").status().map(drop)),
    ("start itself", Itself, |_| Command::new(std::env::current_exe()?).spawn().map(drop)),
    ("become a shell", Others, |p| {
        let line = format!("echo x > {}/planted", p.base.display());
        Err(Command::new("/bin/sh").args(["-c", &line]).exec())
    }),
    ("signal its parent", Itself, |_| {
        rustix::process::kill_process(parent()?, Signal::CONT).map_err(Error::from)
    }),
    ("look for its parent by a signal", Itself, |_| {
        rustix::process::test_kill_process(parent()?).map_err(Error::from)
    }),
    ("signal its group", Itself, |_| rustix::process::test_kill_current_process_group().map_err(Error::from)),
    ("read its parent's environment", Itself, |_| {
        fs::read(format!("/proc/{}/environ", std::os::unix::process::parent_id())).map(drop)
    }),
    ("open its parent's memory", Itself, |_| {
        let memory = format!("/proc/{}/mem", std::os::unix::process::parent_id());
        OpenOptions::new().read(true).write(true).open(memory).map(drop)
    }),
    ("list processes", Itself, |_| listed(Path::new("/proc"))),
    ("set its parent's priority", Itself, |_| {
        let own = rustix::process::getpriority_process(Some(parent()?))?;
        rustix::process::setpriority_process(Some(parent()?), own).map_err(Error::from)
    }),
    ("choose its parent's processors", Itself, |_| {
        let own = rustix::thread::sched_getaffinity(Some(parent()?))?;
        rustix::thread::sched_setaffinity(Some(parent()?), &own).map_err(Error::from)
    }),
    // the network
    ("connect", Itself, |p| TcpStream::connect(("127.0.0.1", p.tcp)).map(drop)),
    ("send a datagram", Itself, |p| {
        UdpSocket::bind("127.0.0.1:0")?.send_to(b"x", ("127.0.0.1", p.udp)).map(drop)
    }),
    ("listen", Itself, |_| TcpListener::bind("127.0.0.1:0").map(drop)),
    ("connect to a file", Itself, |p| UnixStream::connect(p.at("socket")).map(drop)),
    // the system
    ("read a device", Itself, |_| File::open("/dev/zero")?.read_exact(&mut [0; 8])),
    ("read the kernel's tables", Itself, |_| listed(Path::new("/sys"))),
    ("write its own memory", Itself, |_| OpenOptions::new().write(true).open("/proc/self/mem").map(drop)),
    ("hide from the memory's end", Itself, |_| fs::write("/proc/self/oom_score_adj", "500")),
    ("make a group of its own", Itself, |_| {
        let place = format!("/sys/fs/cgroup/attack-{}", std::process::id());
        fs::create_dir(&place)?;
        fs::remove_dir(place)
    }),
    ("change its root", Itself, |_| unix::chroot(".")),
    ("set a limit", Itself, |_| {
        use rustix::process::{Resource, getrlimit, setrlimit};
        setrlimit(Resource::Core, getrlimit(Resource::Core)).map_err(Error::from)
    }),
    ("take memory that is a file", Itself, |_| {
        rustix::fs::memfd_create("attack", MemfdFlags::empty()).map(drop).map_err(Error::from)
    }),
];

pub const HONEST: &[(&str, Act)] = &[
    ("write, read, remove in its room", |_| {
        fs::create_dir("folder")?;
        fs::write("folder/a", "text")?;
        fs::rename("folder/a", "folder/b")?;
        assert_eq!(fs::read_to_string("folder/b")?, "text");
        fs::remove_dir_all("folder")
    }),
    ("copy a file", |_| {
        fs::write("a", "text")?;
        fs::copy("a", "b")?;
        assert_eq!(fs::read_to_string("b")?, "text");
        Ok(())
    }),
    ("list its room", |_| {
        fs::write("a", "text")?;
        listed(Path::new("."))
    }),
    ("read the course's data", |p| fs::read(p.at("data/set")).map(drop)),
    ("read a library", |p| fs::read(p.at("library/lib")).map(drop)),
    ("use threads", |_| {
        let sum: u64 = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|i| scope.spawn(move || i)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        });
        assert_eq!(sum, 28);
        Ok(())
    }),
    ("ask how many processors there are", |_| thread::available_parallelism().map(drop)),
    ("take 256 MiB", |_| {
        assert_eq!(std::hint::black_box(vec![1_u8; 1 << 28])[1 << 27], 1);
        Ok(())
    }),
    ("catch a panic", |_| {
        assert!(std::panic::catch_unwind(|| panic!("caught")).is_err());
        Ok(())
    }),
    ("sleep and look at the clock", |_| {
        thread::sleep(Duration::from_millis(2));
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map(drop).map_err(Error::other)
    }),
    ("draw numbers", |_| File::open("/dev/urandom")?.read_exact(&mut [0; 16])),
    ("talk to itself", |_| {
        let (mut one, mut other) = UnixStream::pair()?;
        one.write_all(b"hello")?;
        other.read_exact(&mut [0; 5])
    }),
];

/// Runs the one that is called so, and says how it ended.
pub fn run(name: &str, place: &Place) {
    let attacks = ATTACKS.iter().map(|(name, _, act)| (*name, *act));
    let (_, act) =
        attacks.chain(HONEST.iter().copied()).find(|(known, _)| *known == name).expect("a known name");
    match act(place) {
        Ok(()) => println!("done"),
        Err(error) => println!("refused: {error}"),
    }
}

fn listed(folder: &Path) -> io::Result<()> {
    let names: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    if names.is_empty() { Err(Error::other("there is nothing")) } else { Ok(()) }
}

fn parent() -> io::Result<Pid> {
    rustix::process::getppid().ok_or_else(|| Error::other("it has no parent"))
}
