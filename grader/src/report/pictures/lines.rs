//! Line plots.

use std::path::Path;

use hidden::Plot;
use plotters::prelude::*;

use super::Drawing;
use crate::verdict::Line;

const SIZE: (u32, u32) = (720, 440);
/// Numbers at the abscissa.
const MOST_TICKS: usize = 11;
/// Points of fewer are seen one by one.
const FEW: usize = 40;

/// Told apart by people who see few colours as well (Okabe & Ito 2008, without the yellow, which is faint on white).
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(90, 90, 90),
];

/// Draws `lines` into one frame; what is not finite is left out, a single point is a dot, and few have marks.
pub fn draw(path: &Path, plot: &Plot, lines: &[Line]) -> Drawing {
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let (xs, ys) = (range(lines, |point| point.0, 0.0), range(lines, |point| point.1, 0.05));
    let mut chart = ChartBuilder::on(&area)
        .caption(&plot.title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(56)
        .build_cartesian_2d(xs.0..xs.1, ys.0..ys.1)?;
    let is_whole = lines.iter().flat_map(finite).all(|(x, _)| x.fract() == 0.0);
    let at_axis = |x: &f64| if is_whole && x.fract() != 0.0 { String::new() } else { number(*x) };
    chart
        .configure_mesh()
        .x_desc(&plot.x)
        .y_desc(&plot.y)
        .light_line_style(WHITE)
        // No half epochs between the epochs.
        .x_labels(if is_whole { MOST_TICKS.min((xs.1 - xs.0) as usize + 1) } else { MOST_TICKS })
        .x_label_formatter(&at_axis)
        .y_label_formatter(&|y| number(*y))
        .draw()?;
    for (i, line) in lines.iter().enumerate() {
        let colour = COLOURS[i % COLOURS.len()].to_rgba();
        let points: Vec<_> = finite(line).collect();
        let legend = move |(x, y)| PathElement::new(vec![(x, y), (x + 16, y)], colour.stroke_width(2));
        let drawn = match points[..] {
            [point] => chart.draw_series([Circle::new(point, 5, colour.filled())])?,
            _ => {
                let marked = if points.len() < FEW { &points[..] } else { &[] };
                chart.draw_series(marked.iter().map(|point| Circle::new(*point, 3, colour.filled())))?;
                chart.draw_series(LineSeries::new(points, colour.stroke_width(2)))?
            }
        };
        drawn.label(&line.name).legend(legend);
    }
    chart
        .configure_series_labels()
        .position(emptiest_side(lines, xs, ys))
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.2))
        .draw()?;
    area.present()?;
    Ok(())
}

/// A tick without the noise of binary fractions: 5, not 5.0; 0.3, not 0.30000000000000004.
fn number(x: f64) -> String {
    format!("{}", (x * 1e6).round() / 1e6 + 0.0)
}

/// The side for the legend that lines cover least, the upper right corner of equals.
fn emptiest_side(lines: &[Line], xs: (f64, f64), ys: (f64, f64)) -> SeriesLabelPosition {
    // About as wide and high as a legend is, in shares of the frame.
    const WIDTH: f64 = 0.36;
    let height = (0.06 * lines.len() as f64 + 0.04).min(0.5);
    let share = |(x, y): (f64, f64)| ((x - xs.0) / (xs.1 - xs.0), (y - ys.0) / (ys.1 - ys.0));
    let places: Vec<(f64, f64)> =
        lines.iter().flat_map(|line| drawn_along(&finite(line).map(share).collect::<Vec<_>>())).collect();
    let covered = |right: bool, bottom: f64| {
        let inside = |&&(x, y): &&(f64, f64)| {
            (if right { 1.0 - x } else { x }) < WIDTH && (bottom..bottom + height).contains(&y)
        };
        places.iter().filter(inside).count()
    };
    let (upper, middle) = (1.0 - height, 0.5 - height / 2.0);
    let sides = [
        (covered(true, upper), SeriesLabelPosition::UpperRight),
        (covered(true, 0.0), SeriesLabelPosition::LowerRight),
        (covered(false, upper), SeriesLabelPosition::UpperLeft),
        (covered(false, 0.0), SeriesLabelPosition::LowerLeft),
        (covered(true, middle), SeriesLabelPosition::MiddleRight),
        (covered(false, middle), SeriesLabelPosition::MiddleLeft),
    ];
    let least = sides.into_iter().min_by_key(|(places, _)| *places);
    least.map_or(SeriesLabelPosition::UpperRight, |(_, side)| side)
}

/// Places along the strokes between `points`: a long stroke crosses a legend without having an end in it.
fn drawn_along(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    const PLACES: u32 = 20;
    let between = |pair: &[(f64, f64)]| {
        let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
        let along = (0..PLACES).map(|i| f64::from(i) / f64::from(PLACES));
        along.map(|t| (x + t * (to_x - x), y + t * (to_y - y))).collect::<Vec<_>>()
    };
    points.windows(2).flat_map(between).chain(points.last().copied()).collect()
}

fn finite(line: &Line) -> impl Iterator<Item = (f64, f64)> + '_ {
    line.points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite())
}

/// From the least to the largest coordinate, with a margin; never empty.
fn range(lines: &[Line], coordinate: impl Fn((f64, f64)) -> f64, margin: f64) -> (f64, f64) {
    let all = || lines.iter().flat_map(finite).map(&coordinate);
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    match high - low {
        width if width > 0.0 => (low - margin * width, high + margin * width),
        0.0 => (low - 0.5, high + 0.5),
        _ => (0.0, 1.0),
    }
}
