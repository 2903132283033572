//! The book as files: every link and anchor leads somewhere, no formula is left as source, every task has its box, and a fault
//! of a lecture is named with its line. What a browser makes of the pages, `browser` looks at.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use book::{Book, anchors, links::Editor, markdown, pages, render};
use grader::course::Course;
use pulldown_cmark::{CodeBlockKind, Event, Tag};

fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The pages of the book by their names.
fn built() -> &'static BTreeMap<String, String> {
    static PAGES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let (course, place) = (course(), place());
        render::build(&course, &place, Editor::File).unwrap();
        let read = |file: String| (file.clone(), fs::read_to_string(place.join(&file)).unwrap());
        render::files(&course).unwrap().into_iter().map(read).collect()
    })
}

fn place() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages")
}

/// The values of an attribute.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    html.split(&format!(" {attribute}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_link_leads_somewhere_and_nothing_is_fetched() {
    let ids: BTreeMap<&str, BTreeSet<&str>> = built()
        .iter()
        .map(|(name, html)| (name.as_str(), values(html, "id").into_iter().collect()))
        .collect();
    let mut followed = 0;
    for (name, html) in built() {
        for address in values(html, "src").into_iter().chain(values(html, "srcset")) {
            assert!(!address.contains("//"), "{name} fetches {address}");
        }
        for address in values(html, "href").into_iter().chain(values(html, "src")) {
            if address.starts_with("http") || address.is_empty() {
                continue;
            }
            let (path, anchor) =
                address.split_once('#').map_or((address, None), |(path, anchor)| (path, Some(anchor)));
            let file = match path.strip_prefix("file://") {
                Some(file) => PathBuf::from(file),
                None if path.is_empty() => place().join(name),
                None => place().join(name).with_file_name(path),
            };
            assert!(file.exists(), "{name} links to {address}");
            let target = fs::canonicalize(&file).unwrap();
            let target = target.strip_prefix(fs::canonicalize(place()).unwrap()).ok().and_then(Path::to_str);
            if let (Some(anchor), Some(ids)) = (anchor, target.and_then(|target| ids.get(target))) {
                assert!(ids.contains(anchor), "{name} links to {address}, where no such place is");
                followed += 1;
            }
        }
    }
    assert!(followed > 300, "only {followed} anchors found");
}

#[test]
fn no_formula_is_left_as_source() {
    let course = course();
    for page in pages::all(&course).unwrap() {
        let is_formula = |event: &Event| matches!(event, Event::InlineMath(_) | Event::DisplayMath(_));
        let formulas = markdown::parser(&page.text).filter(is_formula).count();
        let html = &built()[&page.html()];
        let shown = html.matches("<math").count();
        assert!(shown >= formulas, "{}: {formulas} formulas, {shown} shown", page.source);
        for text in outside_of_code(html) {
            assert!(!text.contains('$'), "{} shows {text}", page.source);
        }
    }
}

/// The text between tags, but for code and scripts.
fn outside_of_code(html: &str) -> Vec<&str> {
    let (mut texts, mut inside) = (Vec::new(), 0);
    for piece in html.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.split(' ').next().unwrap();
        match name {
            "code" | "script" | "pre" => inside += 1,
            "/code" | "/script" | "/pre" => inside -= 1,
            _ => {}
        }
        if inside == 0 {
            texts.push(text);
        }
    }
    texts
}

#[test]
fn every_task_has_a_box_with_all_of_its_hints() {
    let course = course();
    for exercise in course.exercises() {
        let html = &built()[&format!("{}/index.html", exercise.chapter)];
        let id = format!("id=\"task-{}\"", exercise.id);
        let task = html.split(&id).nth(1).unwrap_or_else(|| panic!("{} has no box", exercise.full_id()));
        let task = task.split("</section>").next().unwrap();
        assert!(task.contains(&format!("{} minutes", exercise.minutes)), "{}", exercise.full_id());
        assert_eq!(task.matches("class=\"hint\"").count(), exercise.hints.len(), "{}", exercise.full_id());
        assert_eq!(
            task.matches("<details").count(),
            task.matches("</details>").count(),
            "{}",
            exercise.full_id()
        );
        assert!(task.contains("language-rust"), "{} shows no signature", exercise.full_id());
    }
}

