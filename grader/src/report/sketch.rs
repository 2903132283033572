//! Lines drawn with letters, for whoever has no other picture at hand.

use std::fmt::Write;

use crate::verdict::Line;

/// As wide as a frame gets.
const WIDTH: usize = 60;
/// Columns that the axis on the left takes.
const AXIS: usize = 14;
/// As high as it is where there is room.
const HEIGHT: usize = 11;
/// Lines beside it: a title, two of the axis below.
const BESIDE: usize = 3;
/// A mark for each line; the last for all others.
const MARKS: [char; 4] = ['●', '○', '×', '+'];

/// Draws lines into one frame of letters, `columns` wide at most, with the ends of both axes and a legend. What is not finite is left out, and counted.
pub fn sketch(columns: usize, title: &str, x: &str, lines: &[Line]) -> String {
    sketch_within((columns, usize::MAX), title, x, lines)
}

/// The same in no more than `rows` lines, as long as those suffice for a picture.
pub fn sketch_within((columns, rows): (usize, usize), title: &str, x: &str, lines: &[Line]) -> String {
    let height = rows.saturating_sub(BESIDE + lines.len()).clamp(4, HEIGHT);
    let finite = |line: &Line| {
        line.points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite()).collect::<Vec<_>>()
    };
    let points: Vec<Vec<(f64, f64)>> = lines.iter().map(finite).collect();
    let (xs, ys) = (span(points.iter().flatten().map(|p| p.0)), span(points.iter().flatten().map(|p| p.1)));
    let width = columns.saturating_sub(AXIS).clamp(8, WIDTH);
    let mut grid = vec![vec![' '; width]; height];
    // The first line is drawn last: it lies on top.
    for (number, points) in points.iter().enumerate().rev() {
        let mark = MARKS[number.min(MARKS.len() - 1)];
        for (x, y) in along(points) {
            let column = place(x, xs, width);
            grid[height - 1 - place(y, ys, height)][column] = mark;
        }
    }
    let mut text = format!("  {title}\n");
    for (number, row) in grid.iter().enumerate() {
        let label = match number {
            0 => short(ys.1),
            _ if number == height - 1 => short(ys.0),
            _ => String::new(),
        };
        _ = writeln!(text, "  {label:>9} ┤{}", row.iter().collect::<String>().trim_end());
    }
    _ = writeln!(text, "  {:>9} └{}", "", "─".repeat(width));
    let (first, last) = (short(xs.0), short(xs.1));
    let room = width.saturating_sub(first.chars().count() + last.chars().count());
    _ = writeln!(text, "  {:>9}  {first}{x:^room$}{last}", "");
    for (number, (line, points)) in lines.iter().zip(&points).enumerate() {
        let lost = line.points.len() - points.len();
        let lost = if lost > 0 {
            format!(" ({lost} of its numbers are no numbers any more)")
        } else {
            String::new()
        };
        _ = writeln!(text, "  {:>9}  {} {}{lost}", "", MARKS[number.min(MARKS.len() - 1)], line.name);
    }
    text
}

/// Points on the strokes between `points`, close enough to leave no gap.
fn along(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    const STEPS: u32 = 240;
    let stroke = |pair: &[(f64, f64)]| {
        let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
        (0..STEPS)
            .map(move |i| f64::from(i) / f64::from(STEPS))
            .map(move |t| (x + t * (to_x - x), y + t * (to_y - y)))
    };
    points.windows(2).flat_map(stroke).chain(points.last().copied()).collect()
}

fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if low < high {
        (low, high)
    } else if low == high {
        (low - 0.5, high + 0.5)
    } else {
        (0.0, 1.0)
    }
}

fn place(value: f64, (low, high): (f64, f64), cells: usize) -> usize {
    let share = (value - low) / (high - low) * (cells - 1) as f64;
    // A span may overflow, and its share is no number then.
    (share.round().max(0.0) as usize).min(cells - 1)
}

fn short(x: f64) -> String {
    match x.abs() {
        size if size != 0.0 && !(1e-3..1e5).contains(&size) => format!("{x:.1e}"),
        size if size >= 100.0 => format!("{x:.0}"),
        _ => format!("{x:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(f64, f64)]) -> Line {
        Line { name: "a line".to_owned(), points: points.to_vec() }
    }

    #[test]
    fn a_line_goes_from_corner_to_corner() {
        let drawn = sketch(96, "Loss", "epoch", &[line(&[(1.0, 0.0), (9.0, 4.0)])]);
        let rows: Vec<&str> = drawn.lines().collect();
        assert_eq!(rows.len(), 1 + HEIGHT + 3);
        assert!(rows[1].starts_with("       4.00 ┤") && rows[1].ends_with('●'), "{drawn}");
        assert!(rows[HEIGHT].starts_with("       0.00 ┤●●"), "{drawn}");
        let low = sketch_within((96, 9), "Loss", "epoch", &[line(&[(1.0, 0.0), (9.0, 4.0)])]);
        assert!(low.lines().count() <= 9 && low.contains("4.00 ┤"), "{low}");
        let narrow = sketch(60, "Loss", "epoch", &[line(&[(1.0, 0.0), (9.0, 4.0)])]);
        assert!(narrow.lines().all(|row| row.chars().count() <= 60), "{narrow}");
    }

    #[test]
    fn what_is_no_number_is_counted_and_not_drawn() {
        for points in
            [vec![], vec![(1.0, f64::NAN), (2.0, f64::INFINITY)], vec![(0.0, f64::MAX), (1.0, f64::MIN)]]
        {
            let drawn = sketch(96, "Loss", "epoch", &[line(&points)]);
            assert_eq!(drawn.contains("2 of its numbers"), points.iter().any(|p| p.1.is_nan()), "{drawn}");
        }
    }
}
