//! A class of three of which nothing has to be built, and the grader that grades it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use grader::course::Course;
use serde_json::{Value, json};
use tempfile::TempDir;

pub const RELU: &str = "lectures/tricks/src/activations.rs";

pub fn root() -> PathBuf {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap().root
}

pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.args(["--course", root().to_str().unwrap()]).args(arguments).env("NO_COLOR", "1");
    command
}

pub fn grader(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

#[track_caller]
pub fn says(output: &Output, words: &[&str]) -> String {
    let text = String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap();
    assert!(words.iter().all(|word| text.contains(word)), "not {words:?} in:\n{text}");
    text
}

/// Two who handed in what they were given, one of whom hands in twice, and one whose archive is damaged. Nothing has to be built.
pub struct Class {
    pub folder: TempDir,
}

impl Class {
    pub fn new() -> Self {
        let class = Self { folder: tempfile::tempdir().unwrap() };
        let stub = fs::read(root().join(RELU)).unwrap();
        for place in ["ada/first", "ada/second", "bob"] {
            class.write(&format!("class/{place}/{RELU}"), &stub);
        }
        class.write("class/cyd/homework.zip", b"damaged");
        class
    }

    pub fn at(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn grade(&self, more: &[&str]) -> Output {
        let (places, out) = (self.at("class"), self.at("out"));
        let own =
            ["grade", "--isolation", "light", "--chapter", "tricks", "--seed", "5", "--out", &out, &places];
        grader(&[&own, more].concat())
    }

    pub fn sheet(&self, key: &str) -> Value {
        serde_json::from_slice(&fs::read(self.at(&format!("out/sheets/{key}.json"))).unwrap()).unwrap()
    }

    /// Makes a sheet say that somebody has solved `relu`, as it was before a change of the course, or as it still holds.
    pub fn pretend_solved(&self, key: &str, inputs: Option<&str>) {
        let mut sheet = self.sheet(key);
        let row = sheet["exercises"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .find(|row| row["id"] == "tricks/relu")
            .unwrap();
        row["verdict"] = json!({ "state": "passed", "cases": 3 });
        row["earned"] = row["points"].clone();
        if let Some(inputs) = inputs {
            row["inputs"] = json!(inputs);
        }
        sheet["earned"] = row["points"].clone();
        sheet["state"] = json!("graded");
        self.write(&format!("out/sheets/{key}.json"), sheet.to_string().as_bytes());
    }

    /// Makes a sheet say that an exercise waits for another.
    pub fn pretend_waiting(&self, key: &str, id: &str, need: &str) {
        let mut sheet = self.sheet(key);
        let row = sheet["exercises"].as_array_mut().unwrap().iter_mut().find(|row| row["id"] == id).unwrap();
        row["verdict"] = json!({ "state": "waiting", "needs": [need] });
        self.write(&format!("out/sheets/{key}.json"), sheet.to_string().as_bytes());
    }

    /// A row of a sheet.
    pub fn row(&self, key: &str, id: &str) -> Value {
        let sheet = self.sheet(key);
        sheet["exercises"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone()
    }

    pub fn export(&self, form: &str, show: &str) -> Output {
        let (out, place) = (self.at("out"), self.at(form));
        grader(&["class", "export", &out, &format!("{form}={place}"), "--show", show])
    }

    pub fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.at(name)).unwrap()).unwrap()
    }
}