/// `cargo test` compiles the others: those of `saved.md` with the toolkit, those of the chapters with this package.
#[test]
fn code_that_is_not_compiled_says_why() {
    for page in pages::all(&course()).unwrap() {
        for (event, range) in markdown::parser(&page.text).into_offset_iter() {
            let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) = event else { continue };
            let line = page.text[..range.start].lines().count() + 1;
            assert!(
                !language.is_empty(),
                "lectures/{}:{line} does not say which language it is",
                page.source
            );
            let before = page.text[..range.start].trim_end().lines().last().unwrap_or_default();
            let is_reasoned = before.starts_with("<!-- not compiled: ");
            assert_eq!(language.contains("ignore"), is_reasoned, "lectures/{}:{line}", page.source);
        }
    }
}

/// What the grader says leads into the lectures, too.
#[test]
fn places_that_the_grader_names_are_there() {
    let course = course();
    let pages = pages::all(&course).unwrap();
    let mut named = 0;
    for file in ["mod.rs", "names.rs"] {
        let text = fs::read_to_string(course.root.join("grader/src/messages/walls").join(file)).unwrap();
        for place in text.split("\"lectures/").skip(1).filter_map(|rest| rest.split('"').next()) {
            let Some((source, anchor)) = place.split_once('#') else { continue };
            let page = pages.iter().find(|page| page.source == source).unwrap_or_else(|| panic!("{place}"));
            assert!(anchors::headings(&page.text).iter().any(|heading| heading.anchor == anchor), "{place}");
            named += 1;
        }
    }
    assert!(named > 3, "only {named} places found");
}

#[test]
fn a_fault_is_named_with_its_lecture_and_line() {
    let course = course();
    let book = Book::new(&course, Editor::None).unwrap();
    let faults = [
        ("![A plot](figures/none.svg)", "there is no figure `figures/none.svg`"),
        ("![](figures/none.svg)", "has no text that says what it shows"),
        ("![A plot](https://example.org/a.svg)", "is no file of the course"),
        ("[code](src/none.rs)", "the link `src/none.rs` leads to no file"),
        ("[above](#none)", "the link `#none` leads to no heading of lectures/tricks/README.md"),
        ("[there](../rnn/README.md#none)", "leads to no heading of lectures/rnn/README.md"),
        ("</details>\n## Next", "a heading right below HTML is no heading"),
        ("so $\\frac{1}$ is", "the formula `\\frac{1}`"),
        (
            "| task | file | minutes |\n|---|---|---|\n| [`tricks/none`](src/a.rs) | `a.rs` | 5 |",
            "names no task",
        ),
    ];
    for (text, wanted) in faults {
        let mut page = book.pages.iter().find(|page| page.source == "tricks/README.md").unwrap().clone();
        page.text = format!("# Tricks\n\n{text}\n");
        let message = format!("{:#}", markdown::chapter(&book, &page).unwrap_err());
        let is_placed =
            [3, 4].iter().any(|line| message.starts_with(&format!("lectures/tricks/README.md:{line}: ")));
        assert!(is_placed && message.contains(wanted), "{message}");
    }
}

#[test]
fn a_book_to_give_away_links_to_no_file_of_this_machine() {
    let course = course();
    let book = Book::new(&course, Editor::None).unwrap();
    for page in &book.pages {
        let text = markdown::chapter(&book, page).unwrap().text;
        assert!(!text.contains("file://") && !text.contains("](src/"), "{}", page.source);
        assert!(!text.contains(&*course.root.to_string_lossy()), "{}", page.source);
    }
}

#[test]
fn a_folder_with_anything_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine"), "mine").unwrap();
    let message = render::build(&course(), folder.path(), Editor::File).unwrap_err().to_string();
    assert!(message.contains("was left as it is"), "{message}");
    assert_eq!(fs::read_to_string(folder.path().join("mine")).unwrap(), "mine");
}
