//! Lines and dots in a frame with axes in numbers, as SVG. Colours and strokes are the style sheet's, by class.

use super::{short, span};
use crate::page::html::Html;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 280.0;
/// Room for numbers and names: left, right, above, below.
const ROOM: (f64, f64, f64, f64) = (62.0, 14.0, 12.0, 42.0);
/// About so many numbers stand at an axis.
const TICKS: f64 = 5.0;

/// What the axes are called, and what the chart is.
pub struct Frame<'a> {
    /// In a sentence, for those who hear the page.
    pub what: &'a str,
    /// The name of the abscissa.
    pub x: &'a str,
    /// The name of the ordinate.
    pub y: &'a str,
    /// Parts of the abscissa to be shaded.
    pub bands: &'a [(f64, f64)],
}

/// Points that belong together.
pub struct Series {
    /// As the legend has it.
    pub name: String,
    /// How it looks.
    pub class: &'static str,
    /// In the order in which they are joined.
    pub points: Vec<(f64, f64)>,
    /// Whether they are joined at all.
    pub is_joined: bool,
}

/// Where numbers stand in the picture.
#[derive(Clone, Copy)]
struct Map {
    xs: (f64, f64),
    ys: (f64, f64),
}

impl Map {
    fn x(self, x: f64) -> f64 {
        ROOM.0 + (x - self.xs.0) / (self.xs.1 - self.xs.0) * (WIDTH - ROOM.0 - ROOM.1)
    }

    fn y(self, y: f64) -> f64 {
        HEIGHT - ROOM.3 - (y - self.ys.0) / (self.ys.1 - self.ys.0) * (HEIGHT - ROOM.2 - ROOM.3)
    }
}

/// The chart with its legend; a note where no number is finite.
pub fn chart(frame: &Frame, series: &[Series]) -> Html {
    let points = || series.iter().flat_map(|series| finite(&series.points));
    let bands = frame.bands.iter().flat_map(|band| [band.0, band.1]);
    let (Some(xs), Some(ys)) = (span(points().map(|p| p.0).chain(bands)), span(points().map(|p| p.1))) else {
        return Html::said("p", "faint", "None of these numbers is finite: there is nothing to draw.");
    };
    let map = Map { xs: widened(xs, 0.0), ys: widened(ys, 0.05) };
    let mut inside = Html::said("title", "", frame.what);
    for &(low, high) in frame.bands {
        let (left, right) = (map.x(low), map.x(high));
        inside.push(rect("band", (left, ROOM.2), ((right - left).max(1.5), HEIGHT - ROOM.2 - ROOM.3)));
    }
    let is_whole = points().all(|(x, _)| x.fract() == 0.0);
    inside.push(axes(frame, map, is_whole));
    for one in series {
        inside.push(drawn(one, map));
    }
    let view = format!("0 0 {WIDTH} {HEIGHT}");
    let svg = Html::tag("svg", &[("class", "chart"), ("role", "img"), ("viewBox", &view)], inside);
    svg.and(legend(series))
}

fn finite(points: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> + '_ {
    points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite())
}

/// Never empty, and no wider than can be subtracted.
fn widened((low, high): (f64, f64), margin: f64) -> (f64, f64) {
    let (low, high) = (low.max(-1e300), high.min(1e300));
    match high - low {
        width if width > 0.0 => (low - margin * width, high + margin * width),
        _ => (low - 0.5 * low.abs().max(1.0), high + 0.5 * high.abs().max(1.0)),
    }
}

fn drawn(series: &Series, map: Map) -> Html {
    let places: Vec<(f64, f64)> = finite(&series.points).map(|(x, y)| (map.x(x), map.y(y))).collect();
    let mut html = Html::default();
    if series.is_joined && places.len() > 1 {
        let points: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let class = format!("line {}", series.class);
        html.push(Html::void("polyline", &[("class", &class), ("points", &points.join(" "))]));
    }
    // Points of few are seen one by one; of many the line says it.
    if !series.is_joined || places.len() < 40 {
        let class = format!("dot {}", series.class);
        for (x, y) in places {
            let (x, y) = (format!("{x:.1}"), format!("{y:.1}"));
            html.push(Html::void("circle", &[("class", &class), ("cx", &x), ("cy", &y), ("r", "3")]));
        }
    }
    html
}

