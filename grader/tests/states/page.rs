//! The page is for this machine and for who has its address; what anybody prints is shown and does nothing; it renews itself.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Stdio,
    time::{Duration, Instant},
};

use grader::{
    course::Course as Loaded,
    page::{Board, Door, Html, Leaf, Response, View, answer, export, sheet},
    verdict::{Failure, Kind, Marks, Verdict},
};
use roxmltree::Document;
use rustix::process::{Pid, Signal, kill_process};

use crate::gradable;

pub const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\u{1b}[2J\u{1b}]0;t\u{7}\u{0}\u{8}\u{202e}\"' &amp; </pre>";

fn door() -> Door {
    Door { address: "127.0.0.1:4711".parse().unwrap(), token: "0123456789abcdef".to_owned() }
}

fn asked(method: &str, path: &str, headers: &str) -> Response {
    let board = Board::default();
    board.publish(Html::text("the sheet"));
    answer(format!("{method} {path} HTTP/1.1\r\n{headers}\r\n").as_bytes(), &door(), &board)
}

#[test]
fn a_foreign_host_and_a_missing_token_are_refused() {
    let own = "Host: 127.0.0.1:4711\r\n";
    for host in [
        "",
        "Host: evil.example\r\n",
        "Host: evil.example:4711\r\n",
        "Host: 127.0.0.1\r\n",
        "Host: 127.0.0.1:4712\r\n",
        "Host: 127.0.0.1:4711.evil.example\r\n",
        "Host: 127.0.0.1:4711\r\nHost: evil.example\r\n",
    ] {
        assert_eq!(asked("GET", "/0123456789abcdef/", host).status, 403, "{host:?}");
    }
    for path in [
        "/",
        "/page.css",
        "/0123456789abcde/",
        "/0123456789abcdeF/",
        "/0123456789abcdef",
        "//",
        "/favicon.ico",
    ] {
        let refused = asked("GET", path, own);
        assert_eq!(refused.status, 403, "{path}");
        assert!(!refused.body.contains("sheet") && !refused.body.contains("0123456789abcdef"));
    }
    assert_eq!(asked("GET", "/0123456789abcdef/", own).status, 200);
    assert_eq!(asked("GET", "/0123456789abcdef/", "hOST: localhost:4711\r\n").status, 200);
}

