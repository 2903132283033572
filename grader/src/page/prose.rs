//! The docs of a task as markup: paragraphs, lists, code, what is stressed. As much of Markdown as docs here use; everything else stays
//! as it is written.

use super::html::Html;

/// What a line begins.
enum Block<'a> {
    Code(Vec<&'a str>),
    Items(Vec<String>),
    Heading(&'a str),
    Rows(Vec<&'a str>),
    Paragraph(String),
}

/// The docs as markup.
pub fn prose(docs: &str) -> Html {
    blocks(docs).into_iter().map(markup).collect()
}

fn blocks(docs: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut lines) = (Vec::new(), docs.lines());
    let mut fresh = true;
    while let Some(raw) = lines.next() {
        // A line of docs begins with the blank behind `///`.
        let line = raw.trim();
        let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).or_else(|| numbered(line));
        if line.is_empty() {
            fresh = true;
            continue;
        }
        if line.starts_with("```") {
            let code = lines.by_ref().take_while(|line| !line.trim().starts_with("```"));
            // What rustdoc hides is not for reading.
            blocks.push(Block::Code(code.filter(|line| !line.trim().starts_with("# ")).collect()));
        } else if let Some(heading) = line.strip_prefix('#') {
            blocks.push(Block::Heading(heading.trim_start_matches('#').trim()));
        } else if line.starts_with('|') {
            match blocks.last_mut() {
                Some(Block::Rows(rows)) if !fresh => rows.push(line),
                _ => blocks.push(Block::Rows(vec![line])),
            }
        } else if let Some(item) = item {
            match blocks.last_mut() {
                Some(Block::Items(items)) => items.push(item.to_owned()),
                _ => blocks.push(Block::Items(vec![item.to_owned()])),
            }
        } else {
            match blocks.last_mut() {
                Some(Block::Paragraph(text)) if !fresh => *text += &format!(" {line}"),
                Some(Block::Items(items)) if !fresh => {
                    items.last_mut().into_iter().for_each(|item| *item += &format!(" {line}"));
                }
                _ => blocks.push(Block::Paragraph(line.to_owned())),
            }
        }
        fresh = false;
    }
    blocks
}

fn numbered(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    (rest.len() < line.len()).then(|| rest.strip_prefix(". ")).flatten()
}

fn markup(block: Block) -> Html {
    match block {
        Block::Code(lines) => {
            let indent = lines.iter().filter(|line| !line.trim().is_empty());
            let indent = indent.map(|line| line.len() - line.trim_start().len()).min().unwrap_or_default();
            let lines: Vec<&str> = lines.iter().map(|line| line.get(indent..).unwrap_or_default()).collect();
            Html::tag("pre", &[], Html::said("code", "", &lines.join("\n")))
        }
        Block::Items(items) => {
            Html::tag("ul", &[], items.iter().map(|item| Html::tag("li", &[], inline(item))).collect())
        }
        Block::Heading(text) => Html::tag("h4", &[], inline(text)),
        Block::Rows(rows) => Html::said("pre", "", &rows.join("\n")),
        Block::Paragraph(text) => Html::tag("p", &[], inline(&text)),
    }
}

/// Code in backticks, what is stressed by asterisks, links by their words.
pub fn inline(text: &str) -> Html {
    let (mut html, mut rest) = (Html::default(), text);
    while let Some(at) = rest.find(['`', '*', '[']) {
        let (before, after) = rest.split_at(at);
        html.push(Html::text(before));
        let (piece, left) = piece(after);
        html.push(piece);
        rest = left;
    }
    html.and(Html::text(rest))
}

/// The markup that `text` begins with, and what is left; its first letter where that begins nothing.
fn piece(text: &str) -> (Html, &str) {
    for (mark, name) in [("``", "code"), ("`", "code"), ("**", "strong"), ("*", "em")] {
        let inside = text.strip_prefix(mark).and_then(|rest| rest.split_once(mark));
        if let Some((inside, rest)) = inside.filter(|(inside, _)| {
            !inside.is_empty() && (name == "code" || !inside.starts_with(' ') && !inside.ends_with(' '))
        }) {
            return (Html::said(name, "", inside), rest);
        }
    }
    // The page leads nowhere: of a link its words stay.
    if let Some((words, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let behind = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(_, rest)| rest);
        if let Some(rest) = behind.or((words.starts_with('`') && words.ends_with('`')).then_some(rest)) {
            return (inline(words), rest);
        }
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    (Html::text(&text[..first]), &text[first..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docs_become_markup() {
        let docs = " Mirrors *every* image: `x < y`,\n see [`flips`](crate::flips).\n\n - one\n   more\n - two\n\n ```\n # use dfdx;\n let a = 1;\n ```\n";
        let wanted = "<p>Mirrors <em>every</em> image: <code>x &lt; y</code>, see <code>flips</code>.</p><ul><li>one more</li>\
                      <li>two</li></ul><pre><code>let a = 1;</code></pre>";
        assert_eq!(prose(docs).into_string(), wanted);
    }

    #[test]
    fn what_is_no_markup_stays() {
        for text in ["a * b * c", "x[0] is 2", "`open", "**", "[", "2 ** 3", "<b>"] {
            let shown = inline(text).into_string();
            assert_eq!(shown.replace("&lt;", "<").replace("&gt;", ">"), text);
        }
    }
}
