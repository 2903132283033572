//! What is going on, as markup: what the grader does, and the curves of trainings that run or ran since the last save.

use super::{
    draw::{Frame, chart, several},
    html::Html,
    live::Live,
};

/// What the grader does, and what trainings print meanwhile.
pub fn now(activity: &str, live: &Live) -> Html {
    let (class, text) = match activity {
        "" => ("idle", "Waiting for a save."),
        activity => ("busy", activity),
    };
    let mut html = Html::tag("p", &[("class", class), ("role", "status")], Html::text(text));
    if let Some((exercise, line)) = live.last() {
        let said = Html::text(&format!("{exercise} prints: ")).and(Html::said("code", "", line));
        html.push(Html::tag("p", &[("class", "last")], said));
    }
    let curves: Html = live
        .curves()
        .into_iter()
        .map(|((exercise, name), lines)| {
            let what = format!("{name} of {exercise}, as it is printed");
            let picture =
                chart(&Frame { what: &what, x: "epoch or step", y: name, bands: &[] }, &several(&lines));
            Html::tag("figure", &[], Html::said("figcaption", "", &what).and(picture))
        })
        .collect();
    if curves.is_empty() {
        return html;
    }
    // While it runs this is what there is to see; afterwards the verdict is.
    let busy: &[(&'static str, &str)] = &[("id", "live"), ("open", "")];
    let attributes = if activity.is_empty() { &[("id", "lived")] } else { busy };
    let curves = Html::tag("div", &[("class", "live")], curves);
    html.and(Html::tag(
        "details",
        attributes,
        Html::said("summary", "", "What your trainings print").and(curves),
    ))
}
