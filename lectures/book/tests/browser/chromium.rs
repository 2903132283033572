//! Headless Chromium, where one is installed: shows pages, and `audit.js` says what is wrong with them. Other packages' tests use it, too.
#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

use grader::process::tool;

/// What a page may ask for while it is looked at: nothing but files.
const POLICY: &str =
    r#"<meta http-equiv="Content-Security-Policy" content="default-src file: data: 'unsafe-inline'">"#;
const AUDIT: &str = include_str!("audit.js");
const HARNESS: &str = include_str!("audit.html");

/// The browser; says so where there is none.
pub fn chromium() -> Option<PathBuf> {
    let paths = env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let mut installed = env::split_paths(&paths).flat_map(|folder| names.map(|name| folder.join(name)));
    let found = env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| installed.find(|file| file.is_file()));
    if found.is_none() {
        eprintln!("not run: no Chromium");
    }
    found
}

/// What is wrong with `files` below `place`, a line each, and at the end how many were looked at. `more` are options of the browser.
pub fn audit(chromium: &Path, place: &Path, files: &[String], more: &[&str]) -> Vec<String> {
    fs::write(place.join("audit.js"), AUDIT).unwrap();
    fs::write(place.join("audit.html"), HARNESS).unwrap();
    for file in files {
        let (path, up) = (place.join(file), "../".repeat(file.matches('/').count()));
        let page = fs::read_to_string(&path).unwrap();
        let head = format!("<head>{POLICY}<script src=\"{up}audit.js\"></script>");
        fs::write(&path, page.replacen("<head>", &head, 1)).unwrap();
    }
    let address = format!("file://{}#{}", place.join("audit.html").display(), files.join(","));
    let report = shown(chromium, place, &[&["--virtual-time-budget=600000"], more].concat(), &address).0;
    let report = report.split_once("begin\n").unwrap_or_else(|| panic!("no report:\n{report}")).1;
    report.split("</pre>").next().unwrap().lines().map(str::to_owned).collect()
}

/// The document at an address, as it is in the browser in the end, and what the browser says. Its profile lies beside `place`.
pub fn shown(chromium: &Path, place: &Path, more: &[&str], address: &str) -> (String, String) {
    let profile = place.with_extension("profile");
    fs::create_dir_all(&profile).unwrap();
    let own = format!("--user-data-dir={}", profile.display());
    let arguments = [
        "--headless",
        // Where tests run as root, in a container, Chromium has no sandbox; the pages are our own.
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        "--enable-logging=stderr",
        "--dump-dom",
        &own,
    ];
    let arguments = [&arguments[..], more, &[address]].concat();
    // Whatever a browser leaves behind it leaves in its own folder.
    let environment = [("HOME", profile.as_os_str()), ("TMPDIR", profile.as_os_str())];
    let path = env::var_os("PATH").unwrap_or_default();
    let environment = environment.into_iter().chain([("PATH", path.as_os_str())]);
    let (mut document, mut said) = (String::new(), String::new());
    let (mut keep, mut note) = (|line: &str| document += &format!("{line}\n"), |line: &str| said += line);
    let limit = Duration::from_secs(300);
    tool::run_within(limit, chromium, &arguments, place, environment, &mut keep, &mut note).unwrap();
    (document, said)
}
