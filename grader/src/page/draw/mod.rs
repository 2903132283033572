//! Pictures as markup: charts as SVG, arrays as cells or pixels, each with a scale in numbers. What is drawn comes from the judge's side;
//! where it stands on the page is the page's.

mod cells;
mod chart;
mod colour;
mod histogram;
mod planes;
mod sight;

pub use chart::{Frame, Series, chart};
pub use planes::Channels;
pub use sight::{several, sight};

/// A number on a scale: three digits, and no noise of binary fractions.
pub fn short(x: f64) -> String {
    match x.abs() {
        _ if x.is_nan() => "NaN".to_owned(),
        _ if x.is_infinite() => if x > 0.0 { "∞" } else { "−∞" }.to_owned(),
        0.0 => "0".to_owned(),
        size if (1e-3..1e5).contains(&size) => {
            let digits = (2 - size.log10().floor() as i32).clamp(0, 5) as usize;
            rounded(x, digits)
        }
        _ => format!("{x:.1e}").replace('-', "−"),
    }
}

/// A number in as few letters as a cell has room for, with fewer digits where three are too many.
pub fn brief(x: f64) -> String {
    const LETTERS: usize = 6;
    let fits = |text: &String| text.chars().count() <= LETTERS;
    let text = short(x);
    if fits(&text) {
        return text;
    }
    if text.contains('e') {
        return format!("{x:.0e}").replace('-', "−");
    }
    (1..5).rev().map(|digits| rounded(x, digits)).find(fits).unwrap_or(text)
}

/// With at most so many decimals, without zeros at its end.
fn rounded(x: f64, decimals: usize) -> String {
    let text = format!("{x:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.replace('-', "−")
}

/// The least and the largest of the finite numbers; `None` where there are none.
pub fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|x| x.is_finite()).fold(None, |span, x| match span {
        None => Some((x, x)),
        Some((low, high)) => Some((x.min(low), x.max(high))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_on_scales_are_short() {
        let shown = [0.5, -2.0, 1234.5678, 1e-9, f64::NAN, 0.0, 0.30000000000000004].map(short);
        assert_eq!(shown, ["0.5", "−2", "1235", "1.0e−9", "NaN", "0", "0.3"]);
    }

    #[test]
    fn numbers_in_cells_are_shorter() {
        let shown = [-0.0366, -0.0704, -0.00123, -8.1e-9, 0.00123, -0.239, -12345.0, 2.23].map(brief);
        assert_eq!(shown, ["−0.037", "−0.07", "−0.001", "−8e−9", "0.0012", "−0.239", "−12345", "2.23"]);
    }
}
