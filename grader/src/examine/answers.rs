//! A program's answers to the cases that misconceptions are recognised by, asked for one by one: a case that nobody needs is
//! never put, and a real training among them can take half a minute.

use std::collections::BTreeMap;

use anyhow::Result;
use hidden::Case;

use crate::{
    examine::{
        diagnose::{Checks, Record, Tally},
        probe::Probe,
    },
    judge::{Outcome, agree, find_fault, is_strong, judge, measure},
    verdict::Reading,
};

/// The answers that are known so far, and who gives the others.
pub struct Answers<'p, 'c> {
    probe: Option<Probe<'p>>,
    cases: &'c [Case],
    known: Vec<Option<Vec<Outcome>>>,
}

impl<'p, 'c> Answers<'p, 'c> {
    /// Nothing has been asked yet.
    pub fn new(probe: Probe<'p>, cases: &'c [Case]) -> Self {
        Self { probe: Some(probe), cases, known: cases.iter().map(|_| None).collect() }
    }

    /// The answers to all cases, without the program: it may end.
    pub fn all(mut self) -> Result<Answers<'static, 'c>> {
        for c in 0..self.cases.len() {
            self.outcomes(c)?;
        }
        Ok(Answers { probe: None, cases: self.cases, known: self.known })
    }

    /// Answers that are there already, all of them.
    #[cfg(test)]
    pub fn given(cases: &'c [Case], known: Vec<Vec<Outcome>>) -> Answers<'static, 'c> {
        Answers { probe: None, cases, known: known.into_iter().map(Some).collect() }
    }

    /// What check `k` of case `c` measures of the answers, if it fails; nothing if there is no such check.
    pub fn failing(&mut self, c: usize, k: usize) -> Result<Option<Reading>> {
        let Some((case, check)) = self.cases.get(c).and_then(|case| Some((case, case.checks.get(k)?))) else {
            return Ok(None);
        };
        let outcomes = self.outcomes(c)?;
        Ok(find_fault(case, check, outcomes).map(|_| measure(check, outcomes)))
    }

    /// Whether check `k` of case `c` fails and measures what was `recorded`, within its own tolerance.
    pub fn agrees(&mut self, c: usize, k: usize, recorded: &Reading) -> Result<bool> {
        let reading = self.failing(c, k)?;
        Ok(reading.is_some_and(|reading| agree(&self.cases[c].checks[k], &reading, recorded)))
    }

    /// Whether any case finds fault.
    pub fn is_at_fault(&mut self) -> Result<bool> {
        for (c, case) in self.cases.iter().enumerate() {
            if judge(case, self.outcomes(c)?).is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The cases that are asked.
    pub fn cases(&self) -> &'c [Case] {
        self.cases
    }

    /// How many checks they have in all.
    pub fn checks(&self) -> usize {
        self.cases.iter().map(|case| case.checks.len()).sum()
    }

    /// The outcomes of the cases that fail, by their numbers; all cases are asked.
    pub fn failures(&mut self) -> Result<BTreeMap<usize, Vec<Outcome>>> {
        let mut failures = BTreeMap::new();
        for (c, case) in self.cases.iter().enumerate() {
            let outcomes = self.outcomes(c)?;
            if judge(case, outcomes).is_some() {
                failures.insert(c, outcomes.to_vec());
            }
        }
        Ok(failures)
    }

    /// The record of a misconception called `name`, whose answers these are.
    pub fn record(&mut self, name: &str, says: &str) -> Result<Record> {
        let mut marked = Tally { failing: Vec::new(), fails: Checks::default(), passes: Checks::default() };
        for (c, case) in self.cases.iter().enumerate() {
            // A program that died too often is not asked any more; who is asked for other cases only gets further.
            let is_run = !self.outcomes(c)?.contains(&Outcome::NotRun);
            for (k, check) in case.checks.iter().enumerate() {
                let reading = if is_run { self.failing(c, k)? } else { None };
                marked.fails.push(reading.is_some());
                marked.passes.push(is_run && reading.is_none());
                marked.failing.extend(reading.map(|reading| {
                    let is_strong = is_strong(check, &reading);
                    (c, k, reading, is_strong)
                }));
            }
        }
        Ok(Record::of(name, says, marked))
    }

    fn outcomes(&mut self, c: usize) -> Result<&[Outcome]> {
        let known = &mut self.known[c];
        if let (None, Some(probe)) = (&known, &mut self.probe) {
            *known = Some(probe.ask(&self.cases[c])?.0);
        }
        Ok(known.as_deref().unwrap_or_default())
    }
}
