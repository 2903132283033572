//! The anchors of a lecture's headings, as forges compute them, so that a link leads to the same place there and here.

use std::{collections::HashMap, ops::Range};

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown;

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Where it stands: bytes of the text.
    pub range: Range<usize>,
    /// What a link calls it, behind `#`.
    pub anchor: String,
}

/// The headings of a lecture in their order.
pub fn headings(text: &str) -> Vec<Heading> {
    let (mut found, mut title, mut times) = (Vec::new(), None, HashMap::new());
    for (event, range) in markdown::parser(text).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => title = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let anchor = once(&mut times, slug(&title.take().unwrap_or_default()));
                found.push(Heading { range, anchor });
            }
            Event::Text(piece) | Event::Code(piece) | Event::InlineMath(piece) => {
                title.iter_mut().for_each(|title| title.push_str(&piece));
            }
            _ => {}
        }
    }
    found
}

/// A title's letters and digits in lower case, with hyphens for spaces.
fn slug(title: &str) -> String {
    let kept = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    };
    title.trim().to_lowercase().chars().filter_map(kept).collect()
}

/// The second heading of a name is told apart by a number.
fn once(times: &mut HashMap<String, usize>, slug: String) -> String {
    let before = times.entry(slug.clone()).or_default();
    *before += 1;
    if *before == 1 { slug } else { format!("{slug}-{}", *before - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_forges() {
        let text = "# Tools\n\n## 2 Tensors: numbers, with a *shape*\n\n## `x.relu()` — fast\n\n## Tools\n";
        let anchors: Vec<String> = headings(text).into_iter().map(|heading| heading.anchor).collect();
        assert_eq!(anchors, ["tools", "2-tensors-numbers-with-a-shape", "xrelu--fast", "tools-1"]);
    }
}
