//! Axes with ticks and words, and what is drawn in their coordinates: curves, dots, bars, bands.

use crate::sheet::{Anchor, Hue, Point, Rect, Sheet, short};

/// One axis of a plot.
#[derive(Clone, Debug)]
pub struct Axis {
    low: f64,
    high: f64,
    is_log: bool,
    label: String,
    ticks: Vec<(f64, String)>,
}

impl Axis {
    /// From `low` to `high`, with a tick each `step`; `label` says what it is, with its unit.
    pub fn linear(low: f64, high: f64, step: f64, label: &str) -> Self {
        let decimals =
            (0..6).find(|&d| (step * 10_f64.powi(d) - (step * 10_f64.powi(d)).round()).abs() < 1e-6);
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        let tick = |k: i64| (k as f64 * step, minus(&short(k as f64 * step, decimals.unwrap_or(6) as usize)));
        Axis { low, high, is_log: false, label: label.to_owned(), ticks: (first..=last).map(tick).collect() }
    }

    /// From 10^`low` to 10^`high`, with a tick each 10^`step`.
    pub fn log(low: i32, high: i32, step: usize, label: &str) -> Self {
        let ticks = (low..=high).step_by(step).map(|k| (10_f64.powi(k), power(k))).collect();
        let (low, high) = (10_f64.powi(low), 10_f64.powi(high));
        Axis { low, high, is_log: true, label: label.to_owned(), ticks }
    }

    /// The same with other ticks.
    pub fn ticks(mut self, ticks: &[(f64, &str)]) -> Self {
        self.ticks = ticks.iter().map(|(at, word)| (*at, (*word).to_owned())).collect();
        self
    }

    /// The part of the axis that lies below `value`.
    fn part(&self, value: f64) -> f64 {
        if self.is_log {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }
}

/// A minus as it is printed.
pub fn minus(number: &str) -> String {
    number.replace('-', "−")
}

/// 10 to the power of k, in words; 0.1, 1, 10 and 100 as they are.
fn power(k: i32) -> String {
    match k {
        -2 => "0.01".to_owned(),
        -1 => "0.1".to_owned(),
        0 => "1".to_owned(),
        1 => "10".to_owned(),
        2 => "100".to_owned(),
        _ => format!("10{}", k.to_string().chars().map(raised).collect::<String>()),
    }
}

fn raised(c: char) -> char {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    c.to_digit(10).map_or('⁻', |digit| DIGITS[digit as usize])
}

/// A rectangle of the sheet with two axes.
#[derive(Clone, Debug)]
pub struct Plot {
    /// Where it lies, without ticks and labels.
    pub area: Rect,
    x: Axis,
    y: Axis,
}

impl Plot {
    /// Draws the axes. Left of `area` 55 pixels are needed, below it 45.
    pub fn new(sheet: &mut Sheet, area: Rect, x: Axis, y: Axis) -> Self {
        let plot = Plot { area, x, y };
        for (value, word) in &plot.x.ticks {
            let (at, _) = plot.place(*value, plot.y.low);
            sheet.thin(Hue::Soft, (at, area.bottom()), (at, area.bottom() + 5.0));
            sheet.small(Hue::Soft, (at, area.bottom() + 19.0), Anchor::Middle, word);
        }
        for (value, word) in &plot.y.ticks {
            let (_, at) = plot.place(plot.x.low, *value);
            sheet.thin(Hue::Soft, (area.left - 5.0, at), (area.left, at));
            sheet.small(Hue::Soft, (area.left - 9.0, at + 4.0), Anchor::End, word);
        }
        let corner = (area.left, area.bottom());
        sheet.polyline(Hue::Soft, " thin", &[(area.left, area.top), corner, (area.right(), area.bottom())]);
        sheet.text(Hue::Ink, (area.centre().0, area.bottom() + 38.0), Anchor::Middle, &plot.x.label);
        if !plot.y.label.is_empty() {
            sheet.upwards(Hue::Ink, (area.left - 44.0, area.centre().1), &plot.y.label);
        }
        plot
    }

