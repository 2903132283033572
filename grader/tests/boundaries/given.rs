//! Given code has one home, `src/given/` of each chapter: the same bytes in `lectures/` and in `solutions/`, and nowhere else.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{root, rust_files};

/// The sources of a chapter by their paths within it.
fn sources(chapter: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = Vec::new();
    rust_files(&chapter.join("src"), &mut files);
    let relative = |file: &PathBuf| file.strip_prefix(chapter).unwrap().to_owned();
    files.iter().map(|file| (relative(file), fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn given_code_is_the_same_in_lectures_and_solutions_and_has_one_home() {
    let mut given = 0;
    for chapter in ["first_steps", "tricks", "regularization", "special_layers", "convnets", "rnn"] {
        let [lectures, solutions] =
            ["lectures", "solutions"].map(|folder| sources(&root().join(folder).join(chapter)));
        let names: Vec<&PathBuf> = lectures.keys().collect();
        assert_eq!(names, solutions.keys().collect::<Vec<_>>(), "files of {chapter}");
        for (name, text) in &lectures {
            let is_given = name.starts_with("src/given");
            given += usize::from(is_given);
            assert_eq!(
                *text == solutions[name],
                is_given,
                "{chapter}/{}: what nobody edits is the same in both and lies in src/given/",
                name.display()
            );
        }
    }
    assert!(given > 10, "only {given} files are given");
}
