//! Capstones on a student's own layers: the same training is made twice, and its losses are compared here, outside of both
//! programs. Which layers are whose, verdicts say; words are `report`'s.

use anyhow::{Context, Result, bail, ensure};
use hidden::sized::mine::training;
use serde_json::json;

use super::{PROGRAM, Session};
use crate::{
    course::Exercise,
    device::Device,
    events::Event,
    examine::{Examinee, training::train},
    exit::Exit,
    grade::{Grader, Options},
    judge::losses::compare,
    report::{mine as twins_in_words, mine_json, not_mine, put, put_json},
    verdict::{Kind, Layers, Marks, Twins, Verdict},
};

/// Trains the named capstones on the given layers and on the student's own, and shows how far they agree.
pub fn mine(session: &Session, ids: &[String], seed: Option<u64>, device: Device) -> Result<Exit> {
    ensure!(
        device == Device::Cpu,
        "`--mine` compares on the processor, where the given layers have programs of their own"
    );
    let capstones = selected(session, ids)?;
    let grader = Grader::new(session.course, session.events)?;
    let mut wanted = capstones.clone();
    for capstone in &capstones {
        wanted.extend(layers_of(session, capstone)?);
    }
    let graded = grader.grade_lectures(&wanted, &Options::default())?;
    let mut found = Vec::new();
    for capstone in capstones {
        let id = capstone.full_id();
        if !graded.is_passed(&id) {
            session.say(&format!("{id}: solve it first: {PROGRAM} run {id}"));
            continue;
        }
        let (own, layers) = whose(&layers_of(session, capstone)?, &graded);
        if own.is_empty() {
            session.say(&format!("{id}\n{}", not_mine(&layers)));
            continue;
        }
        let twins = trained(&grader, capstone, (&own, layers), seed.unwrap_or(1))?;
        if !session.common.json {
            put!("{}\n", twins_in_words(session.style, &twins, PROGRAM));
        }
        found.push(mine_json(&twins));
    }
    if session.common.json {
        put_json(&json!({ "format": 1, "mine": found }));
    }
    Ok(Exit::Done)
}

/// The exercises that `ids` name, as far as they are capstones whose layers a student wrote.
fn selected<'c>(session: &'c Session<'c>, ids: &[String]) -> Result<Vec<&'c Exercise>> {
    let named = session.selected(ids)?;
    let capstones: Vec<&Exercise> = named.into_iter().filter(|exercise| !exercise.mine.is_empty()).collect();
    if capstones.is_empty() {
        let all = session.course.exercises().filter(|exercise| !exercise.mine.is_empty());
        let all: Vec<String> = all.map(Exercise::full_id).collect();
        bail!("`{}` is not trained on layers that you wrote; these are: {}", ids.join(" "), all.join(", "));
    }
    Ok(capstones)
}

fn layers_of<'c>(session: &'c Session<'c>, capstone: &Exercise) -> Result<Vec<&'c Exercise>> {
    let layer =
        |id: &String| session.course.exercise(id).with_context(|| format!("there is no exercise `{id}`"));
    capstone.mine.iter().map(layer).collect()
}

/// Those of `layers` that can be trained on: what is written and runs, right or wrong; and all of them by name.
fn whose<'c>(layers: &[&'c Exercise], graded: &Marks) -> (Vec<&'c Exercise>, Layers) {
    let (mut own, mut names) = (Vec::new(), Layers::default());
    for &layer in layers {
        let id = layer.full_id();
        match graded.verdicts.get(&id) {
            Some(Verdict::Passed { .. }) => {}
            Some(Verdict::Failed(failure)) if matches!(failure.kind, Kind::Wrong | Kind::Snapshot) => {
                names.wrong.push(id.clone())
            }
            _ => {
                names.missing.push(id);
                continue;
            }
        }
        names.own.push(id);
        own.push(layer);
    }
    (own, names)
}

/// Trains `capstone` twice.
fn trained(
    grader: &Grader,
    capstone: &Exercise,
    (own, layers): (&[&Exercise], Layers),
    seed: u64,
) -> Result<Twins> {
    let id = capstone.full_id();
    let drawn = training(&capstone.chapter, &capstone.id, seed);
    let drawn = drawn.with_context(|| format!("there is no training of `{id}` to compare"))?;
    let drawn = drawn.context("the data of the training")?;
    let (given, mine) = grader.programs_to_compare(capstone, own)?;
    let run = |program, pass| {
        grader.events.hear(Event::Timing { exercise: &id, pass });
        let mut heard = |line: &str| grader.events.hear(Event::Printed { exercise: &id, line });
        let run = train(Examinee { exercise: capstone, program, device: Device::Cpu }, &drawn, &mut heard);
        grader.events.hear(Event::Finished);
        run
    };
    let (given, mine) = (run(&given, "on the given layers")?, run(&mine, "on your own")?);
    let agreement = match (&given.losses, &mine.losses) {
        (Ok(first), Ok(second)) => Some(compare(first, second, drawn.allowed)),
        _ => None,
    };
    let (unit, allowed) = (drawn.unit, drawn.allowed);
    Ok(Twins { id: capstone.full_id(), layers, unit, allowed, given, mine, agreement })
}
