//! The verdict on the current task, as markup: its sentence, the table, pictures, what was printed.

use std::{fs, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    View,
    draw::{Channels, Frame, chart, several, sight},
    follow::next,
    html::Html,
    prose::inline,
};
use crate::{
    clean::clean_plain,
    course::Exercise,
    messages::{failures::case, states::waiting_for, symptoms::explanation},
    report::{place, plural},
    verdict::{Failure, Picture, Verdict},
};

/// What there is to say about a verdict.
pub fn outcome(view: &View, verdict: Option<&Verdict>) -> Html {
    match verdict {
        None | Some(Verdict::NotStarted) => not_started(),
        Some(Verdict::Passed { cases, prints, results, pictures }) => {
            let pictures =
                self::pictures(pictures).and(view.drawn.iter().filter_map(|file| picture(file)).collect());
            passed(view, *cases, results).and(pictures).and(self::prints(prints.as_deref()))
        }
        Some(Verdict::Waiting { needs }) => {
            let says = format!("It {}.", waiting_for(needs, view.graded));
            Html::said("p", "says", &says)
        }
        Some(Verdict::Broken { message } | Verdict::TooMuch { message }) => {
            Html::said("pre", "message compiler", clean_plain(message).trim_end())
        }
        Some(Verdict::Internal { message }) => {
            let says = Html::said("p", "says", "The grader failed here, not you; no points are lost.");
            says.and(Html::said("pre", "message", &clean_plain(message)))
        }
        Some(Verdict::Failed(failure)) => failed(view, failure),
    }
}

fn not_started() -> Html {
    let says = inline("Write what `todo!()` stands for, and save: the verdict appears here.");
    Html::tag("p", &[("class", "says")], says)
}

fn passed(view: &View, cases: usize, results: &[(String, String)]) -> Html {
    let exercise = view.exercise;
    let points = plural(exercise.points as usize, "point");
    let mut html =
        Html::said("p", "says", &format!("{} answered right, {points} earned.", plural(cases, "case")));
    let of_all: Vec<&Exercise> = view.chapters.iter().flat_map(|chapter| &chapter.exercises).collect();
    if let Some(next) = next(&of_all, view.graded).filter(|next| !view.graded.is_passed(&next.full_id())) {
        let place = place(&view.course.root, next, None);
        let says = Html::text("Next: ").and(Html::said("strong", "", &next.title)).and(Html::text(", "));
        html.push(Html::tag("p", &[], says.and(Html::said("code", "", &place))));
    }
    let rows: Html = results
        .iter()
        .map(|(name, result)| {
            let is_long = result.contains('\n');
            Html::said("dt", "", name).and(Html::tag(
                "dd",
                &[],
                Html::said(if is_long { "pre" } else { "span" }, "", result),
            ))
        })
        .collect();
    if rows.is_empty() { html } else { html.and(Html::tag("dl", &[], rows)) }
}

/// The pictures that solved exercises show: of lines, the page's own form; the others are files.
fn pictures(pictures: &[Picture]) -> Html {
    let lines = pictures.iter().filter_map(|picture| match picture {
        Picture::Lines { plot, lines } => {
            let frame = Frame { what: &plot.title, x: &plot.x, y: &plot.y, bands: &[] };
            let picture = chart(&frame, &several(lines));
            Some(Html::tag("figure", &[], Html::said("figcaption", "", &plot.title).and(picture)))
        }
        Picture::Images { .. } | Picture::Points { .. } => None,
    });
    lines.collect()
}

/// A picture in a file, in itself: the page asks for nothing else.
fn picture(file: &Path) -> Option<Html> {
    let kind = match file.extension()?.to_str()? {
        "svg" => "image/svg+xml",
        _ => "image/png",
    };
    let name = file.file_stem()?.to_string_lossy().replace('_', " ");
    let source = format!("data:{kind};base64,{}", BASE64_STANDARD.encode(fs::read(file).ok()?));
    let picture = Html::void("img", &[("class", "drawn"), ("src", &source), ("alt", &name)]);
    Some(Html::tag("figure", &[], Html::said("figcaption", "", &name).and(picture)))
}

fn failed(view: &View, failure: &Failure) -> Html {
    let mut html = Html::default();
    for (i, sentence) in explanation(failure).iter().enumerate() {
        html.push(Html::tag("p", &[("class", if i == 0 { "says" } else { "" })], inline(sentence)));
    }
    if let Some(case) = case(failure) {
        html.push(Html::said("p", "", &format!("Case: {case}")));
    }
    html.push(Html::said("pre", "message", &failure.message));
    let channels = if view.exercise.channels_last { Channels::Last } else { Channels::First };
    let sights: Html = failure.sights.iter().map(|seen| sight(seen, channels)).collect();
    html.push(sights);
    html.push(prints(failure.prints.as_deref()));
    let id = view.exercise.full_id();
    for (what, command) in [
        ("again", format!("{} run {id} --seed {}", view.program, failure.seed)),
        ("stuck", format!("{} hint {id}", view.program)),
    ] {
        html.push(Html::tag(
            "p",
            &[("class", "command")],
            Html::text(&format!("{what}: ")).and(Html::said("code", "", &command)),
        ));
    }
    html
}

/// What the code printed. Shown as it is: nothing in it does anything.
fn prints(prints: Option<&str>) -> Html {
    let Some(prints) = prints else { return Html::default() };
    let title = Html::said("summary", "", "What your code printed");
    let attributes = [("id", "prints"), ("open", "")];
    Html::tag("details", &attributes, title.and(Html::said("pre", "prints", prints)))
}
