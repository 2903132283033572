//! Symptoms and contrasts in sentences. They say what *is*, ask for the cause with a question mark at most, and never tell the
//! formula of the answer.

use super::{
    amounts::{plus, sum_for_mean, times},
    answers::short_location,
    numbers::{capitalised, number},
    properties::{arranged, axis, function, place, property, reshaped},
};
use crate::verdict::{Contrast, Failure, Function, Part, Place, Property, Relation, Symptom};

/// What is known of a failure beside its first case, the most telling first: the misconception's sentence or else the symptom,
/// and the contrast.
pub fn explanation(failure: &Failure) -> Vec<String> {
    let said = match (&failure.misconception, &failure.symptom) {
        (Some(diagnosis), _) => Some(diagnosis.says.clone()),
        (None, found) => found.as_ref().map(symptom),
    };
    said.into_iter().chain(failure.contrast.as_ref().map(contrast)).collect()
}

/// What all wrong answers have in common, in a sentence or two.
pub fn symptom(symptom: &Symptom) -> String {
    let what = match &symptom.of[..] {
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} (and {})", rest.join(", ")),
        [] => "the output".to_owned(),
    };
    let said = match &symptom.relation {
        Relation::Constant { value: Some(0.0) } if symptom.values_right => {
            format!("{what} is 0 everywhere: does the tape reach it?")
        }
        relation => sentence(&what, relation),
    };
    let lead = if symptom.values_right { "The values are right. " } else { "" };
    let said = said.trim_end_matches(['.', ',']).to_owned() + if said.ends_with("?.") { "" } else { "." };
    format!("{lead}{}", capitalised(&said)).replace("?.", "?")
}

fn sentence(what: &str, relation: &Relation) -> String {
    match relation {
        Relation::Panicked { location } => match location.split_once("called in ") {
            Some((_, function)) => format!("every wrong call panics, called in {function}."),
            None => format!("every wrong call panics at {}.", short_location(location)),
        },
        Relation::Accepted => "where `Err` is due, the function returns `Ok`.".to_owned(),
        Relation::Refused => "the function returns `Err` where an answer is due.".to_owned(),
        Relation::Same => format!("{what} comes out the same where it must not: are new numbers drawn?"),
        Relation::Different => format!("{what} comes out different where it must be the same, bit for bit."),
        Relation::Beside { right } => format!("only {what} is wrong; {} always right.", are(right)),
        Relation::Shape { change } => format!("{what} has the wrong shape: {}.", reshaped(change)),
        Relation::Except { place: at, instead } => except(what, at, instead.as_deref()),
        Relation::BetweenBounds { holds } => {
            format!("apart from numbers that are cut off at 0 or 1, {}.", clause(what, holds))
        }
        Relation::Partly { holds, part } => format!("{}, {}.", partly(part), clause(what, holds)),
        Relation::Supposed { what: supposed } => format!("{what} is what it should be if {supposed}."),
        relation => altogether(what, relation),
    }
}

/// What is right but for a place.
fn except(what: &str, at: &Place, instead: Option<&Relation>) -> String {
    let right = match at {
        Place::Entries(along) => format!("{what} is wrong in some whole entries along {}", axis(*along)),
        _ => format!("{what} is right except {}", place(at)),
    };
    let there = instead.map(|relation| format!("; there {}", clause("it", relation))).unwrap_or_default();
    format!("{right}{}.", there.replace(" throughout, wherever it is wrong", ""))
}

/// "in 12 of 30 wrong cases"
fn partly(part: &Part) -> String {
    match &part.name {
        Some(name) => format!("in all {} wrong cases “{name}”", part.holds),
        None => format!("in {} of {} wrong cases", part.holds, part.of),
    }
}

/// What is said of an output taken all in all, and not of its elements.
fn altogether(what: &str, relation: &Relation) -> String {
    match relation {
        Relation::Statistic { statistic, by } => {
            format!("the {statistic} of {what} is about {} what it should be.", times(by))
                .replace("about twice", "twice")
        }
        Relation::StatisticOf { statistic, function: f } => {
            format!("the {statistic} of {what} is {} of what it should be.", function(*f))
        }
        Relation::Altogether { large, ratios } => {
            let side = if *large { "large" } else { "small" };
            let norm = spread(*ratios).map(|spread| format!(": its norm is {spread}"));
            format!("{what} is too {side} taken all in all{}.", norm.unwrap_or_default())
        }
        Relation::Correlated { correlation } if *correlation > 0.5 => format!(
            "{what} goes up and down with what it should be (correlation {correlation:.2}), but is not it: is a term or a factor \
             of some of the numbers missing?"
        ),
        Relation::Correlated { correlation } if *correlation < -0.4 => {
            format!(
                "{what} goes up where it should go down (correlation {correlation:.2}): is there a wrong sign?"
            )
        }
        Relation::Correlated { .. } => {
            format!(
                "{what} has hardly anything to do with what it should be: are other numbers used, or in another order?"
            )
        }
        Relation::InOrder { reversed: false } => {
            format!("the larger ones of {what} are the right ones, but their values are wrong.")
        }
        Relation::InOrder { .. } => {
            format!("{what} falls where it should grow, and grows where it should fall.")
        }
        Relation::Outside { statistic, large, ratios } => {
            let side = if *large { "larger" } else { "smaller" };
            match statistic {
                Some(statistic) => {
                    let side = if *large { "large" } else { "small" };
                    format!(
                        "the {statistic} of {what} is too {side} wherever it is wrong{}.",
                        beside(*ratios)
                    )
                }
                None => format!("{what} has elements that are {side} than they can be."),
            }
        }
        relation => clause(what, relation) + ".",
    }
}

