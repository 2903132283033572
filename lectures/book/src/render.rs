//! Has mdBook write the pages, and puts them where they belong. A folder that holds anything else is left alone.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use grader::course::Course;
use mdbook_core::{
    book::{Book as Items, BookItem, Chapter, SectionNumber},
    config::Config,
};
use mdbook_html::HtmlHandlebars;
use mdbook_renderer::{RenderContext, Renderer};

use crate::{
    Book,
    links::Editor,
    markdown,
    pages::{self, Page},
};

/// What tells a book of ours from any other folder.
const MARK: &str = ".crash-course-book";
/// What mdBook gets beside the pages' text: a name below its root, and what it holds.
const FILES: [(&str, &[u8]); 3] = [
    ("course.css", include_bytes!("../theme/course.css")),
    ("src/course-math.woff2", include_bytes!("../theme/course-math.woff2")),
    ("src/COURSE-MATH-LICENSE.txt", include_bytes!("../theme/COURSE-MATH-LICENSE.txt")),
];

/// Builds the book of `course` at `place`, and says which file to open.
///
/// # Errors
/// When a lecture has a fault, when `place` holds something else, and when it can't be written.
pub fn build(course: &Course, place: &Path, editor: Editor) -> Result<PathBuf> {
    let is_empty = fs::read_dir(place).map_or(!place.exists(), |mut entries| entries.next().is_none());
    ensure!(
        is_empty || place.join(MARK).is_file(),
        "`{}` holds something else than a book and was left as it is: name a new folder",
        place.display()
    );
    let draft = tempfile::tempdir().context("failed to make a folder for the pages")?;
    let book = Book::new(course, editor)?;
    let items = items(&book, draft.path())?;
    for (name, content) in FILES {
        write(&draft.path().join(name), content)?;
    }
    let context = RenderContext::new(draft.path(), items, config(course)?, place);
    HtmlHandlebars::new().render(&context).context("mdBook failed to write the pages")?;
    write(&place.join(MARK), b"")?;
    let index = place.join("index.html");
    fs::canonicalize(&index).with_context(|| format!("failed to find `{}`", index.display()))
}

/// The pages as mdBook has them; their figures are copied below `draft`.
fn items(book: &Book, draft: &Path) -> Result<Items> {
    let lectures = book.course.root.join("lectures");
    let mut items = Vec::new();
    for page in &book.pages {
        let chapter = markdown::chapter(book, page)?;
        for figure in chapter.figures {
            let content = fs::read(lectures.join(&figure));
            let content = content.with_context(|| format!("failed to read `{}`", figure.display()))?;
            write(&draft.join("src").join(&figure), &content)?;
        }
        items.push(item(page, chapter.text));
    }
    Ok(Items::new_with_items(items))
}

fn item(page: &Page, text: String) -> BookItem {
    let mut chapter = Chapter::new(&page.title, text, &page.path, Vec::new());
    chapter.number = page.number.map(|number| SectionNumber::new([number]));
    BookItem::Chapter(chapter)
}

fn config(course: &Course) -> Result<Config> {
    let mut config: Config = include_str!("../book.toml").parse().context("failed to read book.toml")?;
    config.book.title = Some(course.title.clone());
    Ok(config)
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, content))
        .with_context(|| format!("failed to write `{}`", path.display()))
}

/// Every page's file in the book, from which readers start.
pub fn files(course: &Course) -> Result<Vec<String>> {
    let mut files: Vec<String> = pages::all(course)?.iter().map(Page::html).collect();
    files.push("print.html".to_owned());
    Ok(files)
}
