//! A sheet to draw on: lines, areas, words and pictures in one style, written as SVG. Knows no axes and no numbers' meaning.
//!
//! Colours are named, and the style sheet says what they are in light and dark: Okabe and Ito's, which colour-blind people tell
//! apart, darkened or lightened until words in them can be read.

use std::fmt::Write;

use crate::pictures::Pixels;

/// All figures are as wide as this.
pub const WIDTH: f64 = 700.0;

/// A place: across from the left, down from the top.
pub type Point = (f64, f64);

/// A named colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hue {
    /// Black on white, white on black.
    Ink,
    /// Grey: axes, and what is of less importance.
    Soft,
    /// The first colour.
    Blue,
    /// The second.
    Orange,
    /// The third.
    Green,
    /// The fourth.
    Purple,
    /// The fifth.
    Gold,
}

impl Hue {
    /// The colours of curves, in order.
    pub const CURVES: [Hue; 5] = [Hue::Blue, Hue::Orange, Hue::Green, Hue::Purple, Hue::Gold];

    fn class(self) -> &'static str {
        match self {
            Hue::Ink => "ink",
            Hue::Soft => "soft",
            Hue::Blue => "blue",
            Hue::Orange => "orange",
            Hue::Green => "green",
            Hue::Purple => "purple",
            Hue::Gold => "gold",
        }
    }
}

/// Where a text stands, seen from its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its left border.
    pub left: f64,
    /// Its upper border.
    pub top: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

impl Rect {
    /// From its left upper corner and its size.
    pub const fn new(left: f64, top: f64, width: f64, height: f64) -> Self {
        Rect { left, top, width, height }
    }

    /// Its right border.
    pub const fn right(&self) -> f64 {
        self.left + self.width
    }

    /// Its lower border.
    pub const fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Its middle.
    pub const fn centre(&self) -> Point {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }
}

/// What has been drawn so far.
#[derive(Clone, Debug)]
pub struct Sheet {
    height: f64,
    body: String,
}

impl Sheet {
    /// An empty sheet, [`WIDTH`] wide.
    pub fn new(height: f64) -> Self {
        Sheet { height, body: String::new() }
    }

    /// A line.
    pub fn line(&mut self, hue: Hue, from: Point, to: Point) {
        self.polyline(hue, "", &[from, to]);
    }

    /// A line of one pixel.
    pub fn thin(&mut self, hue: Hue, from: Point, to: Point) {
        self.polyline(hue, " thin", &[from, to]);
    }

    /// A line of one pixel, dashed.
    pub fn dashed(&mut self, hue: Hue, from: Point, to: Point) {
        self.polyline(hue, " thin dashed", &[from, to]);
    }

