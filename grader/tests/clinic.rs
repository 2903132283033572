//! The clinic's patients: what is said of each is held to its curves, every wrong choice has a sentence of its own, and the command
//! shows, hears and remembers.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

#[allow(dead_code, reason = "each test program uses its part")]
#[path = "helpers/terminal.rs"]
mod terminal;

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use grader::{
    clinic::{Case, Clinic, Film, Ward},
    course::Course,
    events::Silence,
    grade::Grader,
    paths::Paths,
};
use terminal::Terminal;

/// Films of a patient: as it is, and after each treatment.
struct Seen<'a> {
    case: &'a Case,
    broken: Film,
    treated: Vec<Film>,
}

impl Seen<'_> {
    fn mended(&self) -> &Film {
        &self.treated[self.case.mends.iter().position(|mend| mend.right).unwrap()]
    }
}

fn paths() -> Paths {
    Paths::new(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
}

fn curve<'f>(film: &'f Film, name: &str) -> &'f [f64] {
    &film.curves.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no `{name}`")).1
}

fn first(film: &Film, name: &str) -> f64 {
    curve(film, name)[0]
}

fn last(film: &Film, name: &str) -> f64 {
    film.last(name).unwrap_or_else(|| panic!("no `{name}`"))
}

/// How widely the histogram's numbers are spread.
fn deviation(film: &Film) -> f64 {
    let n = film.histogram.len() as f64;
    let mean = film.histogram.iter().sum::<f64>() / n;
    (film.histogram.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt()
}

fn largest(film: &Film) -> f64 {
    film.histogram.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()))
}

#[test]
fn every_choice_and_every_mend_has_a_sentence_of_its_own() {
    let clinic = Clinic::load(&paths()).unwrap();
    assert_eq!(clinic.cases.len(), 10);
    let names: BTreeSet<&str> = clinic.cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), 10);
    let choices = clinic.cases.iter().flat_map(|case| case.choices.iter().map(|choice| &choice.says));
    let mends = clinic.cases.iter().flat_map(|case| case.mends.iter().map(|mend| &mend.says));
    let sentences: Vec<&String> = choices.chain(mends).collect();
    assert_eq!(sentences.iter().collect::<BTreeSet<_>>().len(), sentences.len());
    assert!(sentences.iter().all(|says| says.len() > 20 && says.ends_with(['.', ')'])));
    let rights = |number: usize| clinic.cases.iter().filter(|case| case.choices[number].right).count();
    assert!((0..4).all(|number| rights(number) >= 1), "the right one stands anywhere");
}

/// All of it in one test: the trainings are built once.
#[test]
fn the_curves_are_what_the_sentences_say() {
    let (paths, course) = (paths(), Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap());
    let clinic = Clinic::load(&paths).unwrap();
    let ward = {
        let _grader = Grader::new(&course, &Silence).unwrap();
        Ward::open(&paths, &Silence).unwrap()
    };
    for case in &clinic.cases {
        let broken = ward.train(case, &clinic.broken(case)).unwrap();
        let train = |mend| ward.train(case, &clinic.treated(case, mend)).unwrap();
        let seen = Seen { case, treated: case.mends.iter().map(train).collect(), broken };
        match case.name.as_str() {
            "plateau" => plateau(&seen),
            "parrot" => parrot(&seen),
            "miracle" => miracle(&seen),
            "storm" => storm(&seen),
            "two_faces" => two_faces(&seen),
            "pendulum" => pendulum(&seen),
            "silence" => silence(&seen),
            "avalanche" => avalanche(&seen),
            "inflation" => inflation(&seen),
            "honours" => honours(&seen),
            other => panic!("nothing is known of `{other}`"),
        }
    }
}

fn plateau(seen: &Seen) {
    for film in [&seen.broken, &seen.treated[0], &seen.treated[2]] {
        assert!(last(film, "loss/training") > 1.46 && last(film, "loss/test") > 1.46);
        assert!(largest(film) < 0.233);
    }
    assert!(last(&seen.broken, "accuracy/training") > 0.95);
    assert!(last(seen.mended(), "loss/training") < 0.1 && largest(seen.mended()) > 0.99);
}

