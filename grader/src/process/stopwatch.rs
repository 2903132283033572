//! What one exchange took: of our own clock, and of the child's processor as the kernel counts it, to the nanosecond.
//!
//! Nothing here is said by the child. What the figures mean is left to the caller.

use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::Pid;

use super::usage::sleeps;

/// Between two looks at a child that should come to rest, and how long it is looked at.
const LOOK: Duration = Duration::from_millis(1);
const UNDECIDED: Duration = Duration::from_secs(1);

/// What one exchange took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// From the last byte of the request to the last byte of the answer.
    pub wall: Duration,
    /// CPU time of all threads of the child from the first byte of the request to the last byte of the answer; `None`
    /// where the system does not tell.
    pub cpu: Option<Duration>,
    /// CPU time that the child used between the answer before and this request.
    pub between: Option<Duration>,
    /// Time before the answer in which no thread of the child wanted a processor, seen at two looks in a row. A machine that is
    /// busy elsewhere keeps an honest child waiting, too, but not asleep. Zero where the system does not tell.
    pub asleep: Duration,
}

/// Times the exchanges of one child, one after the other.
pub(super) struct Stopwatch {
    clock: CpuClock,
    /// CPU time at the end of the exchange before.
    ended: Option<Duration>,
    began: Option<Duration>,
    sent: Option<Instant>,
    /// When we last looked whether the child is asleep, and whether it was.
    looked: Option<(Instant, bool)>,
    asleep: Duration,
    pid: Pid,
    spent: Cost,
}

impl Stopwatch {
    pub fn new(pid: Pid) -> Self {
        Self {
            clock: CpuClock::new(pid),
            ended: None,
            began: None,
            sent: None,
            looked: None,
            asleep: Duration::ZERO,
            pid,
            spent: Cost::default(),
        }
    }

    /// An exchange begins.
    pub fn start(&mut self) {
        (self.began, self.sent) = (self.clock.read(), None);
        (self.looked, self.asleep) = (None, Duration::ZERO);
    }

    /// Bytes were sent, and this many are left.
    pub fn sending(&mut self, left: usize) {
        if left == 0 {
            self.sent.get_or_insert_with(Instant::now);
        }
    }

    /// Nothing of the answer is here yet: how long the child has been seen asleep.
    pub fn waiting(&mut self) -> Duration {
        if self.sent.is_none() {
            return Duration::ZERO;
        }
        let (now, asleep) = (Instant::now(), sleeps(self.pid));
        if let (Some((before, true)), true) = (self.looked, asleep) {
            self.asleep += now - before;
        }
        self.looked = Some((now, asleep));
        self.asleep
    }

    /// Whether some thread wants a processor right now; `false` where the system does not tell.
    pub fn is_awake(&self) -> bool {
        cfg!(target_os = "linux") && !sleeps(self.pid)
    }

    /// Whether the child comes to rest after its answer. `false` once its threads have used `most` CPU time since; `true` where
    /// that can't be said, for the system does not tell or the machine is too busy.
    pub fn comes_to_rest(&self, most: Duration) -> bool {
        let began = Instant::now();
        while !sleeps(self.pid) && began.elapsed() < UNDECIDED {
            match self.clock.read().zip(self.ended) {
                Some((now, ended)) if now.saturating_sub(ended) < most => sleep(LOOK),
                Some(_) => return false,
                None => return true,
            }
        }
        true
    }

    /// The last byte of the answer is here.
    pub fn stop(&mut self) {
        let (wall, now) = (self.sent.map(|sent| sent.elapsed()).unwrap_or_default(), self.clock.read());
        let since = |from: Option<Duration>, to: Option<Duration>| Some(to?.saturating_sub(from?));
        self.spent = Cost {
            wall,
            cpu: since(self.began, now),
            between: since(self.ended, self.began),
            asleep: self.asleep,
        };
        self.ended = now;
    }

    /// What the last exchange took.
    pub fn spent(&self) -> Cost {
        self.spent
    }
}

/// The clock that counts a process's CPU time: all of its threads, those that have ended too.
struct CpuClock(#[cfg(target_os = "linux")] Option<nix::time::ClockId>);

impl CpuClock {
    #[cfg(target_os = "linux")]
    fn new(pid: Pid) -> Self {
        let pid = nix::unistd::Pid::from_raw(pid.as_raw_pid());
        Self(nix::time::clock_getcpuclockid(pid).ok())
    }

    #[cfg(target_os = "linux")]
    fn read(&self) -> Option<Duration> {
        nix::time::clock_gettime(self.0?).ok().map(Duration::from)
    }

    #[cfg(not(target_os = "linux"))]
    fn new(_: Pid) -> Self {
        Self()
    }

    #[cfg(not(target_os = "linux"))]
    fn read(&self) -> Option<Duration> {
        None
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn work_between_two_exchanges_is_told_apart_from_work_within_one() {
        let own = rustix::process::getpid();
        let mut watch = Stopwatch::new(own);
        let busy = |time: Duration| {
            let clock = CpuClock::new(own);
            let began = clock.read().unwrap();
            while clock.read().unwrap() - began < time {}
        };
        let (short, long) = (Duration::from_millis(2), Duration::from_millis(20));
        for (within, between) in [(long, short), (short, long)] {
            watch.start();
            watch.sending(0);
            busy(within);
            watch.stop();
            assert!(watch.spent().cpu.unwrap() >= within && watch.spent().wall > Duration::ZERO);
            busy(between);
            watch.start();
            watch.sending(0);
            watch.stop();
            assert!(watch.spent().between.unwrap() >= between);
        }
    }
}
