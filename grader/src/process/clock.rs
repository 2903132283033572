//! The limits of one exchange in time: CPU time, time without any, time in all. What is done about a limit is the worker's.

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
    limits: Limits,
}

impl Clock<'_> {
    pub fn start<'a>(meter: &'a CpuMeter, limits: &Limits) -> Clock<'a> {
        let now = Instant::now();
        let before = meter.read();
        Clock { meter, before, used: Duration::ZERO, began: now, busy: now, checked: now, limits: *limits }
    }

    /// Whether the exchange may go on.
    pub fn check(&mut self) -> Result<(), Death> {
        let now = Instant::now();
        if now - self.checked < TICK {
            return Ok(());
        }
        self.checked = now;
        let Limits { cpu, wall, .. } = self.limits;
        let Some((read, before)) = self.meter.read().zip(self.before) else {
            // Nobody can tell a loop from a sleep here; the loop is by far the likelier.
            return if now - self.began < wall { Ok(()) } else { Err(Death::CpuLimit { limit: wall }) };
        };
        let used = read.saturating_sub(before);
        if used > self.used {
            (self.used, self.busy) = (used, now);
        }
        if used >= cpu {
            Err(Death::CpuLimit { limit: cpu })
        } else if now - self.busy >= wall || now - self.began >= wall * PATIENCE {
            Err(Death::WallLimit { limit: wall })
        } else {
            Ok(())
        }
    }
}