    /// A line through all points; `style` is "", or " thin", " dashed" and the like.
    pub fn polyline(&mut self, hue: Hue, style: &str, points: &[Point]) {
        let (class, points) = (hue.class(), list(points));
        self.put(format_args!(r#"<polyline class="line{style} {class}" points="{points}"/>"#));
    }

    /// An area within a line through all points, as opaque as `opacity` says (0 to 1).
    pub fn area(&mut self, hue: Hue, opacity: f64, points: &[Point]) {
        let (class, points, opacity) = (hue.class(), list(points), short(opacity, 2));
        self.put(format_args!(
            r#"<polygon class="fill {class}" fill-opacity="{opacity}" points="{points}"/>"#
        ));
    }

    /// A filled rectangle, as opaque as `opacity` says.
    pub fn fill(&mut self, hue: Hue, opacity: f64, rect: Rect) {
        let (class, place, opacity) = (hue.class(), place(rect), short(opacity, 2));
        self.put(format_args!(r#"<rect class="fill {class}" fill-opacity="{opacity}" {place}/>"#));
    }

    /// The border of a rectangle, one pixel wide.
    pub fn border(&mut self, hue: Hue, rect: Rect) {
        let (class, place) = (hue.class(), place(rect));
        self.put(format_args!(r#"<rect class="line thin {class}" {place}/>"#));
    }

    /// The border of a rectangle, as wide as a curve.
    pub fn frame(&mut self, hue: Hue, rect: Rect) {
        let (class, place) = (hue.class(), place(rect));
        self.put(format_args!(r#"<rect class="line {class}" {place}/>"#));
    }

    /// A filled circle.
    pub fn dot(&mut self, hue: Hue, (x, y): Point, radius: f64) {
        let (class, x, y, r) = (hue.class(), short(x, 1), short(y, 1), short(radius, 1));
        self.put(format_args!(r#"<circle class="fill {class}" cx="{x}" cy="{y}" r="{r}"/>"#));
    }

    /// A circle's line.
    pub fn ring(&mut self, hue: Hue, (x, y): Point, radius: f64) {
        let (class, x, y, r) = (hue.class(), short(x, 1), short(y, 1), short(radius, 1));
        self.put(format_args!(r#"<circle class="line thin {class}" cx="{x}" cy="{y}" r="{r}"/>"#));
    }

    /// A line with a head at its end.
    pub fn arrow(&mut self, hue: Hue, from: Point, to: Point) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(1e-9);
        let (dx, dy) = (dx / length, dy / length);
        let at = |back: f64, aside: f64| (to.0 - back * dx - aside * dy, to.1 - back * dy + aside * dx);
        self.polyline(hue, " thin", &[from, at(6.0, 0.0)]);
        self.area(hue, 1.0, &[to, at(8.0, 3.5), at(8.0, -3.5)]);
    }

    /// Words; `place` is where their line begins, ends or has its middle.
    pub fn text(&mut self, hue: Hue, place: Point, anchor: Anchor, words: &str) {
        self.styled(hue, "", place, anchor, words);
    }

    /// Small words.
    pub fn small(&mut self, hue: Hue, place: Point, anchor: Anchor, words: &str) {
        self.styled(hue, " small", place, anchor, words);
    }

    /// Strong words, as headings.
    pub fn strong(&mut self, hue: Hue, place: Point, anchor: Anchor, words: &str) {
        self.styled(hue, " strong", place, anchor, words);
    }

    /// Words whose line runs upwards, centred at `place`.
    pub fn upwards(&mut self, hue: Hue, (x, y): Point, words: &str) {
        let (class, x, y, words) = (hue.class(), short(x, 1), short(y, 1), escaped(words));
        self.put(format_args!(
            r#"<text class="{class}" text-anchor="middle" transform="translate({x} {y}) rotate(-90)">{words}</text>"#
        ));
    }

    fn styled(&mut self, hue: Hue, style: &str, (x, y): Point, anchor: Anchor, words: &str) {
        if words.is_empty() {
            return;
        }
        let (class, x, y, words) = (hue.class(), short(x, 1), short(y, 1), escaped(words));
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.put(format_args!(
            r#"<text class="{class}{style}" x="{x}" y="{y}" text-anchor="{anchor}">{words}</text>"#
        ));
    }

    /// A picture of pixels, stretched to the rectangle; pixels have sharp edges but in photographs.
    pub fn picture(&mut self, rect: Rect, pixels: &Pixels) {
        let (place, address) = (place(rect), pixels.address());
        let style = if pixels.is_photograph() { "" } else { r#" style="image-rendering:pixelated""# };
        self.put(format_args!(r#"<image {place}{style} preserveAspectRatio="none" href="{address}"/>"#));
    }

    fn put(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string can't fail.
        let _ = writeln!(self.body, "{element}");
    }

    /// The SVG text, with words for those who don't see it.
    pub fn finish(&self, title: &str, description: &str) -> String {
        let (height, body, style) = (short(self.height, 1), &self.body, include_str!("style.css"));
        let (title, description) = (escaped(title), escaped(description));
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img">
<title>{title}</title>
<desc>{description}</desc>
<style>
{style}</style>
{body}</svg>
"#
        )
    }
}

/// A number with at most so many decimals, without zeros at its end.
pub fn short(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn list(points: &[Point]) -> String {
    let points = points.iter().map(|(x, y)| format!("{},{}", short(*x, 1), short(*y, 1)));
    points.collect::<Vec<_>>().join(" ")
}

fn place(rect: Rect) -> String {
    let [x, y, width, height] = [rect.left, rect.top, rect.width, rect.height].map(|number| short(number, 1));
    format!(r#"x="{x}" y="{y}" width="{width}" height="{height}""#)
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
