//! The limits of one exchange in time: CPU time, time without any, time in all. What is done about a limit is the worker's.
//!
//! Time in which a child wants a processor and gets none is the machine's, not the child's: it counts for nothing.

use std::time::{Duration, Instant};

use super::death::Death;
use super::pipes::TICK;
use super::usage::CpuMeter;
use super::worker::Limits;

/// How often the wall limit fits into the longest exchange.
const PATIENCE: u32 = 10;

/// The clocks of one exchange.
pub(super) struct Clock<'a> {
    meter: &'a CpuMeter,
    before: Option<Duration>,
    used: Duration,
    began: Instant,
    /// When CPU time was last seen to grow.
    busy: Instant,
    checked: Instant,
    /// Time in which it wanted a processor and got none.
    starved: Duration,
    limits: Limits,
}

impl Clock<'_> {
    pub fn start<'a>(meter: &'a CpuMeter, limits: &Limits) -> Clock<'a> {
        let now = Instant::now();
        let before = meter.read();
        let (used, starved) = (Duration::ZERO, Duration::ZERO);
        Clock { meter, before, used, began: now, busy: now, checked: now, starved, limits: *limits }
    }

    /// Whether the exchange may go on; `is_runnable` says whether some thread of the child wants a processor.
    pub fn check(&mut self, is_runnable: impl FnOnce() -> bool) -> Result<(), Death> {
        let now = Instant::now();
        if now - self.checked < TICK {
            return Ok(());
        }
        let Limits { wall, .. } = self.limits;
        let Some((read, before)) = self.meter.read().zip(self.before) else {
            // Nobody can tell a loop from a sleep here; the loop is by far the likelier.
            return if now - self.began < wall { Ok(()) } else { Err(Death::CpuLimit { limit: wall }) };
        };
        let used = read.saturating_sub(before);
        let is_starved = used <= self.used && is_runnable();
        self.note(now, used, is_starved)
    }

    fn note(&mut self, now: Instant, used: Duration, is_starved: bool) -> Result<(), Death> {
        let Limits { cpu, wall, .. } = self.limits;
        if used > self.used {
            (self.used, self.busy) = (used, now);
        } else if is_starved {
            let passed = now - self.checked;
            (self.starved, self.busy) = (self.starved + passed, self.busy + passed);
        }
        self.checked = now;
        if used >= cpu {
            Err(Death::CpuLimit { limit: cpu })
        } else if now - self.busy >= wall || now - self.began >= wall * PATIENCE + self.starved {
            Err(Death::WallLimit { limit: wall })
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gets_no_processor_is_not_asleep() {
        let second = Duration::from_secs(1);
        let limits = Limits { cpu: second, wall: second, memory: None, disk: None, prints: 0, answer: 0 };
        let meter = CpuMeter::new(rustix::process::getpid());
        let after = |is_starved: bool, seconds: u32| {
            let mut clock = Clock::start(&meter, &limits);
            let began = clock.began;
            (1..=4 * seconds).try_for_each(|i| clock.note(began + second / 4 * i, Duration::ZERO, is_starved))
        };
        assert!(after(true, 100).is_ok());
        assert!(matches!(after(false, 2), Err(Death::WallLimit { .. })));
    }
}
