//! Puts cases to programs and hears what comes of them. What a verdict is made of that is `examine`'s.

use std::{
    panic::resume_unwind,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use anyhow::Result;
use hidden::Case;

use crate::{
    examine::probe::Probe,
    judge::{Outcome, judge},
    messages::endings,
    verdict::{Fault, Kind},
};

/// What came of a case: outcomes, what is wrong with them, what was printed.
pub type Trial = (Vec<Outcome>, Option<Fault>, Option<String>);

/// Puts `case` to `probe` and has its answers judged.
pub fn hear(case: &Case, probe: &mut Probe) -> Result<Trial> {
    let (mut outcomes, mut prints) = probe.ask(case)?;
    let mut fault = judge(case, &outcomes);
    let stalled = |fault: &&mut Fault| fault.kind == Kind::Stalled;
    // A machine that is busy elsewhere looks like a student's deadlock: it gets a second chance.
    if fault.as_mut().filter(stalled).is_some() && !probe.is_given_up() {
        (outcomes, prints) = probe.ask(case)?;
        fault = judge(case, &outcomes);
        fault.as_mut().filter(stalled).iter_mut().for_each(|fault| fault.message += endings::TWICE);
    }
    Ok((outcomes, fault, prints))
}

/// What came of `cases`, of which a second program answers every second one meanwhile: long trainings fill no two
/// processors. Which one answers a case is the same on every machine.
pub fn in_halves<'p>(
    cases: &[Case],
    probe: &mut Probe,
    start: impl Fn() -> Probe<'p> + Sync,
    to_failure: bool,
) -> Result<(Vec<(usize, Trial)>, bool)> {
    let has_failed = AtomicBool::new(false);
    let half = |first, probe: &mut Probe| {
        let mut all = Vec::new();
        for (i, case) in cases.iter().enumerate().skip(first).step_by(2) {
            if to_failure && has_failed.load(Ordering::Relaxed) {
                break;
            }
            let heard = hear(case, probe)?;
            has_failed.fetch_or(heard.1.is_some(), Ordering::Relaxed);
            all.push((i, heard));
        }
        Ok::<_, anyhow::Error>((all, probe.is_restless()))
    };
    let (even, odd) = thread::scope(|scope| {
        let odd = scope.spawn(|| half(1, &mut start()));
        (half(0, probe), odd.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    let ((mut heard, one), (odd, other)) = (even?, odd?);
    heard.extend(odd);
    heard.sort_by_key(|(i, _)| *i);
    Ok((heard, one || other))
}
