//! How numbers are distributed, beside how they should be, with the part of the axis where a statistic or each number may lie.

use hidden::Distribution;

use super::{Frame, Series, chart, short, span};
use crate::{page::html::Html, verdict::Draws};

const BINS: usize = 40;

/// Draws as a histogram.
pub fn histogram(draws: &Draws) -> Html {
    let Some((low, high)) = span(draws.values.iter().copied()) else {
        return Html::said("p", "faint", "None of these numbers is finite: there is nothing to draw.");
    };
    let (low, high) = if low < high { (low, high) } else { (low - 0.5, high + 0.5) };
    let mut series = vec![Series {
        name: "yours".to_owned(),
        class: "yours",
        points: outline(&draws.values, low, high),
        is_joined: true,
    }];
    if let Some(expected) = draws.expected {
        let xs = (0..=100).map(|i| low + (high - low) * f64::from(i) / 100.0);
        let points = xs.map(|x| (x, density(expected, x))).collect();
        series.push(Series { name: "expected".to_owned(), class: "wanted", points, is_joined: true });
    }
    let bands: Vec<(f64, f64)> = band(draws, (low, high)).into_iter().collect();
    let what = format!("Histogram of {}", draws.name);
    let frame = Frame { what: &what, x: "value", y: "density", bands: &bands };
    Html::said("p", "", &caption(draws, !bands.is_empty())).and(chart(&frame, &series))
}

fn caption(draws: &Draws, has_band: bool) -> String {
    let range = match draws.allowed {
        (low, high) if low == high => short(low),
        (low, high) if low.is_finite() && high.is_finite() => format!("{} to {}", short(low), short(high)),
        (low, _) if low.is_finite() => format!("at least {}", short(low)),
        (_, high) => format!("at most {}", short(high)),
    };
    let shaded = if has_band { " (shaded)" } else { "" };
    match &draws.statistic {
        Some((name, got)) => format!("The {name} is {}; expected {range}{shaded}.", short(*got)),
        None => format!("Each of these numbers should be {range}{shaded}."),
    }
}

/// What of the axis is allowed: of what is a value itself; a standard deviation lies nowhere on it.
fn band(draws: &Draws, (low, high): (f64, f64)) -> Option<(f64, f64)> {
    let is_a_value = match &draws.statistic {
        None => true,
        Some((name, _)) => {
            ["mean", "smallest element", "largest element", "last element"].contains(&name.as_str())
        }
    };
    let wide = high - low;
    let (from, to) = (draws.allowed.0.max(low - wide), draws.allowed.1.min(high + wide));
    (is_a_value && from <= to).then_some((from, to))
}

/// The outline of the columns, whose area is 1.
fn outline(values: &[f64], low: f64, high: f64) -> Vec<(f64, f64)> {
    let bins = BINS.min(values.len()).max(4);
    let (mut counts, width) = (vec![0usize; bins], (high - low) / bins as f64);
    for x in values.iter().filter(|x| x.is_finite()) {
        counts[(((x - low) / width) as usize).min(bins - 1)] += 1;
    }
    let all = counts.iter().sum::<usize>() as f64 * width;
    let columns = counts.iter().enumerate().flat_map(|(i, count)| {
        let (left, y) = (low + i as f64 * width, *count as f64 / all);
        [(left, y), (left + width, y)]
    });
    [(low, 0.0)].into_iter().chain(columns).chain([(high, 0.0)]).collect()
}

fn density(distribution: Distribution, x: f64) -> f64 {
    let normal = |mean: f64, std: f64| {
        let z = (x - mean) / std;
        (-z * z / 2.0).exp() / (std * std::f64::consts::TAU.sqrt())
    };
    match distribution {
        Distribution::Normal { mean, std } => normal(mean, std),
        // What is cut off is spread over the rest: a twentieth at two standard deviations.
        Distribution::TruncatedNormal { mean, std, cut } if (x - mean).abs() <= cut => {
            normal(mean, std) / kept(cut / std)
        }
        Distribution::Uniform { low, high } if (low..=high).contains(&x) => 1.0 / (high - low),
        Distribution::TruncatedNormal { .. } | Distribution::Uniform { .. } => 0.0,
    }
}

/// The share of a normal distribution within so many standard deviations, by the trapezoidal rule.
fn kept(deviations: f64) -> f64 {
    const STEPS: u32 = 200;
    let at = |i: u32| {
        let z = deviations * f64::from(i) / f64::from(STEPS);
        (-z * z / 2.0).exp()
    };
    let sum: f64 = (0..STEPS).map(|i| (at(i) + at(i + 1)) / 2.0).sum();
    2.0 * sum * deviations / f64::from(STEPS) / std::f64::consts::TAU.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_densities_have_the_area_one() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i % 100)).collect();
        let points = outline(&values, 0.0, 99.0);
        let area: f64 = points.windows(2).map(|p| (p[1].0 - p[0].0) * (p[0].1 + p[1].1) / 2.0).sum();
        assert!((area - 1.0).abs() < 1e-9, "{area}");
        assert!((kept(2.0) - 0.9545).abs() < 1e-4);
    }

    #[test]
    fn strange_draws_are_drawn_or_said() {
        for values in [vec![f64::NAN; 3], vec![1.0; 3], vec![f64::INFINITY, 1.0, 2.0]] {
            let allowed = (f64::NEG_INFINITY, 3.0);
            let draws = Draws { name: "`w`".to_owned(), values, statistic: None, allowed, expected: None };
            assert!(!histogram(&draws).into_string().contains("NaN"));
        }
    }
}
