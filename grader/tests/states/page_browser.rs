//! The page in headless Chromium, where one is installed: what a wrong answer looks like at three widths, light and dark, and that the
//! page which follows asks nobody but the grader.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use grader::{
    course::Course as Loaded,
    keep::history::Attempt,
    page::{self, Board, FIRST, Html, Leaf, View, file_of, overview, sheet},
    verdict::{Beside, Draws, Failure, Kind, Marks, Sight, Verdict},
};
use protocol::Array;

use crate::{
    chromium::{audit, chromium, shown},
    course::gradable,
    page::HOSTILE,
};

/// Cargo's folder for such; what a browser leaves there is its own.
fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page").join(name);
    fs::create_dir_all(&place).unwrap();
    place
}

/// An answer that is `wrong` in its first half.
fn beside(name: &str, shape: &[usize], wrong: f64) -> Sight {
    let n: usize = shape.iter().product();
    let want: Vec<f64> = (0..n).map(|i| (i * 7919 % 101) as f64 / 100.0).collect();
    let given = want.iter().rev().map(|x| (37.0 * x).fract()).collect();
    let got = want.iter().enumerate().map(|(i, y)| if i < n / 2 { y + wrong } else { *y }).collect();
    Sight::Beside(Beside {
        name: name.to_owned(),
        given: Some(("x".to_owned(), Array::f64(shape, given))),
        want: Array::f64(shape, want),
        got: Array::f64(shape, got),
        allowed: 1e-6,
    })
}

/// One of each form: cells with numbers, pixels, a line, other shapes, a histogram.
fn sights() -> Vec<Sight> {
    let draws = Draws {
        name: "draws".to_owned(),
        values: (0..500).map(|i| f64::from(i).sin()).collect(),
        statistic: Some(("mean".to_owned(), 0.1)),
        allowed: (-0.1, 0.05),
        expected: None,
    };
    let mut others = beside("`z`", &[3, 4], 0.0);
    if let Sight::Beside(beside) = &mut others {
        beside.got = Array::f64(&[4, 3], vec![1.0; 12]);
    }
    vec![
        beside("`y`", &[1, 2, 6, 8], 0.5),
        beside("maps", &[2, 3, 40, 60], f64::NAN),
        beside("a vector", &[60], -0.25),
        others,
        Sight::Draws(draws),
    ]
}

/// The course's pages, where its first exercise is wrong and every text of its verdict is hostile and long.
fn exported(place: &Path) -> Vec<String> {
    let folder = gradable();
    let course = Loaded::load(folder.root()).unwrap();
    let long = format!("{HOSTILE}\n{}\n", "x".repeat(3000));
    let failure = Failure {
        about: "a kernel of 3 × 3".to_owned(),
        message: long.clone(),
        prints: Some(long),
        passed: 3,
        cases: 7,
        sights: sights(),
        ..Failure::of(Kind::Wrong)
    };
    let verdicts = [("demo/one".to_owned(), Verdict::Failed(Box::new(failure)))];
    let graded = Marks { verdicts: verdicts.into(), ..Marks::default() };
    let attempt = |passed| Attempt {
        when: 0,
        exercise: "demo/one".to_owned(),
        verdict: "wrong".to_owned(),
        passed,
        cases: 7,
    };
    let chapters: Vec<_> = course.chapters.iter().collect();
    let leaf = |exercise| {
        let view = View {
            course: &course,
            chapters: chapters.clone(),
            graded: &graded,
            exercise,
            hints: 1,
            history: vec![attempt(0), attempt(3)],
            timing: Some("0.1 ms".to_owned()),
            drawn: Vec::new(),
            program: "grader",
            is_one_of_all: true,
        };
        Leaf { file: file_of(&exercise.full_id()), title: "a task".to_owned(), sheet: sheet(&view) }
    };
    let mut leaves: Vec<Leaf> = course.exercises().map(leaf).collect();
    let sheet = overview(&course, &chapters, &graded);
    leaves.push(Leaf { file: FIRST.to_owned(), title: "all".to_owned(), sheet });
    let files: Vec<String> = leaves.iter().map(|leaf| leaf.file.clone()).collect();
    page::export(place, leaves).unwrap();
    files
}

/// The pages' own policy would keep the audit out.
fn open_to_audits(place: &Path, files: &[String]) {
    for file in files {
        let text = fs::read_to_string(place.join(file)).unwrap();
        let (before, policy) = text.split_once("<meta http-equiv=").unwrap();
        let after = policy.split_once("/>").unwrap().1;
        fs::write(place.join(file), format!("{before}{after}")).unwrap();
    }
}

#[test]
fn a_wrong_answer_looks_right_at_every_width_light_and_dark() {
    let Some(chromium) = chromium() else { return };
    let place = place("exported");
    for scheme in ["1", "0"] {
        let files = exported(&place);
        let address = format!("file://{}", place.join("demo-one.html").display());
        let (document, said) = shown(&chromium, &place, &[], &address);
        for wanted in
            [">expected<", ">yours<", ">difference<", ">given: x<", "class=\"pixels\"", "&lt;script&gt;"]
        {
            assert!(document.contains(wanted), "{wanted} is not shown");
        }
        assert!(!said.contains("CONSOLE"), "{said}");
        open_to_audits(&place, &files);
        let colours = format!("--blink-settings=preferredColorScheme={scheme}");
        let lines = audit(&chromium, &place, &files, &[&colours]);
        assert_eq!(lines, [format!("looked at {}", files.len())]);
    }
}

#[test]
fn the_page_that_follows_is_renewed_and_asks_nobody_else() {
    let Some(chromium) = chromium() else { return };
    let board = Arc::new(Board::default());
    board.publish(Html::said("h1", "", "first"));
    let door = page::open(board.clone()).unwrap();
    let done = Arc::new(());
    let watched = Arc::downgrade(&done);
    // While there is always news, the browser's clock goes on.
    let publishing = thread::spawn(move || {
        for i in 2.. {
            if watched.upgrade().is_none() {
                return;
            }
            let sheet =
                Html::said("h1", "", &format!("renewed {i}")).and(Html::said("pre", "prints", HOSTILE));
            board.publish(sheet);
            thread::sleep(Duration::from_millis(50));
        }
    });
    let (document, said) = shown(&chromium, &place("followed"), &["--virtual-time-budget=1500"], &door.url());
    drop(done);
    publishing.join().unwrap();
    assert!(document.contains("<title>renewed"), "the script did not renew it:\n{document}\n{said}");
    assert!(document.contains("&lt;script&gt;alert(1)"), "{document}");
    assert!(document.contains("id=\"lost\" hidden"), "{document}");
    assert!(!said.contains("CONSOLE"), "{said}");
}
