//! Strict isolation: what a confined process tries, and what a submission tries under `grade`. “Not run” where the kernel can't.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use grader::{
    course::Course,
    process::confine::{FLAG, Reach, Walls, system},
};

fn confined(reach: &Reach, program: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.arg(FLAG).arg(serde_json::to_string(reach).unwrap()).arg(program).args(arguments);
    command.output().unwrap()
}

fn reach(walls: Walls) -> Reach {
    Reach { run: [system(), vec!["/bin".into(), "/usr/bin".into()]].concat(), walls, ..Reach::default() }
}

/// Whether this kernel can confine in this way; says so where it can't.
fn is_possible(walls: Walls) -> bool {
    let tried = confined(&reach(walls), "/bin/true", &[]);
    if !tried.status.success() {
        println!("{walls:?}: not run: {}", String::from_utf8_lossy(&tried.stderr));
    }
    tried.status.success()
}

#[test]
fn what_is_not_within_reach_is_refused() {
    let possible = [Walls::Landlock, Walls::Namespaces].into_iter().filter(|walls| is_possible(*walls));
    possible.for_each(refuses);
}

fn refuses(walls: Walls) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (secret, own, theirs) = (at("secret"), at("own"), at("theirs"));
    fs::write(&secret, "secret\n").unwrap();
    fs::create_dir(&own).unwrap();
    fs::write(format!("{own}/mine"), "mine\n").unwrap();
    let shell = |reach: &Reach, line: &str| confined(reach, "/bin/sh", &["-c", line]);
    let alone = Reach { write: vec![PathBuf::from(&own)], ..reach(walls) };
    let honest = [
        format!("read line < {own}/mine"),
        format!("echo x > {own}/new"),
        "read line < /dev/null || true".into(),
    ];
    for line in &honest {
        assert!(shell(&alone, line).status.success(), "{walls:?}: {line}");
    }
    let refused = [
        format!("read line < {secret}"),
        format!("echo x > {theirs}"),
        format!("echo x > {own}/../theirs"),
        "read line < /proc/1/environ".into(),
        "echo x > /dev/shm/planted".into(),
        "read line < /dev/zero".into(),
        "kill -0 1".into(),
        "/bin/true; exit $?".into(),
        "(exit 0) || exit 1".into(),
    ];
    for line in &refused {
        assert!(!shell(&alone, line).status.success(), "{walls:?}: {line}");
    }
    assert!(!Path::new(&theirs).exists() && !Path::new("/dev/shm/planted").exists());
    // A compiler may start a linker, and reaches no more for that.
    let compiler = Reach { starts_processes: true, ..alone.clone() };
    assert!(shell(&compiler, "/bin/true && (exit 0)").status.success());
    assert!(!shell(&compiler, &format!("/bin/cat {secret}")).status.success());
    let only_reads = Reach { read: vec![PathBuf::from(&secret)], ..reach(walls) };
    assert!(shell(&only_reads, &format!("read line < {secret}")).status.success());
    assert!(!shell(&only_reads, &format!("echo x > {secret}")).status.success());
}

#[test]
fn a_launcher_that_can_not_says_so_and_starts_nothing() {
    let nothing = Command::new(env!("CARGO_BIN_EXE_grader")).args([FLAG, "{", "/bin/true"]).output().unwrap();
    assert_eq!(nothing.status.code(), Some(125));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("can't confine"));
}

/// A `relu` that tries everything, and says what came of it.
fn attack(secret: &Path, course: &Path, port: u16) -> String {
    let (planted, shared) = (secret.with_file_name("planted"), shared());
    format!(
        r#"let mut tried = |what: &str, done: bool| println!("{{what}}: {{}}", if done {{ "done" }} else {{ "refused" }});
    tried("secret", std::fs::read({secret:?}).is_ok());
    tried("solutions", std::fs::read_dir({solutions:?}).is_ok());
    tried("write", std::fs::write({planted:?}, "x").is_ok());
    tried("connect", std::net::TcpStream::connect(("127.0.0.1", {port})).is_ok());
    tried("udp", std::net::UdpSocket::bind("127.0.0.1:0").is_ok());
    tried("process", std::process::Command::new("/bin/true").status().is_ok());
    tried("shared", std::fs::write({shared:?}, "x").is_ok());
    tried("parent", std::fs::read(format!("/proc/{{}}/environ", std::os::unix::process::parent_id())).is_ok());
    tried("own thread", std::thread::spawn(|| 1).join().is_ok());
    tried("own room", std::fs::write("own", "x").is_ok());
    todo!()"#,
        solutions = course.join("solutions"),
    )
}

/// A file in shared memory that nobody else's test has.
fn shared() -> PathBuf {
    PathBuf::from(format!("/dev/shm/planted-{}", std::process::id()))
}

/// The sheet of a submission whose `relu` has this body.
fn sheet(folder: &Path, root: &Path, body: &str, isolation: &str) -> String {
    let source = "lectures/tricks/src/activations.rs";
    let text = fs::read_to_string(root.join(source)).unwrap();
    let (before, after) = text.split_once("pub fn relu").unwrap();
    let (head, rest) = after.split_once("todo!(").unwrap();
    let rest = rest.split_once('\n').unwrap().1;
    let place = folder.join("mallory").join(source);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(&place, format!("{before}pub fn relu{head}{body}\n{rest}")).unwrap();
    let out = folder.join(isolation);
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.args(["--course", root.to_str().unwrap(), "grade", "--chapter", "tricks", "--seed", "3"]);
    command.args(["--isolation", isolation, "--out"]).arg(&out).arg(folder.join("mallory"));
    let graded = command.output().unwrap();
    assert!(graded.status.success(), "{graded:?}");
    fs::read_to_string(out.join("sheets/mallory.json")).unwrap()
}

#[test]
fn a_submission_reaches_nothing_but_its_room() {
    let kinds = [(Walls::Landlock, "strict", "landlock"), (Walls::Namespaces, "namespaces", "namespaces")];
    let kinds: Vec<_> = kinds.into_iter().filter(|(walls, ..)| is_possible(*walls)).collect();
    if kinds.is_empty() {
        return;
    }
    let root = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap().root;
    let folder = tempfile::tempdir().unwrap();
    let (secret, listener) = (folder.path().join("secret"), TcpListener::bind("127.0.0.1:0").unwrap());
    fs::write(&secret, "secret\n").unwrap();
    let body = attack(&secret, &root, listener.local_addr().unwrap().port());
    // What is refused strictly is possible otherwise: else this test would see nothing.
    let light = sheet(folder.path(), &root, &body, "light");
    for attack in ["secret", "solutions", "write", "connect", "udp", "process"] {
        assert!(light.contains(&format!("{attack}: done")), "{attack} in {light}");
    }
    let left = [folder.path().join("planted"), shared()];
    left.iter().for_each(|place| _ = fs::remove_file(place));
    for (_, isolation, named) in kinds {
        let strict = sheet(folder.path(), &root, &body, isolation);
        assert!(strict.contains(&format!("\"isolation\": \"strict ({named}, seccomp)\"")), "{strict}");
        for attack in ["secret", "solutions", "write", "connect", "udp", "process", "shared", "parent"] {
            assert!(strict.contains(&format!("{attack}: refused")), "{attack} in {strict}");
        }
        for honest in ["own thread", "own room"] {
            assert!(strict.contains(&format!("{honest}: done")), "{honest} in {strict}");
        }
    }
    assert!(left.iter().all(|place| !place.exists()));
}
