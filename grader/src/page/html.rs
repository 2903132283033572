//! Markup that is safe by its type: whatever was written elsewhere becomes [`Html`] in one place, escaped and without control
//! characters. Names of elements and attributes are this program's own.

use std::fmt::Write;

use crate::clean::{clean, escape_markup};

/// Characters of one text that are shown; nobody reads more, and a browser should not have to lay it out.
const LONGEST: usize = 40_000;

/// Markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

/// Attributes: names and raw values.
pub type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Html {
    /// Any text.
    pub fn text(raw: &str) -> Self {
        let mut html = String::with_capacity(raw.len());
        match raw.char_indices().nth(LONGEST) {
            None => escape(&mut html, raw),
            Some((end, _)) => {
                escape(&mut html, &raw[..end]);
                _ = write!(html, "\n… {} bytes more", raw.len() - end);
            }
        }
        Self(html)
    }

    /// Markup that is written in this program.
    pub fn own(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// Markup that was made of this type before, and kept as text.
    pub(super) fn finished(markup: &str) -> Self {
        Self(markup.to_owned())
    }

    /// An element.
    pub fn tag(name: &'static str, attributes: Attributes, inside: Self) -> Self {
        let mut html = opening(name, attributes);
        _ = write!(html, ">{}</{name}>", inside.0);
        Self(html)
    }

    /// An element without content.
    pub fn void(name: &'static str, attributes: Attributes) -> Self {
        Self(opening(name, attributes) + "/>")
    }

    /// An element of a class around a text.
    pub fn said(name: &'static str, class: &str, raw: &str) -> Self {
        let attributes: Attributes = if class.is_empty() { &[] } else { &[("class", class)] };
        Self::tag(name, attributes, Self::text(raw))
    }

    /// Adds something behind.
    pub fn push(&mut self, more: Self) {
        self.0 += &more.0;
    }

    /// With something behind.
    pub fn and(mut self, more: Self) -> Self {
        self.push(more);
        self
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a browser reads it.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl FromIterator<Html> for Html {
    fn from_iter<I: IntoIterator<Item = Html>>(parts: I) -> Self {
        parts.into_iter().fold(Self::default(), Self::and)
    }
}

fn opening(name: &str, attributes: Attributes) -> String {
    let mut html = format!("<{name}");
    for (name, value) in attributes {
        _ = write!(html, " {name}=\"");
        escape(&mut html, value);
        html.push('"');
    }
    html
}

fn escape(html: &mut String, raw: &str) {
    html.push_str(&escape_markup(&clean(raw)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_text_is_only_shown() {
        let hostile = "<script>alert(1)</script>\u{1b}[2J\u{0}\u{202e}\" onload='x' &amp;";
        let shown = Html::tag("p", &[("title", hostile)], Html::text(hostile)).into_string();
        assert_eq!(shown.matches('<').count(), 2, "{shown}");
        assert_eq!(shown.matches('"').count(), 2, "{shown}");
        assert!(!shown.contains(['\'', '\u{1b}', '\u{0}', '\u{202e}']), "{shown}");
        assert!(
            shown.contains("&lt;script&gt;") && shown.contains("\\u{1b}[2J") && shown.contains("&amp;amp;")
        );
    }

    #[test]
    fn a_line_of_a_megabyte_is_cut() {
        let shown = Html::text(&"ä".repeat(1 << 20)).into_string();
        assert!(shown.ends_with("bytes more") && shown.len() < 3 * LONGEST, "{}", shown.len());
    }

    proptest! {
        #[test]
        fn no_text_ends_its_element(text in "(\\PC|\\pC|[<>&\"']){0,40}") {
            let shown = Html::text(&text).into_string();
            prop_assert!(!shown.contains(['<', '>', '"', '\'']));
        }
    }
}
