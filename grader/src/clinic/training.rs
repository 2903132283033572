//! Runs the clinic's trainings: builds their program and asks it, a training a call.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result, anyhow, bail};
use protocol::{Answer, Call, Value, Values, decode_answer, encode_call};
use toml::Table;

use super::{cases::Case, data};
use crate::{
    build::{
        compile::{CompilerLimits, Job, compile},
        stage::Stage,
    },
    device::Device,
    events::{Event, Listener},
    paths::Paths,
    process::{Limits, Worker},
    source::tree::Tree,
};

const NAME: &str = "clinic";
const TOPIC: &str = "trainings";
/// A training takes seconds. It is ours, so a limit is met by a machine that is not well.
const LIMITS: Limits = Limits {
    cpu: Duration::from_secs(120),
    wall: Duration::from_secs(120),
    memory: Some(2 << 30),
    disk: None,
    prints: 1 << 20,
    answer: 64 << 20,
};

/// How a training went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Film {
    /// Names as `loss/training`, the picture and the line, each with a number an epoch.
    pub curves: Vec<(String, Vec<f64>)>,
    /// What the histogram counts.
    pub histogram: Vec<f64>,
}

impl Film {
    /// The last number of a curve.
    pub fn last(&self, name: &str) -> Option<f64> {
        self.curves.iter().find(|(known, _)| known == name).and_then(|(_, curve)| curve.last().copied())
    }
}

/// Where patients are trained.
pub struct Ward {
    program: PathBuf,
}

impl Ward {
    /// Builds the trainings. The caller sees to it that no other grader builds meanwhile.
    pub fn open(paths: &Paths, events: &dyn Listener) -> Result<Self> {
        events.hear(Event::Building { what: "the clinic" });
        let tree = Tree::read(&paths.root().join("grader").join(NAME))?;
        let stage = Stage::write_crate(paths, NAME, NAME, &[TOPIC], &tree)?;
        let limits = CompilerLimits::of_environment();
        let (device, topics) = (Device::Cpu, &[TOPIC][..]);
        let compiled = compile(&Job { paths, stage: &stage, topics, device, limits, events });
        events.hear(Event::Finished);
        let mut compiled = compiled?;
        let errors = compiled.errors.iter().map(|error| error.rendered.as_str());
        let errors = errors.collect::<Vec<_>>().join("\n");
        let program = compiled.programs.remove(TOPIC);
        Ok(Self { program: program.ok_or_else(|| anyhow!("the clinic can't be built:\n{errors}"))? })
    }

    /// Trains a patient by these settings.
    pub fn train(&self, case: &Case, settings: &Table) -> Result<Film> {
        let mut args = match case.training.as_str() {
            "noise" => Values::new(),
            _ => data::digits()?,
        };
        for (name, value) in settings {
            args.insert(name.clone(), argument(name, value)?);
        }
        let request = encode_call(1, &Call::own(&case.training, args)).context("failed to encode a call")?;
        let mut worker = Worker::spawn(&self.program, &[], &[], &LIMITS)
            .with_context(|| format!("failed to start `{}`", self.program.display()))?;
        let frame = worker.exchange(&request, &LIMITS);
        let frame = frame.map_err(|death| anyhow!("the training of `{}` ended: {death:?}", case.name))?;
        match decode_answer(&frame).context("the training's answer can't be read")?.1 {
            Answer::Values(values) => Ok(film(values)),
            other => bail!("the training of `{}` failed: {other:?}", case.name),
        }
    }
}

fn argument(name: &str, value: &toml::Value) -> Result<Value> {
    Ok(match value {
        toml::Value::Integer(count) => Value::Count(u64::try_from(*count)?),
        toml::Value::Float(number) => Value::Number(*number),
        toml::Value::Boolean(flag) => Value::Flag(*flag),
        toml::Value::String(text) => Value::Text(text.clone()),
        _ => bail!("the clinic's setting `{name}` is no number, switch or word"),
    })
}

/// Curves as a reader expects them: loss before accuracy, training before test.
fn place(name: &str) -> (bool, usize) {
    let order = ["training", "training images in evaluation", "test"];
    let who = name.split_once('/').map_or(name, |(_, who)| who);
    (!name.starts_with("loss/"), order.iter().position(|known| *known == who).unwrap_or(order.len()))
}

fn film(values: Values) -> Film {
    let mut film = Film::default();
    for (name, value) in values {
        match value {
            Value::Array(array) if name == "histogram" => film.histogram = array.to_f64(),
            Value::Array(array) => film.curves.push((name, array.to_f64())),
            _ => {}
        }
    }
    film.curves.sort_by_key(|(name, _)| place(name));
    film
}
