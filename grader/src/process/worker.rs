//! A long-lived child that answers requests, one at a time, within limits.
//!
//! The child's stdin is a socket, used in both directions; its stdout and stderr are captured apart from it.
//! One loop serves all three without blocking on any. A worker that failed once is dead and stays so:
//! starting the next one is left to the caller.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::event::PollFlags;

use super::channel::{Answer, Channel};
use super::clock::Clock;
use super::confine;
use super::death::Death;
use super::group::Group;
use super::pipes::{GRACE, TICK, wait};
use super::prints::{Capture, Prints};
use super::room::Room;
use super::stopwatch::{Cost, Stopwatch};
use super::sweep::sweep;
use super::usage::{CpuMeter, is_runnable, limit};

/// What a child may inherit of our environment: where programs and libraries are, and which GPU is its own.
const INHERITED: [&str; 5] = ["PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES"];

/// How often a room is measured while its worker computes.
const ROUNDS: Duration = Duration::from_millis(100);

/// What one exchange may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// CPU time of all threads, from the request on.
    pub cpu: Duration,
    /// Time on the wall in which no CPU time is used at all, nor wanted; ten times as much in all, from the request on. A busy
    /// machine slows an honest child down without making it idle. Also the time that all its threads may be seen asleep.
    pub wall: Duration,
    /// Bytes of data, for the whole life of the worker; looked at when it starts.
    pub memory: Option<u64>,
    /// Bytes of a file that it writes, looked at when it starts, and of all that lies in its working directory.
    pub disk: Option<u64>,
    /// Bytes printed since the prints were last taken.
    pub prints: u64,
    /// Bytes of an answer's payload.
    pub answer: usize,
}

/// A running child. Dropping it ends it, its process group and its orphans, and removes its working directory.
///
/// It must be started by a thread that lives longer: a child that asked to die with its parent
/// (PR_SET_PDEATHSIG) dies with the thread that started it.
pub struct Worker {
    group: Group,
    channel: Channel,
    capture: Capture,
    cpu: CpuMeter,
    stopwatch: Stopwatch,
    /// How long to wait for something to happen before looking after the child.
    tick: Duration,
    death: Option<Death>,
    /// Bytes of a file that the kernel lets it write.
    disk: Option<u64>,
    room: Room,
}

impl Worker {
    /// Starts `program` in an empty folder of its own, which is also its place for temporary files, with `env` beside the
    /// little that is inherited.
    pub fn spawn(
        program: &Path,
        args: &[String],
        env: &[(&str, &str)],
        limits: &Limits,
    ) -> io::Result<Worker> {
        let (room, mut ours) = (Room::new()?, None);
        let mut group = Group::start(|| {
            let (end, childs) = UnixStream::pair()?;
            ours = Some(end);
            // A relative name would be looked up in either directory, depending on the system.
            let mut command = confine::worker(&std::path::absolute(program)?, room.path());
            command.args(args).current_dir(room.path()).env_clear();
            command.envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
            command.env("TMPDIR", room.path()).env("RUST_BACKTRACE", "0").envs(env.iter().copied());
            command.stdin(OwnedFd::from(childs)).stdout(Stdio::piped()).stderr(Stdio::piped());
            Ok(command)
        })?;
        limit(group.pid(), limits.memory, limits.disk)?;
        let missing = || io::Error::other("a piped stream of the worker is missing");
        let stdout = group.child().stdout.take().ok_or_else(missing)?;
        let stderr = group.child().stderr.take().ok_or_else(missing)?;
        Ok(Worker {
            channel: Channel::new(ours.ok_or_else(missing)?)?,
            capture: Capture::new(stdout, stderr)?,
            cpu: CpuMeter::new(group.pid()),
            stopwatch: Stopwatch::new(group.pid()),
            tick: TICK,
            group,
            death: None,
            disk: limits.disk,
            room,
        })
    }

    /// The process id, for messages.
    pub fn id(&self) -> u32 {
        self.group.pid().as_raw_pid().unsigned_abs()
    }

    /// Sends a whole frame and returns the whole frame that answers it, whatever its nonce and payload. After
    /// a failure the worker is dead, and every later exchange fails in the same way.
    pub fn exchange(&mut self, request: &[u8], limits: &Limits) -> Result<Vec<u8>, Death> {
        self.exchange_heard(request, limits, &mut |_| ())
    }

