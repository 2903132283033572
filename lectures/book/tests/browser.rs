//! The book in a browser: headless Chromium, where one is installed, shows every page at three widths, light and dark.
//!
//! `CHROMIUM=/path/to/chromium` names one that is not in `PATH`. What is measured, `browser/audit.js` says.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

use book::{links::Editor, render};
use grader::{course::Course, process::tool};

/// What a page may ask for while it is looked at: nothing but files.
const POLICY: &str =
    r#"<meta http-equiv="Content-Security-Policy" content="default-src file: data: 'unsafe-inline'">"#;
const AUDIT: &str = include_str!("browser/audit.js");
const HARNESS: &str = include_str!("browser/audit.html");

#[test]
fn pages_look_right_at_every_width_light_and_dark() {
    let Some(chromium) = chromium() else { return };
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let place = place("book");
    render::build(&course, &place, Editor::File).unwrap();
    let files = render::files(&course).unwrap();
    let lines = audit(&chromium, &place, &files);
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
    let lines = audit(&chromium, &place, &["bad.html".to_owned()]).join("\n");
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

/// The browser; says so where there is none.
fn chromium() -> Option<PathBuf> {
    let paths = env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let mut installed = env::split_paths(&paths).flat_map(|folder| names.map(|name| folder.join(name)));
    let found = env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| installed.find(|file| file.is_file()));
    if found.is_none() {
        eprintln!("not run: no Chromium");
    }
    found
}

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join(name)
}

/// What is wrong with `files` below `place`, a line each, and at the end how many were looked at.
fn audit(chromium: &Path, place: &Path, files: &[String]) -> Vec<String> {
    fs::write(place.join("audit.js"), AUDIT).unwrap();
    fs::write(place.join("audit.html"), HARNESS).unwrap();
    for file in files {
        let (path, up) = (place.join(file), "../".repeat(file.matches('/').count()));
        let page = fs::read_to_string(&path).unwrap();
        let head = format!("<head>{POLICY}<script src=\"{up}audit.js\"></script>");
        fs::write(&path, page.replacen("<head>", &head, 1)).unwrap();
    }
    let profile = place.with_extension("profile");
    fs::create_dir_all(&profile).unwrap();
    let address = format!("file://{}#{}", place.join("audit.html").display(), files.join(","));
    let arguments = [
        "--headless",
        // Where tests run as root, in a container, Chromium has no sandbox; the pages are our own.
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--virtual-time-budget=600000",
        "--dump-dom",
        &format!("--user-data-dir={}", profile.display()),
        &address,
    ];
    // Whatever a browser leaves behind it leaves in its own folder.
    let environment = [("HOME", profile.as_os_str()), ("TMPDIR", profile.as_os_str())];
    let path = env::var_os("PATH").unwrap_or_default();
    let environment = environment.into_iter().chain([("PATH", path.as_os_str())]);
    let mut lines: Vec<String> = Vec::new();
    let limit = Duration::from_secs(300);
    let mut keep = |line: &str| lines.push(line.to_owned());
    tool::run_within(limit, chromium, &arguments, place, environment, &mut keep, &mut |_| {}).unwrap();
    let report = lines.join("\n");
    let report = report.split_once("begin\n").unwrap_or_else(|| panic!("no report:\n{report}")).1;
    report.split("</pre>").next().unwrap().lines().map(str::to_owned).collect()
}
