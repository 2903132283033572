//! The little world in which an attack takes place: somebody else's files and doors around a room, made anew for each, and looked at
//! afterwards.

use std::{
    fs::{self, File, Permissions},
    io::{ErrorKind, Read},
    net::{TcpListener, UdpSocket},
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        net::UnixListener,
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use grader::process::confine::{FLAG, Reach, Walls, system};
use tempfile::TempDir;

use crate::attacks::Judge;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// A user that has nothing.
const ORDINARY: u32 = 65_534;

#[derive(Clone, Copy)]
pub struct User {
    pub name: &'static str,
    /// Who to become, where it is somebody else.
    id: Option<u32>,
}

pub struct End {
    pub succeeded: bool,
    pub said: String,
}

/// Programs that everybody may run.
pub struct World {
    programs: TempDir,
}

impl World {
    pub fn new() -> Self {
        let programs = tempfile::tempdir().unwrap();
        fs::set_permissions(programs.path(), Permissions::from_mode(0o755)).unwrap();
        for program in [env!("CARGO_BIN_EXE_grader"), env!("CARGO_BIN_EXE_hostile")] {
            let to = programs.path().join(Path::new(program).file_name().unwrap());
            fs::copy(program, to).unwrap();
        }
        Self { programs }
    }

    /// Who attacks: root and an ordinary user where the test is root, who can become anybody.
    pub fn users(&self) -> Vec<User> {
        if !rustix::process::geteuid().is_root() {
            return vec![User { name: "ordinary", id: None }];
        }
        let root = User { name: "root", id: None };
        let is_closed = |folder: &&Path| folder.metadata().is_ok_and(|metadata| metadata.mode() & 0o001 == 0);
        if let Some(closed) = self.programs.path().ancestors().find(is_closed) {
            println!("an ordinary user: not run: `{}` is root's alone", closed.display());
            return vec![root];
        }
        vec![root, User { name: "ordinary", id: Some(ORDINARY) }]
    }

    /// Whether this kernel has such walls for this user, and why not.
    pub fn is_possible(&self, walls: Walls, user: User) -> Result<(), String> {
        let scene = Scene::new(user);
        let run = [system(), vec!["/bin".into(), "/usr/bin".into()]].concat();
        let mut command = self.launcher(&Reach { run, walls, ..Reach::default() });
        command.arg("/bin/true");
        let said = scene.run(command, user);
        if said.is_empty() { Ok(()) } else { Err(said) }
    }

    /// Tries an attack, and looks at what came of it.
    pub fn attack(&self, name: &str, judge: Judge, user: User, walls: Option<Walls>) -> End {
        let scene = Scene::new(user);
        let before = scene.looks();
        let said = scene.run(self.command(&scene, name, walls), user);
        let says_so = judge == Judge::Itself && is_done(&said);
        let succeeded = says_so || scene.looks() != before || scene.heard();
        End { succeeded, said }
    }

    /// Does something honest.
    pub fn honest(&self, name: &str, user: User, walls: Walls) -> End {
        let scene = Scene::new(user);
        let said = scene.run(self.command(&scene, name, Some(walls)), user);
        End { succeeded: is_done(&said), said }
    }

    fn command(&self, scene: &Scene, name: &str, walls: Option<Walls>) -> Command {
        let program = self.programs.path().join("hostile");
        let mut command = match walls {
            None => Command::new(&program),
            Some(walls) => {
                let reach = Reach {
                    run: [system(), vec![program.clone(), scene.at("library")]].concat(),
                    read: vec![scene.at("data")],
                    write: vec![scene.at("room")],
                    walls,
                    ..Reach::default()
                };
                let mut command = self.launcher(&reach);
                command.arg(&program);
                command
            }
        };
        command.arg("attack").arg(name).arg(scene.folder.path());
        command.args([scene.tcp.local_addr(), scene.udp.local_addr()].map(|a| a.unwrap().port().to_string()));
        command
    }

    fn launcher(&self, reach: &Reach) -> Command {
        let mut command = Command::new(self.programs.path().join("grader"));
        command.arg(FLAG).arg(serde_json::to_string(reach).unwrap());
        command
    }
}

/// Whatever else was printed.
fn is_done(said: &str) -> bool {
    said.lines().any(|line| line == "done")
}

/// Files and doors of somebody else, and a room.
struct Scene {
    folder: TempDir,
    tcp: TcpListener,
    udp: UdpSocket,
    unix: UnixListener,
}

/// What can be seen of a file: its name, rights, owner, time and text.
type Look = (PathBuf, u32, u32, i64, Vec<u8>);

impl Scene {
    fn new(user: User) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["room", "data", "library", "course"] {
            fs::create_dir(at(name)).unwrap();
        }
        for name in ["secret", "victim", "data/set", "library/lib", "course/solution"] {
            fs::write(at(name), name).unwrap();
        }
        let (tcp, udp) = (TcpListener::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
        let unix = UnixListener::bind(at("socket")).unwrap();
        tcp.set_nonblocking(true).unwrap();
        udp.set_nonblocking(true).unwrap();
        unix.set_nonblocking(true).unwrap();
        let scene = Self { folder, tcp, udp, unix };
        // Its own user's: so that nothing but the walls is in the way.
        for path in user.id.map_or_else(Vec::new, |_| all_below(scene.folder.path())) {
            chown(path, user.id, user.id).unwrap();
        }
        scene
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What it printed, in either stream.
    fn run(&self, mut command: Command, user: User) -> String {
        let prints = tempfile::tempfile().unwrap();
        let print = |prints: &File| Stdio::from(prints.try_clone().unwrap());
        command.current_dir(self.at("room")).env_clear().env("TMPDIR", self.at("room"));
        command.stdin(Stdio::null()).stdout(print(&prints)).stderr(print(&prints));
        if let Some(id) = user.id {
            command.uid(id).gid(id);
        }
        let (mut child, began) = (command.spawn().unwrap(), Instant::now());
        while child.try_wait().unwrap().is_none() {
            if began.elapsed() > PATIENCE {
                child.kill().unwrap();
                child.wait().unwrap();
                return "it did not end".to_owned();
            }
            sleep(Duration::from_millis(1));
        }
        let (mut prints, mut said) = (prints, String::new());
        std::io::Seek::rewind(&mut prints).unwrap();
        prints.read_to_string(&mut said).unwrap();
        said
    }

    /// Everything outside the room.
    fn looks(&self) -> Vec<Look> {
        let room = self.at("room");
        let outside = all_below(self.folder.path()).into_iter().filter(|path| !path.starts_with(&room));
        let look = |path: PathBuf| {
            let metadata = path.symlink_metadata().unwrap();
            let text = if metadata.is_file() { fs::read(&path).unwrap_or_default() } else { Vec::new() };
            let time = if metadata.is_file() { metadata.mtime() } else { 0 };
            (path, metadata.mode(), metadata.uid(), time, text)
        };
        outside.map(look).collect()
    }

    /// Whether somebody came to a door.
    fn heard(&self) -> bool {
        let is_silent = |kind: Option<ErrorKind>| kind == Some(ErrorKind::WouldBlock);
        let doors = [
            self.tcp.accept().err().map(|error| error.kind()),
            self.udp.recv(&mut [0; 8]).err().map(|error| error.kind()),
            self.unix.accept().err().map(|error| error.kind()),
        ];
        !doors.into_iter().all(is_silent)
    }
}

/// A folder and all in it, in one order.
fn all_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && !path.is_symlink() {
            found.extend(all_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}