    /// As [`Worker::exchange`]; `heard` is told the lines that were printed whenever there are new ones, several at once where they came at once.
    pub fn exchange_heard(
        &mut self,
        request: &[u8],
        limits: &Limits,
        heard: &mut dyn FnMut(&str),
    ) -> Result<Vec<u8>, Death> {
        if let Some(death) = &self.death {
            return Err(death.clone());
        }
        self.converse(request, limits, heard).map_err(|end| {
            let death = self.bury(end);
            self.death = Some(death.clone());
            death
        })
    }

    /// Looks after the child ten times as often from now on, for [`Cost::asleep`].
    pub fn watch_closely(&mut self) {
        self.tick = TICK / 10;
    }

    /// What the last exchange took, if it gave an answer.
    pub fn spent(&self) -> Cost {
        self.stopwatch.spent()
    }

    /// Whether some thread wants a processor right now, after the answer.
    pub fn is_awake(&self) -> bool {
        self.stopwatch.is_awake()
    }

    /// Whether the child comes to rest after its answer, before it has used `most` CPU time more.
    pub fn comes_to_rest(&self, most: Duration) -> bool {
        self.stopwatch.comes_to_rest(most)
    }

    /// What was printed since this was last asked.
    pub fn take_prints(&mut self) -> Prints {
        self.capture.read();
        self.capture.take()
    }

    /// Kills the process group, reaps the child and sweeps up orphans, as dropping does.
    pub fn stop(self) {}

    fn converse(
        &mut self,
        request: &[u8],
        limits: &Limits,
        heard: &mut dyn FnMut(&str),
    ) -> Result<Vec<u8>, End> {
        let (mut unsent, mut answer) = (request, Answer::new(limits.answer));
        self.channel.receive(&mut answer)?;
        if !answer.is_empty() {
            return Err(bad_frame("it came without a request"));
        }
        let mut clock = Clock::start(&self.cpu, limits);
        let mut measured = Instant::now();
        self.stopwatch.start();
        loop {
            // Answers before reading: what an exited child wrote is all there to be read.
            let exited = self.group.exited();
            self.channel.send(&mut unsent);
            self.stopwatch.sending(unsent.len());
            let complete = self.channel.receive(&mut answer)?;
            let before = self.capture.printed();
            self.capture.read();
            if self.capture.printed() > before {
                self.capture.new_lines().iter().for_each(|lines| heard(lines));
            }
            if self.capture.printed() > limits.prints {
                return Err(Death::PrintLimit { limit: limits.prints }.into());
            }
            if complete && !unsent.is_empty() {
                return Err(bad_frame("it came before the request had been read"));
            }
            if complete {
                self.stopwatch.stop();
                self.check_room(limits)?;
                return Ok(answer.into_bytes());
            }
            if exited {
                return Err(End::Exit);
            }
            if self.channel.closed_for().is_some_and(|time| time > GRACE) {
                return Err(bad_frame("the channel was closed without one"));
            }
            clock.check(|| is_runnable(self.group.pid()))?;
            if measured.elapsed() > ROUNDS {
                self.check_room(limits)?;
                measured = Instant::now();
            }
            if answer.is_empty() && self.stopwatch.waiting() > limits.wall {
                return Err(Death::WallLimit { limit: limits.wall }.into());
            }
            self.wait(!unsent.is_empty());
        }
    }

    fn check_room(&self, limits: &Limits) -> Result<(), Death> {
        match limits.disk {
            Some(limit) if self.room.holds_more_than(limit) => Err(Death::DiskLimit { limit }),
            _ => Ok(()),
        }
    }

    fn wait(&self, sending: bool) {
        let [stdout, stderr] = self.capture.fds().map(|fd| (fd, PollFlags::IN));
        let exit = (self.group.exit(), PollFlags::IN);
        wait([self.channel.interest(sending), stdout, stderr, exit], self.tick);
    }

    fn bury(&mut self, end: End) -> Death {
        let status = self.group.end();
        self.capture.read_last();
        match (end, status) {
            (End::Fault(death), _) => death,
            (End::Exit, Ok(status)) => Death::of(status, &self.capture.complaint(), self.disk),
            (End::Exit, Err(error)) => Death::BadFrame(format!("it exited, and how is unknown: {error}")),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        _ = self.group.end();
        sweep();
    }
}

/// Why a conversation ended: an exit is understood only after the burial, when all was read.
enum End {
    Exit,
    Fault(Death),
}

impl From<Death> for End {
    fn from(death: Death) -> End {
        End::Fault(death)
    }
}

fn bad_frame(reason: &str) -> End {
    End::Fault(Death::BadFrame(reason.into()))
}
