//! Words as vectors: the lookup, and the bundled GloVe vectors as a map.

use anyhow::{Context, Result};
use datasets::glove::{self, Vectors};

use crate::{
    Figure,
    cells::Cells,
    sheet::{Anchor, Hue, Point, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "lookup",
        chapter: "special_layers",
        alt: "One-hot rows for the words 2, 0 and 2 times a table of four rows gives rows 2, 0 and 2 of the table.",
        caption: "Each 1 picks the row of its own colour; forward it is a lookup, backward the blue row collects two gradients.",
        draw: lookup,
    },
    Figure {
        name: "analogies",
        chapter: "special_layers",
        alt: "Word vectors of GloVe as three maps of two axes each: man to woman and king to queen, countries and capitals, and verbs with their past, joined by arrows.",
        caption: "The step from the first word to the second is much the same within a map, most of all from male to female; from verb to past it is rougher.",
        draw: analogies,
    },
    Figure {
        name: "neighbours",
        chapter: "special_layers",
        alt: "The nearest words to king minus man plus woman, to paris minus france plus italy and to said minus say plus go, by their cosines as bars; words of the question are grey.",
        caption: "The words of the question, in grey, lie near their own answer and are left out by convention; then queen and rome come first, and went, the third question's answer, does not come at all.",
        draw: neighbours,
    },
];

fn lookup() -> Result<Sheet> {
    let mut sheet = Sheet::new(210.0);
    let words = [2, 0, 2];
    let one_hot = Cells::square((30.0, 60.0), 34.0);
    let table = Cells { at: (265.0, 42.0), size: (52.0, 34.0) };
    let rows = Cells { at: (500.0, 60.0), size: (52.0, 34.0) };
    let hues = [Hue::Orange, Hue::Soft, Hue::Blue, Hue::Soft];
    let letters = ["a", "b", "c", "d"];
    for (i, &word) in words.iter().enumerate() {
        for column in 0..4 {
            let is_one = column == word;
            let shade = (hues[word], if is_one { 0.45 } else { 0.0 });
            one_hot.word(&mut sheet, (i, column), shade, if is_one { "1" } else { "0" });
        }
        for column in 0..3 {
            rows.word(&mut sheet, (i, column), (hues[word], 0.3), &format!("{}{column}", letters[word]));
        }
    }
    for (row, letter) in letters.into_iter().enumerate() {
        let opacity = if hues[row] == Hue::Soft { 0.0 } else { 0.3 };
        for column in 0..3 {
            table.word(&mut sheet, (row, column), (hues[row], opacity), &format!("{letter}{column}"));
        }
    }
    for (x, y, word) in
        [(30.0, 34.0, "one-hot (3, 4)"), (265.0, 28.0, "table (4, 3)"), (500.0, 34.0, "rows (3, 3)")]
    {
        sheet.small(Hue::Ink, (x, y), Anchor::Start, word);
    }
    sheet.text(Hue::Ink, (215.0, 116.0), Anchor::Middle, "·");
    sheet.text(Hue::Ink, (462.0, 116.0), Anchor::Middle, "=");
    Ok(sheet)
}

