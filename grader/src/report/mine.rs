//! A capstone's training on the given layers and on a student's own, in words: whose layers they were, whether the losses agree,
//! what the speed costs.

use std::{fmt::Write, time::Duration};

use serde_json::{Value, json};
use textwrap::{Options, fill};

use super::Style;
use crate::{
    clean::clean,
    verdict::{Agreement, Layers, Run, Twins},
};

/// Columns of prose.
const WIDTH: usize = 96;
/// Losses that are shown: the first and the last are among them.
const SHOWN: usize = 8;

/// What came of it, in lines.
pub fn mine(style: Style, twins: &Twins, program: &str) -> String {
    let mut text = format!("{} · on your own layers\n\n", style.strong(&twins.id));
    text += &prose(&format!("Yours: {}.", twins.layers.own.join(", ")));
    text += &missing(&twins.layers);
    for (whose, run) in [("the given", &twins.given), ("your", &twins.mine)] {
        if let Err(why) = &run.losses {
            text +=
                &format!("\n{}{}\n", prose(&format!("On {whose} layers the training ended:")), clean(why));
        }
    }
    if let (Some(agreement), Ok(given), Ok(own)) = (&twins.agreement, &twins.given.losses, &twins.mine.losses)
    {
        text += &format!("\n{}\n", verdict(style, twins, agreement, (given, own)));
        text += &table(twins.unit, given, own, agreement.parts_at);
        text += &speed(twins.given.time, twins.mine.time);
    }
    for id in &twins.layers.wrong {
        let command = style.command(&format!("{program} run {id}"));
        text += &format!("\n  By its own cases {id} is wrong; look there first: {command}\n");
    }
    text
}

/// Why a capstone was not trained on anybody's own layers.
pub fn not_mine(layers: &Layers) -> String {
    let all = layers.missing.join(", ");
    prose(&format!(
        "None of the layers that it is made of is yours yet, so there is nothing to compare: {all}."
    ))
}

/// What there is for other programs.
pub fn mine_json(twins: &Twins) -> Value {
    let run = |run: &Run| json!({ "losses": run.losses.as_ref().ok(), "ended": run.losses.as_ref().err(), "seconds": run.time.as_secs_f64() });
    json!({
        "id": twins.id,
        "layers": { "own": twins.layers.own, "wrong": twins.layers.wrong, "missing": twins.layers.missing },
        "unit": twins.unit,
        "allowed": twins.allowed,
        "given": run(&twins.given),
        "mine": run(&twins.mine),
        "agree": twins.agreement.as_ref().is_some_and(|agreement| agreement.parts_at.is_none()),
        "largest": twins.agreement.as_ref().map(|agreement| agreement.largest),
        "parts_at": twins.agreement.as_ref().and_then(|agreement| agreement.parts_at),
    })
}

fn missing(layers: &Layers) -> String {
    let stands = if layers.missing.len() == 1 { "stands" } else { "stand" };
    match layers.missing.join(", ") {
        none if none.is_empty() => none,
        names => prose(&format!("Not solved yet, so that the toolkit's {stands} in: {names}.")),
    }
}

fn verdict(style: Style, twins: &Twins, agreement: &Agreement, (given, own): (&[f64], &[f64])) -> String {
    let (unit, allowed) = (twins.unit, twins.allowed);
    match agreement.parts_at {
        None => style.good(&format!(
            "  The losses of all {} {unit}s agree: at most {:.1e} apart, as a part of the loss; {allowed:.0e} is allowed.",
            given.len(),
            agreement.largest
        )),
        Some(at) => {
            let loss = |losses: &[f64]| losses.get(at).map_or("none".to_owned(), |loss| format!("{loss:.6}"));
            let says = format!(
                "  The losses first differ at {unit} {}: {} on the given layers, {} on yours.",
                at + 1,
                loss(given),
                loss(own)
            );
            style.bad(&says)
        }
    }
}

/// Some of the losses side by side, that at which they part among them.
fn table(unit: &str, given: &[f64], own: &[f64], parts_at: Option<usize>) -> String {
    let longest = given.len().max(own.len());
    let mut text = format!("\n  {unit:>8} {:>14} {:>14}\n", "given layers", "your layers");
    let evenly = (0..SHOWN.min(longest)).map(|i| i * (longest - 1) / (SHOWN.min(longest) - 1).max(1));
    let mut rows: Vec<usize> = evenly.chain(parts_at.filter(|&at| at < longest)).collect();
    rows.sort_unstable();
    rows.dedup();
    let number =
        |losses: &[f64], i: usize| losses.get(i).map_or("–".to_owned(), |loss| format!("{loss:.6}"));
    for i in rows {
        let mark = if parts_at == Some(i) { "  ← here they part" } else { "" };
        _ = writeln!(text, "  {:>8} {:>14} {:>14}{mark}", i + 1, number(given, i), number(own, i));
    }
    text
}

fn speed(given: Duration, own: Duration) -> String {
    let (given, own) = (given.as_secs_f64(), own.as_secs_f64());
    let ratio = own / given.max(1e-6);
    format!("\n  {:>8} {given:>12.2} s {own:>12.2} s   yours take {ratio:.1} times as long\n", "CPU time")
}

/// Prose, two columns in.
fn prose(text: &str) -> String {
    fill(text, Options::new(WIDTH).initial_indent("  ").subsequent_indent("  ")) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::losses::compare;

    fn twins(given: &[f64], own: &[f64]) -> Twins {
        let run =
            |losses: &[f64], time| Run { losses: Ok(losses.to_vec()), time: Duration::from_millis(time) };
        Twins {
            id: "convnets/mnist_cnn".to_owned(),
            layers: Layers { own: vec!["tricks/relu".to_owned()], ..Layers::default() },
            unit: "step",
            allowed: 1e-3,
            given: run(given, 500),
            mine: run(own, 6000),
            agreement: Some(compare(given, own, 1e-3)),
        }
    }

    #[test]
    fn losses_that_agree_are_said_to_with_the_price() {
        let text = mine(Style { colour: false }, &twins(&[2.0, 1.0], &[2.0, 1.0001]), "grader");
        assert!(text.contains("The losses of all 2 steps agree: at most 1.0e-4 apart"), "{text}");
        assert!(text.contains("yours take 12.0 times as long"), "{text}");
    }

    #[test]
    fn the_first_loss_that_differs_is_named_and_the_layer_that_is_wrong() {
        let mut twins = twins(&[2.0, 1.0, 0.5], &[2.0, 1.1, 0.7]);
        twins.layers.wrong = vec!["tricks/relu".to_owned()];
        let text = mine(Style { colour: false }, &twins, "grader");
        assert!(
            text.contains("first differ at step 2: 1.000000 on the given layers, 1.100000 on yours"),
            "{text}"
        );
        assert!(text.contains("here they part") && text.contains("grader run tricks/relu"), "{text}");
    }

    #[test]
    fn what_is_missing_is_named_in_one_sentence() {
        let mut twins = twins(&[2.0], &[2.0]);
        twins.layers.missing = vec!["special_layers/dense".to_owned()];
        let text = mine(Style { colour: false }, &twins, "grader");
        assert!(
            text.contains("Not solved yet, so that the toolkit's stands in: special_layers/dense."),
            "{text}"
        );
        twins.layers.own.clear();
        assert!(not_mine(&twins.layers).contains("nothing to compare"));
    }
}
