//! Formulas: LaTeX becomes MathML, which browsers lay out themselves, without a script.

use anyhow::{Result, anyhow};
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

/// Turns formulas into MathML.
pub struct Formulas(LatexToMathML);

impl Formulas {
    /// With the commands that LaTeX has.
    pub fn new() -> Result<Self> {
        let converter = LatexToMathML::new(MathCoreConfig::default());
        converter.map(Self).map_err(|error| anyhow!("failed to prepare formulas: {error:?}"))
    }

    /// A formula inside a line, as HTML that can stand in Markdown.
    pub fn inline(&self, latex: &str) -> Result<String> {
        self.convert(latex, MathDisplay::Inline)
    }

    /// A formula in a line of its own, which can be scrolled where it is wider than the page.
    pub fn display(&self, latex: &str) -> Result<String> {
        let formula = self.convert(latex, MathDisplay::Block)?;
        Ok(format!("<span class=\"formula\" tabindex=\"0\">{formula}</span>"))
    }

    /// The `$…$` of a piece of HTML, which Markdown leaves as it is.
    pub fn in_html(&self, html: &str) -> Result<String> {
        let mut text = String::new();
        for (i, piece) in html.split('$').enumerate() {
            // An odd piece stands between two signs, unless the last one is missing.
            if i % 2 == 1 { text += &self.inline(piece)? } else { text += piece }
        }
        Ok(text)
    }

    fn convert(&self, latex: &str, display: MathDisplay) -> Result<String> {
        let converted = self.0.convert_with_local_state(latex.trim(), display);
        let formula = converted.map_err(|error| anyhow!("the formula `{}`: {error}", latex.trim()))?;
        Ok(protected(&formula.mathml))
    }
}

/// What stands between tags in numbers: Markdown would take a `*` or `|` of a formula for its own.
fn protected(html: &str) -> String {
    let (mut text, mut in_tag, mut in_entity) = (String::new(), false, false);
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '&' if !in_tag => in_entity = true,
            _ => {}
        }
        let plain = in_tag || in_entity || !c.is_ascii_punctuation();
        if plain {
            text.push(c)
        } else {
            text += &format!("&#{};", u32::from(c))
        }
        in_tag &= c != '>';
        in_entity &= c != ';';
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_finds_nothing_in_a_formula() {
        let formulas = Formulas::new().unwrap();
        let html = formulas.inline("a * b | c_1 < 2").unwrap();
        assert!(html.starts_with("<math") && html.contains("&#124;") && html.contains("&lt;"), "{html}");
        assert!(!html.contains(['*', '|', '_', '\n']), "{html}");
    }

    #[test]
    fn a_faulty_formula_is_named() {
        let message = Formulas::new().unwrap().inline(r"\frac{1}").unwrap_err().to_string();
        assert!(message.contains(r"\frac{1}"), "{message}");
    }

    #[test]
    fn formulas_in_html_are_found() {
        let html = Formulas::new().unwrap().in_html("<summary>Why $x$?</summary>").unwrap();
        assert!(html.contains("<math>") && !html.contains('$'), "{html}");
    }
}