fn parrot(seen: &Seen) {
    let test = curve(&seen.broken, "accuracy/test");
    assert!(test.iter().all(|right| (0.05..0.17).contains(right)), "{test:?}");
    assert!(last(&seen.broken, "loss/test") > 2.5 && last(&seen.broken, "loss/training") < 1.8);
    assert!(last(&seen.treated[0], "accuracy/test") < 0.2 && last(&seen.treated[2], "accuracy/test") < 0.2);
    assert!(last(&seen.treated[2], "accuracy/training") > last(&seen.broken, "accuracy/training"));
    assert!(first(seen.mended(), "accuracy/test") > 0.5);
}

fn miracle(seen: &Seen) {
    let later = |film| last(film, "accuracy/a month later");
    assert!(last(&seen.broken, "accuracy/test") > 0.89 && later(&seen.broken) < 0.55);
    assert!(seen.treated[..2].iter().all(|film| last(film, "accuracy/test") > later(film) + 0.2));
    assert!((0.4..0.6).contains(&last(seen.mended(), "accuracy/test")) && later(seen.mended()) < 0.55);
    let near_0 = |film: &Film| film.histogram.iter().filter(|r| r.abs() < 0.1).count();
    assert!(2 * near_0(&seen.broken) <= near_0(seen.mended()), "{}", near_0(&seen.broken));
}

fn storm(seen: &Seen) {
    assert!(first(&seen.broken, "loss/training") > 2.4 && last(&seen.broken, "accuracy/test") < 0.15);
    assert!(largest(&seen.broken) < 0.05, "all units are off for nearly all images");
    assert!(last(&seen.treated[1], "accuracy/test") < 0.15 && last(&seen.treated[2], "accuracy/test") < 0.15);
    assert!(last(&seen.treated[2], "loss/training") > last(&seen.broken, "loss/training"));
    assert!(last(seen.mended(), "accuracy/test") > 0.85);
    assert!(seen.mended().histogram.iter().all(|&share| share > 0.0), "all units are in use");
}

fn two_faces(seen: &Seen) {
    let ratio = |film| last(film, "loss/training images in evaluation") / last(film, "loss/training");
    assert!(ratio(&seen.broken) > 3.0 && ratio(seen.mended()) < 1.0);
    assert!(last(&seen.broken, "loss/test") > 2.0 * first(&seen.broken, "loss/test"));
    assert!(last(&seen.broken, "loss/training") < 0.1 && last(seen.mended(), "loss/test") < 0.4);
    assert!(deviation(&seen.broken) > 1.7 * deviation(seen.mended()), "{}", deviation(seen.mended()));
    assert!(last(&seen.treated[1], "loss/training") > 0.3 && last(&seen.treated[2], "loss/test") > 1.0);
}

fn pendulum(seen: &Seen) {
    let taken_for = |film: &Film, digit: f64| film.histogram.iter().filter(|&&k| k == digit).count();
    assert!(taken_for(&seen.broken, 9.0) + taken_for(&seen.broken, 8.0) > 300);
    assert!(last(&seen.broken, "loss/training") < 0.5 && last(&seen.broken, "accuracy/training") < 0.35);
    assert!(last(&seen.treated[0], "accuracy/test") < 0.6 && last(&seen.treated[1], "accuracy/test") < 0.6);
    assert!(last(seen.mended(), "accuracy/test") > 0.8);
    assert!((0..10).all(|digit| taken_for(seen.mended(), f64::from(digit)) > 20));
}

fn silence(seen: &Seen) {
    for film in [&seen.broken, &seen.treated[0], &seen.treated[2]] {
        assert!(last(film, "accuracy/test") < 0.15 && (2.29..2.33).contains(&last(film, "loss/test")));
    }
    assert_eq!(largest(&seen.broken), 0.0);
    assert!(last(seen.mended(), "accuracy/test") > 0.85 && largest(seen.mended()) > 0.3);
}

fn avalanche(seen: &Seen) {
    let state = |film| curve(film, "state/log₁₀ of its size, before training").to_vec();
    let growth = state(&seen.broken).windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    assert!(growth > 0.1, "{:?}", state(&seen.broken));
    assert!(
        curve(&seen.broken, "loss/training").iter().all(|loss| loss.is_nan())
            && largest(&seen.broken) > 100.0
    );
    assert!(last(&seen.treated[0], "accuracy/test") < 0.15);
    assert!((0.15..0.5).contains(&last(&seen.treated[2], "accuracy/test")));
    let later = &state(seen.mended())[4..];
    assert!(later.iter().all(|size| (size - later[0]).abs() < 0.35), "{later:?}");
    assert!(last(seen.mended(), "accuracy/test") > 0.7);
}

