//! Makes what is printed fit a screen: lines no longer than it is wide, in letters that it has, with links where it knows them.
//!
//! Files and pipes get every line as it is.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use textwrap::{Options, WordSplitter, core::display_width, wrap};

use super::{letters::in_ascii, screen::Screen};
use crate::{PROGRAM, clean::clean_plain};

/// Below this width the grader is called by its short name, lest commands are broken in the middle.
const WIDE: usize = 80;
/// The alias in the course's `.cargo/config.toml`.
const SHORT: &str = "cargo grade";
/// Where files lie that are worth opening.
const LINKED: [&str; 2] = ["lectures/", "target/grader/pictures/"];

/// The course's folder, below which files are linked to.
static ROOT: OnceLock<PathBuf> = OnceLock::new();

/// From now on, paths relative to this folder are links, where the screen knows any.
pub fn link_below(root: &Path) {
    if let Ok(root) = root.canonicalize() {
        ROOT.get_or_init(|| root);
    }
}

/// `text` as `screen` has room and letters for it.
pub fn fit(text: &str, screen: Screen) -> String {
    let Some(columns) = screen.columns else { return text.to_owned() };
    let mut fitted = if columns < WIDE { text.replace(PROGRAM, SHORT) } else { text.to_owned() };
    if screen.ascii {
        fitted = in_ascii(&fitted);
    }
    let fitted: String = fitted.split_inclusive('\n').map(|line| folded(line, screen)).collect();
    match ROOT.get().filter(|_| screen.links) {
        Some(root) => linked(&fitted, root),
        None => fitted,
    }
}

/// A line in as many as it takes, each as far to the right as the first.
fn folded(line: &str, screen: Screen) -> String {
    let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
    // Gaps within a line are a table's.
    let is_table = body.trim().contains("  ");
    let columns = if is_table { screen.table(usize::MAX) } else { screen.prose() };
    if display_width(body) <= columns {
        return line.to_owned();
    }
    let indent = " ".repeat(hanging(body, columns / 2));
    let options = Options::new(columns).subsequent_indent(&indent).word_splitter(WordSplitter::NoHyphenation);
    wrap(body, options).join("\n") + end
}

/// How far to the right the rest of a line stands: below the last column of a table, or else as far as the line begins.
fn hanging(body: &str, most: usize) -> usize {
    let begins = body.len() - body.trim_start_matches(' ').len();
    // Behind the bar that the compiler draws before lines of source.
    if let Some((before, _)) = body.split_once('|').map(|(before, after)| (clean_plain(before), after))
        && before.chars().all(|c| c.is_ascii_digit() || c == ' ')
        && before.contains(' ')
    {
        return (display_width(&before) + "| ".len()).min(most);
    }
    let last = body.trim_end().rfind("  ").map_or(0, |gap| display_width(&body[..gap + "  ".len()]));
    if last <= most { last.max(begins) } else { begins.min(most) }
}

/// Files that are named and there, as links (OSC 8).
fn linked(text: &str, root: &Path) -> String {
    let (mut done, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = LINKED.iter().filter_map(|folder| rest.find(folder)).min() {
        let (before, path) = rest.split_at(at);
        let length = path.find(|c: char| !is_of_path(c)).unwrap_or(path.len());
        let path = path[..length].trim_end_matches('.');
        done += before;
        rest = &rest[at + path.len()..];
        let begins = !before.ends_with(is_of_path);
        if begins && !path.contains("..") && root.join(path).is_file() {
            _ = write!(done, "\x1b]8;;file://{}\x1b\\{path}\x1b]8;;\x1b\\", encoded(&root.join(path)));
        } else {
            done += path;
        }
    }
    done + rest
}

fn is_of_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/._-".contains(c)
}

/// A path in a link, other characters than those of names as `%20`.
fn encoded(path: &Path) -> String {
    let mut text = String::new();
    for &byte in path.as_os_str().as_encoded_bytes() {
        if is_of_path(byte.into()) {
            text.push(byte.into());
        } else {
            _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrow(columns: u16) -> Screen {
        Screen::sized(Some((columns, 20)))
    }

    #[test]
    fn no_line_is_longer_than_the_screen_is_wide() {
        let text = "  \x1b[1mYour running variance takes the batch's\x1b[0m biased variance, and that is not what is asked for.\n";
        for columns in [20, 40, 60, 80] {
            let fitted = fit(text, narrow(columns));
            let widths = fitted.lines().map(display_width);
            assert!(widths.max() <= Some(columns.into()), "{fitted}");
            assert!(fitted.lines().all(|line| line.starts_with("  ")), "{fitted}");
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(words(&fitted), words(text));
        }
        assert_eq!(fit(text, Screen::PAPER), text);
    }

    #[test]
    fn a_command_is_short_where_there_is_little_room() {
        let text = format!("  stuck: {PROGRAM} hint tricks/batch_norm_train\n");
        assert_eq!(fit(&text, narrow(60)), "  stuck: cargo grade hint tricks/batch_norm_train\n");
        assert_eq!(fit(&text, narrow(80)), text);
    }

    #[test]
    fn a_table_may_be_as_wide_as_the_screen() {
        let row = format!("  a{}b\n", " ".repeat(105));
        assert_eq!(fit(&row, narrow(120)), row);
    }

    #[test]
    fn the_last_column_of_a_table_stays_one() {
        let row = "ok         disk        20.0 GiB free for target/, and that is enough\n";
        let fitted = fit(row, narrow(50));
        assert_eq!(fitted.lines().nth(1), Some("                       and that is enough"), "{fitted}");
    }

    #[test]
    fn the_rest_of_a_line_of_source_stands_behind_the_compilers_bar() {
        for line in
            ["56 | / impl<S: Shape, E: Dtype>", "\x1b[1m56\x1b[0m \x1b[1m|\x1b[0m / impl<S: Shape, E: Dtype>"]
        {
            let fitted = fit(&format!("{line} TryAdd<Tensor<S, E>> for Tensor\n"), narrow(40));
            assert!(fitted.lines().nth(1).is_some_and(|rest| rest.starts_with("     T")), "{fitted}");
        }
    }

    #[test]
    fn files_that_are_there_are_links_and_others_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("a course");
        std::fs::create_dir_all(root.join("lectures/one/src")).unwrap();
        std::fs::write(root.join("lectures/one/src/t.rs"), "").unwrap();
        let text =
            "see lectures/one/src/t.rs:12. Not lectures/two.rs, lectures/../x or my/lectures/one/src/t.rs.";
        let linked = linked(text, &root);
        assert_eq!(linked.matches("\x1b]8;;file://").count(), 1, "{linked}");
        assert!(
            linked.contains("a%20course/lectures/one/src/t.rs\x1b\\lectures/one/src/t.rs\x1b]8;;\x1b\\:12.")
        );
        let plain =
            linked.split("\x1b]8;;").map(|part| part.split_once("\x1b\\").map_or(part, |(_, after)| after));
        assert_eq!(plain.collect::<String>(), text);
    }
}
