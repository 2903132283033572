//! One training, for its losses and the time that it takes. Whether the losses are right is no matter here.

use std::time::Duration;

use anyhow::Result;
use hidden::{Case, sized::mine::Training};
use protocol::{Answer, Call};

use crate::{
    examine::{Examinee, probe::Probe},
    judge::{Outcome, as_array, judge},
    verdict::Run,
};

/// Makes the training's call, and takes the losses out of its answer. `heard` is told what is printed meanwhile.
pub fn train(examinee: Examinee, training: &Training, heard: &mut dyn FnMut(&str)) -> Result<Run> {
    let (outcome, cost) = Probe::new(examinee).with_patience(heard).time(&training.call)?;
    // Of all threads, as benches count: the clock on the wall counts what else the machine does, too.
    let time = cost.map_or(Duration::ZERO, |cost| cost.cpu.unwrap_or(cost.wall));
    let output = training.losses;
    let losses = match outcome {
        Outcome::Answered(Answer::Values(values)) => {
            let losses = values.get(output).and_then(as_array);
            losses.map(|losses| losses.to_f64()).ok_or_else(|| format!("it returned no `{output}`"))
        }
        Outcome::Answered(Answer::Refused(message)) => Err(format!("it returned `Err`: {message}")),
        ended => Err(why(&training.call, ended)),
    };
    Ok(Run { losses, time })
}

/// What ended a program, as the judge says it.
fn why(call: &Call, ended: Outcome) -> String {
    let (calls, about) = (vec![call.clone()], "a training".to_owned());
    let case = Case { about, calls, checks: Vec::new(), shows: Vec::new() };
    judge(&case, &[ended]).map(|fault| fault.message).unwrap_or_default()
}
