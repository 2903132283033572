//! The book in a browser: headless Chromium, where one is installed, shows every page at three widths, light and dark.
//!
//! `CHROMIUM=/path/to/chromium` names one that is not in `PATH`. What is measured, `browser/audit.js` says.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

#[path = "browser/chromium.rs"]
mod browser;

use std::{
    fs,
    path::{Path, PathBuf},
};

use book::{links::Editor, render};
use browser::{audit, chromium};
use grader::course::Course;

#[test]
fn pages_look_right_at_every_width_light_and_dark() {
    let Some(chromium) = chromium() else { return };
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let place = place("book");
    render::build(&course, &place, Editor::File).unwrap();
    let files = render::files(&course).unwrap();
    let lines = audit(&chromium, &place, &files, &[]);
    assert_eq!(lines, [format!("looked at {}", files.len())]);
}

#[test]
fn a_page_with_faults_is_found_out() {
    let Some(chromium) = chromium() else { return };
    let place = place("faulty");
    fs::create_dir_all(&place).unwrap();
    let page = "<!DOCTYPE html><html><head></head><body><main><p style='color: #999'>pale</p><p>$$x$$</p><img src='none.png'>\
        <div style='width: 1000px'>wide</div><script>undefinedFunction()</script><script src='https://example.org/a.js'></script>\
        </main></body></html>";
    fs::write(place.join("bad.html"), page).unwrap();
    let lines = audit(&chromium, &place, &["bad.html".to_owned()], &[]).join("\n");
    for wanted in [
        "contrast 2.85 (light)",
        "source of a formula: $$x$$",
        "no alt text",
        "no image",
        "wider than 390",
        "undefinedFunction is not defined",
        "request: https://example.org/a.js",
    ] {
        assert!(lines.contains(wanted), "`{wanted}` is not in\n{lines}");
    }
}

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join(name)
}
