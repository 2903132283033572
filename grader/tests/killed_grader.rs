//! A grader that is killed, as nobody can prevent, takes with it the compilers that it had cargo start, and its folders.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The course under another root, where nothing has been built yet.
fn course(folder: &Path) {
    for file in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml"] {
        fs::copy(Path::new(ROOT).join(file), folder.join(file)).unwrap();
    }
    for part in ["grader", "datasets", "solutions", "lectures"] {
        symlink(fs::canonicalize(Path::new(ROOT).join(part)).unwrap(), folder.join(part)).unwrap();
    }
}

/// Processes of which a part of the command line names `folder`, by what they are called.
fn running(folder: &Path) -> Vec<(String, i32)> {
    let name = folder.to_str().unwrap();
    let processes = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
        let line = String::from_utf8_lossy(&fs::read(entry.path().join("cmdline")).ok()?).into_owned();
        line.contains(name).then(|| (fs::read_to_string(entry.path().join("comm")).unwrap_or_default(), pid))
    });
    processes.map(|(name, pid)| (name.trim().to_owned(), pid)).collect()
}

fn wait_until(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < limit, "{what}");
        sleep(Duration::from_millis(5));
    }
}

#[test]
fn no_compiler_outlives_a_killed_grader() {
    let folder = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(folder.path()).unwrap();
    course(&root);
    let mut grader = Command::new(env!("CARGO_BIN_EXE_grader"))
        .args(["check", "tricks/relu", "--seeds", "1", "--course"])
        .arg(&root)
        .current_dir(&root)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let compilers = || running(&root).into_iter().filter(|(name, _)| name == "rustc").count();
    wait_until("no compiler was started", Duration::from_secs(60), || compilers() > 0);
    grader.kill().unwrap();
    grader.wait().unwrap();
    wait_until("a compiler outlived its grader", Duration::from_secs(2), || running(&root).is_empty());
}

#[test]
fn no_folder_outlives_a_killed_grader() {
    let folder = tempfile::tempdir().unwrap();
    let (course, rooms, tools) =
        (folder.path().join("course"), folder.path().join("rooms"), folder.path().join("tools"));
    [&course, &rooms, &tools].into_iter().for_each(|folder| fs::create_dir(folder).unwrap());
    self::course(&course);
    // A `git` that writes into the folder it gets, by a child of its own, for ever.
    let git = tools.join("git");
    fs::write(
        &git,
        "#!/bin/sh\nfor last; do :; done\nsh -c \"while mkdir -p '$last'; do sleep 0.01; done\"\n",
    )
    .unwrap();
    fs::set_permissions(&git, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let mut grader = Command::new(env!("CARGO_BIN_EXE_grader"))
        .args(["update", "https://localhost/course.git", "--course"])
        .arg(&course)
        .env("PATH", path)
        .env("TMPDIR", &rooms)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let inside = || {
        fs::read_dir(&rooms).unwrap().flatten().flat_map(|room| fs::read_dir(room.path())).flatten().count()
    };
    wait_until("git was not started", Duration::from_secs(20), || inside() > 0);
    grader.kill().unwrap();
    grader.wait().unwrap();
    let empty = || fs::read_dir(&rooms).unwrap().count() == 0;
    wait_until("a folder outlived its grader", Duration::from_secs(2), empty);
    sleep(Duration::from_millis(50));
    assert!(empty() && running(&rooms).is_empty(), "somebody still writes");
}
