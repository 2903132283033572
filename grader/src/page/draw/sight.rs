//! Picks a form for what there is to see, by rank and range: curves over an argument, lines over an index, cells, pixels, histograms.

use protocol::Array;

use super::{
    Frame, Series,
    cells::{plane, scale_bar},
    chart,
    colour::Scale,
    histogram::histogram,
    planes::{Channels, Plane, planes, with_values},
    span,
};
use crate::{
    page::html::Html,
    verdict::{Beside, Line, Sight},
};

/// Planes of an array that are shown; those that differ come first.
const MOST_PLANES: usize = 2;
/// From so many elements on, a vector is a line and not a row of cells.
const LINE: usize = 9;
/// Beyond that a line is noise.
const LONGEST_LINE: usize = 600;
/// How often a function's values go all the way up or down, at most; among few points chance looks like a function, too.
const WAYS: f64 = 4.0;
const POINTS_A_WAY: f64 = 6.0;

/// A picture with its caption.
pub fn sight(sight: &Sight, channels: Channels) -> Html {
    let (title, picture) = match sight {
        Sight::Beside(beside) => (beside.name.clone(), self::beside(beside, of_kernels(beside, channels))),
        Sight::Draws(draws) => (draws.name.clone(), histogram(draws)),
        Sight::Curves { plot, lines } => {
            let frame = Frame { what: &plot.title, x: &plot.x, y: &plot.y, bands: &[] };
            (plot.title.clone(), chart(&frame, &several(lines)))
        }
    };
    Html::tag("figure", &[], Html::tag("figcaption", &[], super::super::prose::inline(&title)).and(picture))
}

/// A kernel beside images has other axes than they.
fn of_kernels(beside: &Beside, channels: Channels) -> Channels {
    let is_kernel = channels == Channels::Last && beside.name.contains("`kernel`");
    if is_kernel { Channels::Kernel } else { channels }
}

/// Lines of one chart, each with a look of its own.
pub fn several(lines: &[Line]) -> Vec<Series> {
    const CLASSES: [&str; 6] = ["c0", "c1", "c2", "c3", "c4", "c5"];
    let of = |(i, line): (usize, &Line)| Series {
        name: line.name.clone(),
        class: CLASSES[i % CLASSES.len()],
        points: line.points.clone(),
        is_joined: true,
    };
    lines.iter().enumerate().map(of).collect()
}

fn beside(beside: &Beside, channels: Channels) -> Html {
    let Beside { given, want, got, .. } = beside;
    if want.shape != got.shape {
        return shapes(beside, channels);
    }
    if let Some((name, x)) = given.as_ref().filter(|(_, x)| x.shape == want.shape)
        && is_function(x, want)
    {
        return over_argument(beside, name, x);
    }
    let long =
        want.shape.iter().filter(|n| **n > 1).count() <= 1 && (LINE..=LONGEST_LINE).contains(&want.len());
    if long { over_index(beside) } else { side_by_side(beside, channels) }
}

/// Whether elements of the argument decide those of what is wanted, along a curve that can be looked at.
fn is_function(x: &Array, want: &Array) -> bool {
    let mut points: Vec<(f64, f64)> = x.to_f64().into_iter().zip(want.to_f64()).collect();
    points.retain(|(x, y)| x.is_finite() && y.is_finite());
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some((low, high)) = span(points.iter().map(|p| p.1)).filter(|_| points.len() >= LINE) else {
        return false;
    };
    let way: f64 = points.windows(2).map(|pair| (pair[1].1 - pair[0].1).abs()).sum();
    high > low && way <= WAYS.min(points.len() as f64 / POINTS_A_WAY) * (high - low)
}

fn over_argument(beside: &Beside, name: &str, x: &Array) -> Html {
    let xs = x.to_f64();
    let points = |array: &Array| {
        let mut points: Vec<(f64, f64)> = xs.iter().copied().zip(array.to_f64()).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let step = points.len().div_ceil(LONGEST_LINE).max(1);
        points.into_iter().step_by(step).collect()
    };
    let what = format!("{} over {name}, yours and expected", beside.name);
    two_lines(beside, (&what, name), points)
}

fn over_index(beside: &Beside) -> Html {
    let points = |array: &Array| array.to_f64().into_iter().enumerate().map(|(i, y)| (i as f64, y)).collect();
    let what = format!("{}, yours and expected", beside.name);
    two_lines(beside, (&what, "index"), points)
}

