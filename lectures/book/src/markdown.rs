//! A lecture's text as mdBook wants it: formulas as MathML, headings with the forge's anchors, links and figures as they are
//! in the book, a box for each task. What is not one of these stays as it was written.

use std::{ops::Range, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::{
    Book, anchors,
    links::{self, Target},
    pages::Page,
    tasks,
};

/// A page's text for mdBook.
#[derive(Debug, Default)]
pub struct Chapter {
    /// Markdown with some HTML.
    pub text: String,
    /// The files that it shows, below `lectures/`, and in the book at the same place.
    pub figures: Vec<PathBuf>,
}

/// Markdown as the lectures are written: as on forges, and as mdBook reads it, with formulas besides.
pub fn parser(text: &str) -> Parser<'_> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    Parser::new_ext(text, options | Options::ENABLE_TASKLISTS | Options::ENABLE_MATH)
}

/// The page's text, put together anew.
///
/// # Errors
/// Names lecture and line of a formula that is none, of a link that leads nowhere, of a figure that is missing.
pub fn chapter(book: &Book, page: &Page) -> Result<Chapter> {
    let mut lecture = Lecture { book, page, edits: Vec::new(), figures: Vec::new() };
    for heading in anchors::headings(&page.text) {
        let end = heading.range.start + page.text[heading.range].trim_end().len();
        lecture.edits.push((end..end, format!(" {{#{}}}", heading.anchor)));
    }
    let mut events = parser(&page.text).into_offset_iter();
    while let Some((event, range)) = events.next() {
        let line = page.text[..range.start].matches('\n').count() + 1;
        let is_boxes = lecture.event(event, range);
        let is_boxes = is_boxes.with_context(|| format!("lectures/{}:{line}", page.source))?;
        if is_boxes {
            events.by_ref().find(|(event, _)| *event == Event::End(TagEnd::Table));
        }
    }
    Ok(Chapter { text: edited(&page.text, lecture.edits), figures: lecture.figures })
}

/// A lecture and what is to be changed in it.
struct Lecture<'b> {
    book: &'b Book<'b>,
    page: &'b Page,
    edits: Vec<(Range<usize>, String)>,
    figures: Vec<PathBuf>,
}

impl Lecture<'_> {
    /// Notes what an event asks for; says whether it was a table of tasks, which boxes replace.
    fn event(&mut self, event: Event, range: Range<usize>) -> Result<bool> {
        let formulas = &self.book.formulas;
        match event {
            Event::InlineMath(latex) => self.edits.push((range, formulas.inline(&latex)?)),
            Event::DisplayMath(latex) => self.edits.push((range, formulas.display(&latex)?)),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, range)?,
            Event::Start(Tag::Link { dest_url, link_type, .. }) => self.link(&dest_url, link_type, range)?,
            Event::Start(Tag::Image { dest_url, .. }) => {
                ensure!(
                    !self.page.text[range].starts_with("![]"),
                    "the figure `{dest_url}` has no text that says what it shows"
                );
                self.figure(&dest_url)?;
            }
            Event::Start(Tag::Table(_)) if tasks::is_table(&self.page.text[range.clone()]) => {
                let boxes = tasks::boxes(self.book, self.page, &self.page.text[range.clone()])?;
                self.edits.push((range, boxes));
                return Ok(true);
            }
            _ => {}
        }
        Ok(false)
    }

    fn html(&mut self, html: &str, range: Range<usize>) -> Result<()> {
        ensure!(!html.starts_with('#'), "a heading right below HTML is no heading: leave a line empty");
        if html.contains('$') {
            self.edits.push((range, self.book.formulas.in_html(html)?));
        }
        for attribute in ["src=\"", "srcset=\""] {
            for value in html.split(attribute).skip(1) {
                self.figure(value.split('"').next().unwrap_or(value))?;
            }
        }
        Ok(())
    }

    /// A file that is shown lies at the same place in the book.
    fn figure(&mut self, destination: &str) -> Result<()> {
        let Target::File(file) = links::target(&self.page.source, destination, &self.book.pages) else {
            bail!("the figure `{destination}` is no file of the course");
        };
        let is_there = self.book.course.root.join("lectures").join(&file).is_file();
        ensure!(is_there, "there is no figure `{destination}`");
        self.figures.push(file);
        Ok(())
    }

    fn link(&mut self, destination: &str, kind: LinkType, range: Range<usize>) -> Result<()> {
        let target = links::target(&self.page.source, destination, &self.book.pages);
        let address = match target {
            Target::Outside => return Ok(()),
            Target::Page(source, anchor) => Some(self.page_address(destination, &source, anchor)?),
            Target::File(file) => {
                let file = self.book.course.root.join("lectures").join(file);
                ensure!(file.exists(), "the link `{destination}` leads to no file");
                self.book.editor.address(&file, 1)
            }
        };
        ensure!(kind == LinkType::Inline, "the link `{destination}` is not written as `[…](…)`");
        let text = &self.page.text[range.clone()];
        let at = range.start
            + text.rfind(destination).with_context(|| format!("the link `{destination}` is escaped"))?;
        match address {
            Some(address) => self.edits.push((at..at + destination.len(), address)),
            // The name of the file is left.
            None => self
                .edits
                .extend([(range.start..range.start + 1, String::new()), (at - 2..range.end, String::new())]),
        }
        Ok(())
    }

    fn page_address(&self, destination: &str, source: &str, anchor: Option<String>) -> Result<String> {
        let page = self.book.pages.iter().find(|page| page.source == source).context("a page is missing")?;
        let way = if source == self.page.source { String::new() } else { links::between(self.page, page) };
        let Some(anchor) = anchor else { return Ok(way) };
        let known = self.book.anchors.get(source).is_some_and(|anchors| anchors.contains(&anchor));
        ensure!(known, "the link `{destination}` leads to no heading of lectures/{source}");
        Ok(format!("{way}#{anchor}"))
    }
}

/// `text` with pieces replaced that don't overlap.
fn edited(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let (mut result, mut done) = (String::new(), 0);
    for (range, new) in edits {
        // An edit inside of one that was made, a formula in a table of tasks for example, is gone with it.
        if range.start >= done {
            result += &text[done..range.start];
            result += &new;
            done = range.end;
        }
    }
    result + &text[done..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_replaced_in_order() {
        let edits = vec![(6..11, "there".to_owned()), (0..0, "> ".to_owned()), (7..8, "lost".to_owned())];
        assert_eq!(edited("hello world!", edits), "> hello there!");
    }
}
