//! Maps of points.

use std::path::Path;

use plotters::prelude::*;

use super::Drawing;

const SIZE: (u32, u32) = (1200, 900);
/// Pixels between a dot and its label.
const LABEL_OFFSET: (i32, i32) = (6, -6);
const LETTER_HEIGHT: i32 = 12;
/// About; letters differ.
const LETTER_WIDTH: i32 = 6;

/// Draws a dot for every place, and of the labels that are not empty as many as can be read.
pub fn draw(path: &Path, title: &str, places: &[(f64, f64)], labels: &[String]) -> Drawing {
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let reach = |coordinate: fn(&(f64, f64)) -> f64| {
        let reach =
            places.iter().map(coordinate).filter(|x| x.is_finite()).fold(0.0, |a: f64, x| a.max(x.abs()));
        if reach > 0.0 { 1.1 * reach } else { 1.0 }
    };
    let (width, height) = (reach(|place| place.0), reach(|place| place.1));
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(56)
        .build_cartesian_2d(-width..width, -height..height)?;
    chart
        .configure_mesh()
        .x_desc("first coordinate")
        .y_desc("second coordinate")
        .light_line_style(WHITE)
        .draw()?;
    let labelled = |i: usize| labels.get(i).is_some_and(|label| !label.is_empty());
    let dots = places.iter().enumerate().map(|(i, &place)| {
        if labelled(i) {
            Circle::new(place, 3, RED.filled())
        } else {
            Circle::new(place, 1, BLUE.mix(0.3).filled())
        }
    });
    chart.draw_series(dots)?;
    let pixels: Vec<(i32, i32)> = places.iter().map(|place| chart.backend_coord(place)).collect();
    let texts = readable(&pixels, labels).into_iter().map(|i| {
        EmptyElement::at(places[i])
            + Text::new(labels[i].clone(), LABEL_OFFSET, ("sans-serif", LETTER_HEIGHT))
    });
    chart.draw_series(texts)?;
    area.present()?;
    Ok(())
}

/// The labels that can be written without writing on another one: those first whose dots have the fewest neighbours.
fn readable(pixels: &[(i32, i32)], labels: &[String]) -> Vec<usize> {
    let box_of = |i: usize| {
        let (left, top) = (pixels[i].0 + LABEL_OFFSET.0, pixels[i].1 + LABEL_OFFSET.1);
        (left, top, left + labels[i].chars().count() as i32 * LETTER_WIDTH, top + LETTER_HEIGHT)
    };
    let overlap = |i: usize, j: usize| {
        let (a, b) = (box_of(i), box_of(j));
        a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
    };
    let mut waiting: Vec<usize> =
        (0..pixels.len().min(labels.len())).filter(|&i| !labels[i].is_empty()).collect();
    let all = waiting.clone();
    waiting.sort_by_key(|&i| all.iter().filter(|&&j| overlap(i, j)).count());
    let mut written: Vec<usize> = Vec::new();
    for i in waiting {
        if !written.iter().any(|&j| overlap(i, j)) {
            written.push(i);
        }
    }
    written
}