    /// Where a point of the plot lies on the sheet.
    pub fn place(&self, x: f64, y: f64) -> Point {
        let (across, up) = (self.x.part(x), self.y.part(y));
        (self.area.left + across * self.area.width, self.area.bottom() - up * self.area.height)
    }

    /// The pieces of a curve within the plot; what lies outside or is no number is left out.
    fn pieces(&self, points: impl IntoIterator<Item = Point>) -> Vec<Vec<Point>> {
        let mut pieces = vec![Vec::new()];
        for (x, y) in points {
            let (across, up) = (self.x.part(x), self.y.part(y));
            let within = |part: f64| (-0.001..=1.001).contains(&part);
            if within(across) && within(up) {
                pieces.last_mut().into_iter().for_each(|piece| piece.push(self.place(x, y)));
            } else if pieces.last().is_some_and(|piece| !piece.is_empty()) {
                pieces.push(Vec::new());
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    /// A curve.
    pub fn curve(&self, sheet: &mut Sheet, hue: Hue, points: impl IntoIterator<Item = Point>) {
        self.styled(sheet, hue, "", points);
    }

    /// A dashed curve.
    pub fn dashed(&self, sheet: &mut Sheet, hue: Hue, points: impl IntoIterator<Item = Point>) {
        self.styled(sheet, hue, " dashed", points);
    }

    /// A curve in a style of [`Sheet::polyline`].
    pub fn styled(&self, sheet: &mut Sheet, hue: Hue, style: &str, points: impl IntoIterator<Item = Point>) {
        for piece in self.pieces(points) {
            sheet.polyline(hue, style, &piece);
        }
    }

    /// Dots; those outside are left out.
    pub fn dots(&self, sheet: &mut Sheet, hue: Hue, radius: f64, points: impl IntoIterator<Item = Point>) {
        self.pieces(points).into_iter().flatten().for_each(|point| sheet.dot(hue, point, radius));
    }

    /// Shades what lies between two values of x.
    pub fn band(&self, sheet: &mut Sheet, hue: Hue, from: f64, to: f64) {
        let (left, right) = (self.place(from, self.y.low).0, self.place(to, self.y.low).0);
        sheet.fill(hue, 0.13, Rect::new(left, self.area.top, right - left, self.area.height));
    }

    /// A bar that stands on the x axis, from one value of x to another, as high as y.
    pub fn bar(&self, sheet: &mut Sheet, hue: Hue, from: f64, to: f64, y: f64) {
        let ((left, top), (right, bottom)) = (self.place(from, y), self.place(to, self.y.low));
        sheet.fill(hue, 0.75, Rect::new(left, top, right - left, bottom - top));
    }

    /// A thin line over the whole height at x.
    pub fn upright(&self, sheet: &mut Sheet, hue: Hue, x: f64) {
        sheet.dashed(hue, self.place(x, self.y.low), (self.place(x, self.y.low).0, self.area.top));
    }

    /// A thin line over the whole width at y.
    pub fn level(&self, sheet: &mut Sheet, hue: Hue, y: f64) {
        sheet.dashed(
            hue,
            (self.area.left, self.place(self.x.low, y).1),
            (self.area.right(), self.place(self.x.low, y).1),
        );
    }

    /// Words at a point of the plot, moved by some pixels.
    pub fn note(&self, sheet: &mut Sheet, hue: Hue, at: Point, by: Point, anchor: Anchor, words: &str) {
        let (x, y) = self.place(at.0, at.1);
        sheet.text(hue, (x + by.0, y + by.1), anchor, words);
    }

    /// A heading above the plot.
    pub fn heading(&self, sheet: &mut Sheet, words: &str) {
        sheet.strong(Hue::Ink, (self.area.left, self.area.top - 14.0), Anchor::Start, words);
    }
}