fn unit(vectors: &Vectors, word: &str) -> Result<Vec<f64>> {
    let vector = vectors.vector(word).with_context(|| format!("`{word}` is no bundled word"))?;
    let length = vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
    Ok(vector.iter().map(|x| f64::from(*x) / length).collect())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `a` without its part along each of the orthonormal `axes`, at length 1.
fn axis(a: &[f64], axes: &[&[f64]]) -> Vec<f64> {
    let mut rest = a.to_vec();
    for axis in axes {
        let part = dot(&rest, axis);
        rest.iter_mut().zip(*axis).for_each(|(x, y)| *x -= part * y);
    }
    let length = dot(&rest, &rest).sqrt();
    rest.into_iter().map(|x| x / length).collect()
}

/// A map of pairs of words: across, the mean step of the pairs; up, what separates the pairs most, the rest of the first and last.
fn map(vectors: &Vectors, pairs: &[(&str, &str)]) -> Result<Vec<(Point, Point)>> {
    let words: Vec<(Vec<f64>, Vec<f64>)> =
        pairs.iter().map(|(a, b)| Ok((unit(vectors, a)?, unit(vectors, b)?))).collect::<Result<_>>()?;
    let width = vectors.dimension;
    let mean = |of: &dyn Fn(&(Vec<f64>, Vec<f64>), usize) -> f64| -> Vec<f64> {
        (0..width).map(|k| words.iter().map(|pair| of(pair, k)).sum::<f64>() / words.len() as f64).collect()
    };
    let step = axis(&mean(&|pair, k| pair.1[k] - pair.0[k]), &[]);
    // The direction in which the pairs' middles differ most: the power method on their covariance.
    let middle = mean(&|pair, k| (pair.0[k] + pair.1[k]) / 2.0);
    let mut spread = axis(&words[0].0, &[&step]);
    for _ in 0..50 {
        let mut next = vec![0.0; width];
        for pair in &words {
            let centred: Vec<f64> = (0..width).map(|k| (pair.0[k] + pair.1[k]) / 2.0 - middle[k]).collect();
            let part = dot(&centred, &spread);
            next.iter_mut().zip(&centred).for_each(|(x, y)| *x += part * y);
        }
        spread = axis(&next, &[&step]);
    }
    let place = |word: &[f64]| (dot(word, &step), dot(word, &spread));
    Ok(words.iter().map(|(a, b)| (place(a), place(b))).collect())
}

fn analogies() -> Result<Sheet> {
    let vectors = glove::bundled()?;
    let maps: [(&str, &[(&str, &str)]); 3] = [
        (
            "male – female",
            &[("man", "woman"), ("king", "queen"), ("father", "mother"), ("son", "daughter"), ("he", "she")],
        ),
        (
            "country – capital",
            &[
                ("france", "paris"),
                ("england", "london"),
                ("japan", "tokyo"),
                ("russia", "moscow"),
                ("iraq", "baghdad"),
            ],
        ),
        (
            "verb – past",
            &[("go", "went"), ("take", "took"), ("make", "made"), ("come", "came"), ("give", "gave")],
        ),
    ];
    let mut sheet = Sheet::new(360.0);
    for (k, (name, pairs)) in maps.into_iter().enumerate() {
        let places = map(&vectors, pairs)?;
        let area = Rect::new(20.0 + 228.0 * k as f64, 40.0, 205.0, 280.0);
        sheet.strong(Hue::Ink, (area.left, area.top - 14.0), Anchor::Start, name);
        sheet.border(Hue::Soft, area);
        draw_map(&mut sheet, area, pairs, &places);
    }
    let words = "Across: the mean step of the five pairs. Up: what separates the pairs most. 50 dimensions, seen in two.";
    sheet.small(Hue::Soft, (20.0, 346.0), Anchor::Start, words);
    Ok(sheet)
}

fn draw_map(sheet: &mut Sheet, area: Rect, pairs: &[(&str, &str)], places: &[(Point, Point)]) {
    let all: Vec<Point> = places.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let range = |of: fn(&Point) -> f64| {
        let (low, high) = all.iter().map(of).fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(x), h.max(x)));
        (low, high - low)
    };
    let ((left, width), (low, height)) = (range(|p| p.0), range(|p| p.1));
    let onto = |p: Point| {
        let across = area.left + 62.0 + (p.0 - left) / width * (area.width - 124.0);
        (across, area.bottom() - 24.0 - (p.1 - low) / height * (area.height - 54.0))
    };
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (k, ((a, b), (from, to))) in pairs.iter().zip(places).enumerate() {
        let hue = Hue::CURVES[k];
        let (from, to) = (onto(*from), onto(*to));
        sheet.arrow(hue, from, to);
        sheet.dot(hue, from, 2.5);
        before.push((from, hue, *a));
        after.push((to, hue, *b));
    }
    label(sheet, before, Anchor::End, -6.0);
    label(sheet, after, Anchor::Start, 6.0);
}

/// Words beside their points, and below each other where the points lie close.
fn label(sheet: &mut Sheet, mut words: Vec<(Point, Hue, &str)>, anchor: Anchor, aside: f64) {
    words.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
    let mut lowest = f64::NEG_INFINITY;
    for ((x, y), hue, word) in words {
        lowest = (y + 4.0).max(lowest + 13.0);
        sheet.small(hue, (x + aside, lowest), anchor, word);
    }
}

fn neighbours() -> Result<Sheet> {
    let vectors = glove::bundled()?;
    let questions = [["man", "king", "woman"], ["france", "paris", "italy"], ["say", "said", "go"]];
    let mut sheet = Sheet::new(230.0);
    for (k, [a, b, c]) in questions.into_iter().enumerate() {
        let words = [unit(&vectors, a)?, unit(&vectors, b)?, unit(&vectors, c)?];
        let sought: Vec<f32> =
            (0..vectors.dimension).map(|i| (words[1][i] - words[0][i] + words[2][i]) as f32).collect();
        let left = 20.0 + 228.0 * k as f64;
        sheet.strong(Hue::Ink, (left, 26.0), Anchor::Start, &format!("{b} − {a} + {c}"));
        let mut is_first = true;
        for (row, (word, cosine)) in vectors.nearest(&sought, 5, &[]).into_iter().enumerate() {
            let is_asked = [a, b, c].contains(&word);
            let hue = if is_asked {
                Hue::Soft
            } else if is_first {
                Hue::Green
            } else {
                Hue::Blue
            };
            is_first &= is_asked;
            let top = 44.0 + 34.0 * row as f64;
            sheet.fill(hue, 0.35, Rect::new(left, top, 200.0 * f64::from(cosine), 26.0));
            sheet.text(Hue::Ink, (left + 8.0, top + 18.0), Anchor::Start, word);
            sheet.small(
                Hue::Ink,
                (left + 200.0 * f64::from(cosine) - 6.0, top + 17.0),
                Anchor::End,
                &format!("{cosine:.2}"),
            );
        }
    }
    sheet.small(
        Hue::Soft,
        (20.0, 224.0),
        Anchor::Start,
        "grey: a word of the question; green: the first that is not; numbers are cosines",
    );
    Ok(sheet)
}