#[test]
fn it_serves_nothing_but_its_own_files() {
    let own = "Host: 127.0.0.1:4711\r\n";
    let status = |method, path: &str| asked(method, &format!("/0123456789abcdef/{path}"), own).status;
    for path in ["", "page.css", "page.js", "news?sheet=0&now=0", "news?sheet=x&now=-1&sheet=%00"] {
        assert_eq!(status("GET", path), 200, "{path}");
    }
    for path in [
        "../Cargo.toml",
        "page.css/",
        "..%2f..%2fetc/passwd",
        "/etc/passwd",
        "Cargo.toml",
        "news/",
        "page.rs",
    ] {
        assert_eq!(status("GET", path), 404, "{path}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"] {
        assert_eq!(status(method, ""), 405, "{method}");
    }
    for nonsense in [&b""[..], b"\r\n\r\n", b"GET", b"\0\xff\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n"] {
        assert_eq!(answer(nonsense, &door(), &Board::default()).status, 400);
    }
}

/// The sheet of a failure whose every text is this.
fn shown(text: &str) -> String {
    let folder = gradable();
    let course = Loaded::load(folder.root()).unwrap();
    let verdict = Verdict::Failed(Box::new(Failure {
        about: text.to_owned(),
        message: text.to_owned(),
        prints: Some(text.to_owned()),
        ..Failure::of(Kind::Wrong)
    }));
    let verdicts = [
        ("demo/one".to_owned(), verdict),
        ("demo/two".to_owned(), Verdict::Broken { message: text.to_owned() }),
    ];
    let graded = Marks { verdicts: verdicts.into(), ..Marks::default() };
    let view = View {
        course: &course,
        chapters: course.chapters.iter().collect(),
        graded: &graded,
        exercise: course.exercise("demo/one").unwrap(),
        hints: 1,
        history: Vec::new(),
        timing: Some(text.to_owned()),
        drawn: Vec::new(),
        program: text,
        is_one_of_all: false,
    };
    sheet(&view).into_string()
}

#[test]
fn what_is_printed_is_shown_and_does_nothing() {
    let html = format!("<html>{}</html>", shown(HOSTILE));
    let document = Document::parse(&html).unwrap_or_else(|error| panic!("{error}: {html}"));
    for node in document.descendants().filter(|node| node.is_element()) {
        assert!(!["script", "img", "iframe", "style"].contains(&node.tag_name().name()), "{html}");
        assert!(node.attributes().all(|attribute| !attribute.name().starts_with("on")), "{html}");
    }
    let prints = document.descendants().find(|node| node.attribute("class") == Some("prints")).unwrap();
    assert!(prints.text().unwrap().starts_with("<script>alert(1)</script>"), "{html}");
    assert!(
        prints.text().unwrap().contains("\\u{1b}[2J\\u{1b}]0;t\\u{7}\\u{0}\\u{8}\\u{202e}\"' &amp; </pre>")
    );
    let long = shown(&"x".repeat(1 << 20));
    assert!(long.len() < 300_000 && long.contains("bytes more"), "{}", long.len());
}

#[test]
fn exported_it_is_a_file_a_task_without_a_script() {
    let course = gradable();
    let said = course.succeed("page demo/one --export one");
    assert!(said.contains("demo/one is in one/index.html"), "{said}");
    let page = course.read("one/index.html");
    assert!(page.contains("<h1>One") && page.contains("not started") && !page.contains("<a "), "{page}");
    assert_eq!(fs::read_dir(course.root().join("one")).unwrap().count(), 2);

    let said = course.succeed("page --export all");
    assert!(said.contains("exercises are in all/index.html"), "{said}");
    let overview = course.read("all/index.html");
    let course_of = Loaded::load(course.root()).unwrap();
    for exercise in course_of.exercises() {
        let file = format!("{}.html", exercise.full_id().replace('/', "-"));
        assert_eq!(overview.matches(&format!("href=\"{file}\"")).count(), 2, "{file}: {overview}");
        let page = course.read(&format!("all/{file}"));
        assert!(page.contains(&format!("<h1>{}", exercise.title)) && !page.contains("<script"), "{page}");
        assert!(page.contains("href=\"index.html\""), "{page}");
    }
    let files = fs::read_dir(course.root().join("all")).unwrap().count();
    assert_eq!(files, course_of.exercises().count() + 2);

    let folder = tempfile::tempdir().unwrap();
    let leaf = Leaf { file: "a.html".to_owned(), title: HOSTILE.to_owned(), sheet: Html::text(HOSTILE) };
    export(folder.path(), vec![leaf]).unwrap();
    assert!(!fs::read_to_string(folder.path().join("a.html")).unwrap().contains("<script"));
}

fn get(url: &str, file: &str) -> (String, String) {
    let (address, token) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    write!(stream, "GET /{token}{file} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

/// Waits for a sheet that is newer than number `sheet`, and returns its number.
fn newer(url: &str, sheet: u64) -> u64 {
    let (began, mut now) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(60) {
        let body = get(url, &format!("news?sheet={sheet}&now={now}")).1;
        let news: serde_json::Value = serde_json::from_str(&body).unwrap();
        if let Some(version) = news["sheet"]["version"].as_u64() {
            return version;
        }
        now = news["now"]["version"].as_u64().unwrap_or(now);
    }
    panic!("nothing is newer than sheet {sheet}");
}

#[test]
fn a_save_renews_it() {
    let course = gradable();
    let mut grader = course.grader("page").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(grader.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find(|line| line.starts_with("page: ")).unwrap();
    let url = line.strip_prefix("page: ").unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert_eq!(newer(url, 0), 1);
    let (head, page) = get(url, "");
    assert!(
        head.contains("Content-Security-Policy: default-src 'none'") && page.contains("page.js"),
        "{head}"
    );
    assert!(page.contains("<h1>One"), "{page}");
    // A comment more: judged as before, and yet somebody saved.
    course.write("lectures/demo/src/shapes.rs", &(course.read("lectures/demo/src/shapes.rs") + "// mine\n"));
    assert!(newer(url, 1) > 1);
    kill_process(Pid::from_child(&grader), Signal::INT).unwrap();
    assert_eq!(grader.wait().unwrap().code(), Some(130));
}
