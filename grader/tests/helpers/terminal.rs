//! A terminal with a grader in it, for tests of what is asked there.

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{Read, Write},
    os::unix::ffi::OsStrExt,
    process::{Child, Command, Stdio},
};

use rustix::{
    process::{Pid, Signal, kill_process},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcgetattr, tcsetwinsize},
};

/// A grader whose terminal this is.
pub struct Terminal {
    ours: File,
    shown: String,
    grader: Child,
    /// How it was before.
    before: String,
}

impl Terminal {
    /// One that does not say how large it is.
    pub fn of(command: Command) -> Self {
        Self::sized(command, (0, 0))
    }

    /// One of so many columns and rows.
    pub fn sized(mut command: Command, (columns, rows): (u16, u16)) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let theirs =
            OpenOptions::new().read(true).write(true).open(OsStr::from_bytes(name.as_bytes())).unwrap();
        let size = Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&theirs, size).unwrap();
        let end = || Stdio::from(theirs.try_clone().unwrap());
        if command.get_envs().all(|(name, _)| name != "CI") {
            command.env_remove("CI");
        }
        if command.get_envs().all(|(name, _)| name != "TERM") {
            command.env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8");
        }
        let before = format!("{:?}", tcgetattr(&theirs).unwrap());
        let grader = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        Self { ours: ours.into(), shown: String::new(), grader, before }
    }

    /// Waits until `text` is shown `times` times, then types.
    pub fn answer(&mut self, text: &str, times: usize, typed: &str) {
        while self.shown.matches(text).count() < times {
            assert!(self.read(), "it ended without `{text}`: {}", self.shown);
        }
        self.ours.write_all(typed.as_bytes()).unwrap();
    }

    /// Reads what there is; false when the terminal is closed.
    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let read = self.ours.read(&mut bytes).unwrap_or_default();
        self.shown += &String::from_utf8_lossy(&bytes[..read]);
        read > 0
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.grader), signal).unwrap();
    }

    /// The grader that runs in it.
    pub fn pid(&self) -> u32 {
        self.grader.id()
    }

    /// What it has shown in the end, and its exit code. However it ended, keys, echo and lines are as they were.
    #[track_caller]
    pub fn end(mut self) -> (String, Option<i32>) {
        while self.read() {}
        let code = self.grader.wait().unwrap().code();
        assert_eq!(format!("{:?}", tcgetattr(&self.ours).unwrap()), self.before, "{:?}", self.shown);
        (self.shown, code)
    }
}