/// Epochs and indexes are whole, and so are the numbers at their axis.
fn axes(frame: &Frame, map: Map, is_whole: bool) -> Html {
    let (left, right, top, bottom) = (ROOM.0, WIDTH - ROOM.1, ROOM.2, HEIGHT - ROOM.3);
    let mut html = Html::default();
    for y in ticks(map.ys) {
        let at = map.y(y);
        html.push(stroke("grid", (left, at), (right, at)));
        html.push(label("end", (left - 6.0, at + 4.0), &short(y)));
    }
    for x in ticks(map.xs).into_iter().filter(|x| !is_whole || x.fract() == 0.0) {
        html.push(stroke("axis", (map.x(x), bottom), (map.x(x), bottom + 4.0)));
        html.push(label("middle", (map.x(x), bottom + 17.0), &short(x)));
    }
    html.push(stroke("axis", (left, bottom), (right, bottom)));
    html.push(label("middle", ((left + right) / 2.0, HEIGHT - 6.0), frame.x));
    let turn = format!("rotate(-90 13 {})", (top + bottom) / 2.0);
    let y = ((top + bottom) / 2.0).to_string();
    let attributes = [("x", "13"), ("y", &y[..]), ("text-anchor", "middle"), ("transform", &turn)];
    html.and(Html::tag("text", &attributes, Html::text(frame.y)))
}

/// Round numbers within a span.
fn ticks((low, high): (f64, f64)) -> Vec<f64> {
    let rough = (high - low) / TICKS;
    let size = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|n| n * size).into_iter().find(|step| *step >= rough);
    let step = step.filter(|step| step.is_normal()).unwrap_or(high - low);
    let first = (low / step).ceil();
    (0..12).map(|i| (first + f64::from(i)) * step).take_while(|x| *x <= high + 1e-9 * step).collect()
}

fn legend(series: &[Series]) -> Html {
    let named = series.iter().filter(|series| !series.name.is_empty());
    let entries: Html = named
        .map(|series| {
            let class = format!("key {}", series.class);
            Html::tag(
                "li",
                &[],
                Html::tag("span", &[("class", &class)], Html::default()).and(Html::text(&series.name)),
            )
        })
        .collect();
    if entries.is_empty() { entries } else { Html::tag("ul", &[("class", "legend")], entries) }
}

/// A rectangle of a class.
pub fn rect(class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) -> Html {
    let [x, y, width, height] = [x, y, width, height].map(|n| format!("{n:.1}"));
    Html::void("rect", &[("class", class), ("x", &x), ("y", &y), ("width", &width), ("height", &height)])
}

fn stroke(class: &str, from: (f64, f64), to: (f64, f64)) -> Html {
    let [a, b, c, d] = [from.0, from.1, to.0, to.1].map(|n| format!("{n:.1}"));
    Html::void("line", &[("class", class), ("x1", &a), ("y1", &b), ("x2", &c), ("y2", &d)])
}

fn label(anchor: &str, (x, y): (f64, f64), text: &str) -> Html {
    let [x, y] = [x, y].map(|n| format!("{n:.1}"));
    Html::tag("text", &[("x", &x), ("y", &y), ("text-anchor", anchor)], Html::text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strange_numbers_are_drawn_or_said() {
        let frame = Frame { what: "a", x: "<x>", y: "y", bands: &[] };
        for points in [
            vec![],
            vec![(3.0, 3.0)],
            vec![(1.0, f64::NAN), (2.0, f64::INFINITY)],
            vec![(0.0, f64::MAX), (1.0, f64::MIN)],
            vec![(0.0, 1e-320), (1.0, 0.0)],
        ] {
            let series = Series { name: "<b>".to_owned(), class: "yours", points, is_joined: true };
            let html = chart(&frame, &[series]).into_string();
            assert!(!html.contains("NaN") && !html.contains("<b>") && !html.contains("<x>"), "{html}");
        }
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks((0.0, 10.0)), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks((-1.0, 1.0)).len(), 5);
    }
}