fn two_lines(beside: &Beside, (what, x): (&str, &str), points: impl Fn(&Array) -> Vec<(f64, f64)>) -> Html {
    let series = |name: &str, class, array, is_joined| Series {
        name: name.to_owned(),
        class,
        points: points(array),
        is_joined,
    };
    let frame = Frame { what, x, y: "value", bands: &[] };
    let both =
        [series("expected", "wanted", &beside.want, true), series("yours", "yours", &beside.got, false)];
    chart(&frame, &both)
}

/// Where the shapes differ there is no difference to show: each stands for itself.
fn shapes(beside: &Beside, channels: Channels) -> Html {
    let Beside { want, got, .. } = beside;
    let (wanted, given) = (want.to_f64(), got.to_f64());
    let scale = common_scale(&[&wanted, &given], false);
    let panel = |title: &str, array: &Array| {
        let title = format!("{title}, shape {:?}", array.shape);
        let shown = with_values(array, channels)
            .into_iter()
            .next()
            .map(|(at, values)| plane(&at, &values, scale, &title));
        self::panel(&title, shown.unwrap_or_default())
    };
    let panels = panel("expected", want).and(panel("yours", got));
    Html::tag("div", &[("class", "panels")], panels).and(scale_bar(scale))
}

fn side_by_side(beside: &Beside, channels: Channels) -> Html {
    let (wanted, got) = (beside.want.to_f64(), beside.got.to_f64());
    let difference: Vec<f64> = got.iter().zip(&wanted).map(|(got, want)| difference(*got, *want)).collect();
    let mut found = planes(&beside.want.shape, channels);
    let count = found.len();
    let differs =
        |plane: &Plane| plane.of(&difference).iter().any(|d| d.is_nan() || d.abs() > beside.allowed);
    found.sort_by_cached_key(|plane| !differs(plane));
    let is_picture =
        found.first().is_some_and(|plane| plane.is_colour) || is_photograph(&beside.want, channels);
    let scale = common_scale(&[&wanted, &got], is_picture);
    let reach = span(difference.iter().copied()).map_or(0.0, |(low, high)| high.max(-low));
    let around = Scale::Around(if reach > 0.0 { reach } else { 1.0 });
    let mut html = Html::default();
    for shown in found.iter().take(MOST_PLANES) {
        html.push(row(beside, (shown, channels), [(&wanted, scale), (&got, scale), (&difference, around)]));
    }
    if count > MOST_PLANES {
        let wrong = found.iter().filter(|plane| differs(plane)).count();
        html.push(Html::said(
            "p",
            "faint",
            &format!("{wrong} of {count} planes are wrong; {MOST_PLANES} are shown."),
        ));
    }
    let key = |name: &str, scale| {
        Html::tag("div", &[("class", "key-of")], Html::said("span", "", name).and(scale_bar(scale)))
    };
    let scales = key("values", scale).and(key("difference (yours − expected)", around));
    html.and(Html::tag("div", &[("class", "scales")], scales))
}

/// One plane in all its forms: given, expected, yours, difference.
fn row(
    beside: &Beside,
    (shown, channels): (&Plane, Channels),
    [want, got, difference]: [(&Vec<f64>, Scale); 3],
) -> Html {
    let mut panels = Html::default();
    if let Some((argument, array)) = &beside.given {
        let values = array.to_f64();
        let scale = common_scale(&[&values], matches!(want.1, Scale::Grey(..)) || shown.is_colour);
        let of = planes(&array.shape, channels);
        if let Some(plane_of) = belonging(&of, &shown.name) {
            let which = if plane_of.name == shown.name { "" } else { &plane_of.name };
            let title = format!("given: {argument} {which}");
            let title = title.trim_end();
            panels.push(panel(title, plane(plane_of, &plane_of.of(&values), scale, title)));
        }
    }
    let title = "expected";
    panels.push(panel(title, plane(shown, &shown.of(want.0), want.1, title)));
    let title = "yours";
    panels.push(panel(title, plane(shown, &shown.of(got.0), got.1, title)));
    // Colours differ by their largest channel.
    let (flat, apart) = if shown.is_colour {
        let values = shown.of(difference.0);
        let flat = Plane { at: Vec::new(), is_colour: false, ..shown.clone() };
        (flat, values.chunks_exact(3).map(largest).collect())
    } else {
        (shown.clone(), shown.of(difference.0))
    };
    let title = "difference";
    panels.push(panel(title, plane(&flat, &apart, difference.1, title)));
    let heading = if shown.name.is_empty() { Html::default() } else { Html::said("p", "faint", &shown.name) };
    heading.and(Html::tag("div", &[("class", "panels")], panels))
}

