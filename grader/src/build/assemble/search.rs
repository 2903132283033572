//! Finds what keeps sources from compiling where the compiler does not say: by taking out more and more until it is over.

use anyhow::{Result, bail};

use super::{
    rounds::Rounds,
    steps::{Extent, Step},
    words::Words,
};
use crate::{
    build::compile::{Compilation, End, Job, compile},
    events::Event,
};

/// Takes out the student's part over which the compiler ended, or that brought up errors which point at none. Returns whether
/// there was one.
///
/// # Errors
/// When the compiler ends without anything of the student's, too.
pub fn take_out(rounds: &mut Rounds, job: &Job, compiled: &Compilation) -> Result<bool> {
    job.events.hear(Event::Searching);
    let search = Search { rounds, job, compiled };
    // What killed it may be over, whoever it was.
    if matches!(compiled.end, Some((End::Killed, _))) && search.is_over_without(&[])? {
        return Ok(true);
    }
    let Some(step) = search.culprit()? else {
        return match &compiled.end {
            Some((end, _)) => bail!("{}", end.machine()),
            None => Ok(false),
        };
    };
    let message = match &compiled.end {
        Some((end, _)) => end.blames(&step.name, job.limits).into(),
        None => compiled.errors.iter().map(Words::of).collect(),
    };
    rounds.take(step, message, compiled.end.is_some());
    Ok(true)
}

struct Search<'a> {
    rounds: &'a Rounds<'a>,
    job: &'a Job<'a>,
    compiled: &'a Compilation,
}

impl Search<'_> {
    fn culprit(&self) -> Result<Option<Step>> {
        let bodies = self.rounds.suspects(Extent::Body);
        let found = culprit(&bodies, |out| self.is_over_without(out))?;
        if found.is_some() || self.compiled.end.is_none() {
            return Ok(found.map(|i| bodies[i].clone()));
        }
        // Without bodies little is left that would miss an item.
        let others = self.rounds.suspects(Extent::Whole);
        let found = culprit(&others, |out| self.is_over_without(&[&bodies, out].concat()))?;
        Ok(found.map(|i| others[i].clone()))
    }

    fn is_over_without(&self, steps: &[Step]) -> Result<bool> {
        self.job.stage.write_sources(&self.rounds.without(steps))?;
        let topics = [self.topic()];
        let compiled = compile(&Job { topics: &topics, limits: self.job.limits.to_search(), ..*self.job })?;
        let said = |message: &str| self.compiled.errors.iter().any(|error| error.message == message);
        Ok(match self.compiled.end {
            Some(_) => compiled.end.is_none(),
            None => !compiled.errors.iter().any(|error| said(&error.message)),
        })
    }

    /// The program that shows it.
    fn topic(&self) -> &str {
        let topics = self.job.topics;
        let target = self.compiled.errors.first().map(|error| error.target.as_str());
        let failed = topics.iter().find(|topic| target == Some(&self.job.stage.program(topic)));
        match &self.compiled.end {
            Some((_, topic)) => topic,
            None => failed.or(topics.first()).copied().unwrap_or_default(),
        }
    }
}

/// The first of `all` without which, and without what comes before it, the trouble is over; `None` where it is not over without
/// all of them. Tries logarithmically many times.
fn culprit<T>(all: &[T], mut is_over: impl FnMut(&[T]) -> Result<bool>) -> Result<Option<usize>> {
    if all.is_empty() || !is_over(all)? {
        return Ok(None);
    }
    let (mut too_few, mut enough) = (0, all.len());
    while enough - too_few > 1 {
        let middle = usize::midpoint(too_few, enough);
        if is_over(&all[..middle])? {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    Ok(Some(enough - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_culprit_is_found_wherever_it_is() {
        for n in 1..20 {
            for guilty in 0..n {
                let all: Vec<usize> = (0..n).collect();
                let mut tries = 0;
                let found = culprit(&all, |out| {
                    tries += 1;
                    Ok(out.contains(&guilty))
                });
                assert_eq!(found.unwrap(), Some(guilty));
                assert!(tries <= 6, "{tries} of {n}");
            }
        }
        assert_eq!(culprit(&[1, 2, 3], |_| Ok(false)).unwrap(), None);
    }
}