fn inflation(seen: &Seen) {
    let test = curve(&seen.broken, "loss/test");
    let least = test.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(test[test.len() - 1] > 100.0 * least && test[0] < 2.3);
    assert!(largest(&seen.broken) > 10.0 && largest(seen.mended()) < 5.0);
    assert!(last(&seen.treated[0], "loss/test") < 0.6 && last(&seen.treated[2], "loss/test") > 1e30);
    assert!(last(seen.mended(), "loss/test") < 0.4);
}

fn honours(seen: &Seen) {
    let gap = |film| last(film, "accuracy/test") - last(film, "accuracy/a month later");
    assert!(last(&seen.broken, "accuracy/test") > 0.99 && gap(&seen.broken) > 0.1);
    assert!(gap(&seen.treated[1]) > 0.05 && gap(&seen.treated[2]) > 0.04);
    assert!(gap(seen.mended()).abs() < 0.06 && last(&seen.broken, "accuracy/a month later") > 0.8);
}

fn command(line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.args(line.split_whitespace()).arg("--course").arg(paths().root());
    command
}

/// The grader at work on this course, without a terminal.
fn grader(line: &str) -> (String, Option<i32>) {
    let output = command(line).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8(said).unwrap(), output.status.code())
}

#[test]
fn elsewhere_than_at_a_terminal_options_say_what_is_wrong() {
    let (list, code) = grader("clinic");
    assert!(code == Some(0) && list.lines().filter(|line| line.starts_with("  ")).count() == 10, "{list}");
    let (shown, code) = grader("clinic silence");
    assert!(code == Some(0) && shown.contains("clinic silence --wrong N"), "{shown}");
    let (wrong, code) = grader("clinic silence --wrong 1");
    assert!(code == Some(0) && wrong.contains("No. Then the training loss falls"), "{wrong}");
    assert!(!wrong.contains("How is it mended?"), "{wrong}");
    let (right, _) = grader("clinic silence --wrong 3");
    assert!(right.contains("Right.") && right.contains("--wrong 3 --mend N"), "{right}");
    let (treated, _) = grader("clinic silence --wrong 3 --mend 3");
    assert!(
        treated.contains("histogram, still not well") && treated.contains("No. What gets no"),
        "{treated}"
    );
    let picture = paths().work().join("pictures/clinic_silence_loss_as_it_is.svg");
    assert!(fs::read_to_string(picture).unwrap().contains("<svg"));
}

#[test]
fn what_is_said_wrongly_is_refused_before_anything_is_trained() {
    for (line, words) in [
        ("clinic nobody", "no patient `nobody`; there are plateau"),
        ("clinic silence --wrong 5", "say 1 to 4"),
        ("clinic silence --wrong 3 --mend 0", "say 1 to 3"),
        ("clinic --wrong 1", "NAME"),
    ] {
        let (said, code) = grader(line);
        assert!(code == Some(2) && said.contains(words), "`{line}`: {said}");
    }
}

#[test]
fn json_has_the_curves_and_gives_nothing_away() {
    let (text, code) = grader("clinic silence --json");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, json["curves"]["loss/training"].as_array().unwrap().len()), (Some(0), 20));
    assert_eq!(json["choices"].as_array().unwrap().len(), 4);
    assert!(!text.contains("right\"") && !text.contains("gradient"), "{text}");
}

#[test]
fn at_a_terminal_it_is_asked_until_it_is_right() {
    let mut terminal = Terminal::of(command("clinic silence"));
    terminal.answer("1 to 4, or Enter to skip: ", 1, "four\n");
    terminal.answer("1 to 4, or Enter to skip: ", 2, "4\n");
    terminal.answer("1 to 4, or Enter to skip: ", 3, "3\n");
    terminal.answer("1 to 3, or Enter to skip: ", 1, "1\n");
    // Not to the end: it would be this copy's student who mended it.
    terminal.answer("1 to 3, or Enter to skip: ", 2, "\n");
    let (shown, code) = terminal.end();
    assert!(
        code == Some(0) && shown.contains("A strong penalty") && shown.contains("A gradient of 0"),
        "{shown}"
    );
    assert_eq!(shown.matches("still not well").count(), 3, "{shown}");
}