/// Of an argument's planes the one of that name, or else one of the same image; another image's would mislead.
fn belonging<'p>(planes: &'p [Plane], name: &str) -> Option<&'p Plane> {
    let image = |name: &str| {
        let part = name.split(", ").find(|part| !part.starts_with("channel"));
        part.unwrap_or_default().to_owned()
    };
    let same = planes.iter().find(|plane| plane.name == name);
    let of_image = || planes.iter().find(|plane| planes.len() == 1 || image(&plane.name) == image(name));
    same.or_else(of_image)
}

fn panel(title: &str, picture: Html) -> Html {
    Html::tag("div", &[("class", "panel")], Html::said("span", "", title).and(picture))
}

/// The same infinity, or NaN for NaN, is no difference.
fn difference(got: f64, want: f64) -> f64 {
    if got == want || got.is_nan() && want.is_nan() { 0.0 } else { got - want }
}

fn largest(channels: &[f64]) -> f64 {
    let nan = channels.iter().copied().find(|d| d.is_nan());
    nan.unwrap_or_else(|| {
        channels.iter().copied().fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a })
    })
}

/// Brightness: images of one channel, between 0 and 1 or 0 and 255.
fn is_photograph(array: &Array, channels: Channels) -> bool {
    let is_grey = channels == Channels::Last && array.shape.len() == 4 && array.shape[3] == 1;
    is_grey && span(array.to_f64().into_iter()).is_some_and(|(low, high)| low >= 0.0 && high <= 255.0)
}

fn common_scale(arrays: &[&Vec<f64>], is_picture: bool) -> Scale {
    let all = span(arrays.iter().flat_map(|values| values.iter().copied())).unwrap_or((0.0, 1.0));
    match all {
        (low, high) if is_picture && low >= 0.0 && high <= 1.0 => Scale::Grey(0.0, 1.0),
        (low, high) if is_picture => Scale::Grey(low, high),
        (low, high) => Scale::Rising(low, high),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(shape: &[usize], got_shape: &[usize], given: bool) -> String {
        let n: usize = shape.iter().product();
        let values: Vec<f64> = (0..n).map(|i| i as f64 / 7.0).collect();
        let want = Array::f64(shape, values.clone());
        let got = Array::f64(got_shape, vec![f64::NAN; got_shape.iter().product()]);
        let given = given.then(|| ("x<y".to_owned(), Array::f64(shape, values)));
        let beside = Beside { name: "`y`".to_owned(), given, want, got, allowed: 0.1 };
        sight(&Sight::Beside(beside), Channels::Last).into_string()
    }

    #[test]
    fn what_is_given_is_of_the_same_image() {
        let given = planes(&[2, 3, 3, 2], Channels::Last);
        let name = |wanted: &str| belonging(&given, wanted).map(|plane| &plane.name[..]);
        assert_eq!(name("image 2 of 2, channel 2 of 2"), Some("image 2 of 2, channel 2 of 2"));
        assert_eq!(name("image 2 of 2, channel 4 of 5"), Some("image 2 of 2, channel 1 of 2"));
        assert_eq!(name("image 2 of 2"), Some("image 2 of 2, channel 1 of 2"));
        assert_eq!(name("image 3 of 4"), None);
        assert!(belonging(&planes(&[3, 3], Channels::Last), "image 3 of 4").is_some());
    }

    #[test]
    fn every_rank_has_a_form() {
        assert!(drawn(&[12], &[12], false).contains("class=\"chart\""));
        assert!(drawn(&[3, 4], &[3, 4], true).contains("class=\"chart\""));
        assert!(drawn(&[3, 4], &[3, 4], false).contains("class=\"cells\""));
        assert!(drawn(&[2, 30, 30, 3], &[2, 30, 30, 3], false).contains("class=\"pixels\""));
        assert!(drawn(&[2, 3], &[3, 2], false).contains("shape [3, 2]"));
        for shape in [&[5][..], &[2, 3, 4], &[2, 3, 4, 5], &[1, 2, 3, 4, 5]] {
            let html = drawn(shape, shape, true);
            assert!(
                html.contains("<figcaption><code>y</code></figcaption>") && !html.contains("x<y"),
                "{html}"
            );
        }
    }
}