/// "`a` and `b` are"
fn are(names: &[String]) -> String {
    match names {
        [one] => format!("{one} is"),
        [first, second] => format!("{first} and {second} are"),
        [first, ..] => format!("{first} and {} others are", names.len() - 1),
        [] => "nothing is".to_owned(),
    }
}

/// What is said of elements, as a main clause.
fn clause(what: &str, relation: &Relation) -> String {
    match relation {
        Relation::Times { by } => format!("{what} is {} what it should be{}", times(by), sum_for_mean(by)),
        Relation::Plus { by } => format!("{what} is off by a summand: {}", plus(by)),
        Relation::OfWanted { function: f } => of_wanted(what, *f),
        Relation::Before { function: f, holds } => {
            format!("before {} is applied, {}", function(*f), clause("the number", holds))
        }
        Relation::OfArgument { argument, function: Function::Identity } => {
            format!("{what} is `{argument}` as it came")
        }
        Relation::OfArgument { argument, function: f } => {
            format!("{what} is {} of `{argument}`", function(*f))
        }
        Relation::OfOutput { output } => format!("{what} is what {output} should be"),
        Relation::OfEarlierCall => format!("{what} is the answer to the call before"),
        Relation::Arranged { how } => {
            format!("{what} has the right numbers at other places: {}", arranged(how))
        }
        Relation::Constant { value: Some(x) } if x.is_nan() => {
            format!("{what} is NaN throughout, wherever it is wrong")
        }
        Relation::Constant { value: Some(x) } => {
            format!("{what} is {} throughout, wherever it is wrong", number(*x))
        }
        Relation::Constant { value: None } => {
            format!("{what} is the same number throughout, another in each case")
        }
        Relation::ConstantAlong { axis: along } => {
            format!("{what} does not change along {}, and it should", axis(*along))
        }
        Relation::Mean { axis: None } => format!("{what} is the mean of what it should be, everywhere"),
        Relation::Mean { axis: Some(along) } => {
            format!("{what} is the mean along {} of what it should be", axis(*along))
        }
        Relation::NearlyRight { off } => format!(
            "{what} is nearly right, off by {} at most: the formula seems right; are digits lost, or is a constant \
             rounded or left out?",
            share(*off)
        ),
        Relation::Signs { sizes_right: true } => {
            format!("{what} has the right sizes, but wrong signs in places")
        }
        Relation::Signs { .. } => format!("{what} has the right signs throughout, and wrong sizes"),
        Relation::OneSided { sizes, large, ratios } => one_sided(what, (*sizes, *large), *ratios),
        _ => format!("{what} is wrong"),
    }
}

fn of_wanted(what: &str, of: Function) -> String {
    match of {
        Function::BeforeSigmoid => {
            format!("{what} is what the sigmoid would make the right number of: is it left out?")
        }
        Function::BeforeTanh => {
            format!("{what} is what tanh would make the right number of: is it left out?")
        }
        Function::TanhForSigmoid => {
            format!("{what} went through tanh, and the right numbers through the sigmoid")
        }
        Function::SigmoidForTanh => {
            format!("{what} went through the sigmoid, and the right numbers through tanh")
        }
        of => format!("{what} is {} of what it should be", function(of)),
    }
}

fn share(off: f64) -> String {
    if off >= 1e-4 { format!("{:.2} %", off * 100.0) } else { format!("{off:.0e} of the largest") }
}

fn one_sided(what: &str, (sizes, large): (bool, bool), ratios: Option<(f64, f64)>) -> String {
    let side = if large { "large" } else { "small" };
    let of = if sizes { " in size" } else { "" };
    format!("{what} is too {side}{of} wherever it is wrong{}", beside(ratios))
}

/// " (0.50 to 0.71 times what it should be)"
fn beside(ratios: Option<(f64, f64)>) -> String {
    ratios.and_then(spread).map(|spread| format!(" ({spread})")).unwrap_or_default()
}

/// Between which multiples of what is wanted numbers lie; nothing where that says nothing.
fn spread((low, high): (f64, f64)) -> Option<String> {
    const TELLING: f64 = 1e3;
    (low > 0.0 && high / low < TELLING)
        .then(|| format!("{} to {} times what it should be", short(low), short(high)))
}

fn short(x: f64) -> String {
    if (0.01..1e4).contains(&x.abs()) { format!("{x:.2}") } else { format!("{x:.1e}") }
}

/// In which cases it goes wrong.
pub fn contrast(contrast: &Contrast) -> String {
    let (passing, failing) = (contrast.passing, contrast.failing);
    if let Property::Cases(names) = &contrast.property {
        let names: Vec<String> = names.iter().map(|name| format!("“{name}”")).collect();
        return format!("Wrong in {failing} of {} cases: {}.", passing + failing, names.join(", "));
    }
    let (with, without) = property(&contrast.property);
    let wrong = match contrast.exceptions {
        0 => format!("all {failing}"),
        exceptions => format!("{failing} of {}", failing + exceptions),
    };
    if let Some(name) = &contrast.among {
        return format!("Of the cases “{name}” all {passing} are right {without}, and {wrong} wrong {with}.");
    }
    format!("Right in all {passing} cases {without}, wrong in {wrong} {with}.")
}
