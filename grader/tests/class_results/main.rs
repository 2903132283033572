//! What is made of a class's results: other points by `class.toml` and a person's marks, grading again after a change, and forms that
//! platforms read, each held to its format's rules.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

mod cluster;
mod made;

use std::{fs, path::Path};

use made::{Class, grader, says};
use serde_json::{Value, json};

#[test]
fn after_a_change_only_what_it_touches_is_graded_and_losses_are_named() {
    let class = Class::new();
    assert!(class.grade(&[]).status.success());
    class.pretend_solved("ada", Some("as it was"));
    class.pretend_solved("bob", None);
    class.pretend_waiting("ada", "tricks/leaky_relu", "tricks/flips");
    class.pretend_waiting("ada", "tricks/sigmoid", "tricks/relu");
    says(&class.grade(&[]), &["note: 1 were graded before the course changed: --again"]);
    let again = class.grade(&["--again"]);
    let points = class.sheet("bob")["earned"].as_f64().unwrap();
    let row = format!("ada  tricks/relu: {points} → 0 points (passed → not started)");
    let text = says(&again, &[&row, "verdicts are others", &format!("lost points (1): ada ({points} → 0)")]);
    assert!(!text.contains("bob  tricks/relu"), "{text}");
    assert_eq!(class.sheet("bob")["earned"], points, "what still holds is not graded once more");
    assert_eq!(class.sheet("ada")["earned"], 0);
    let state = |id: &str| class.row("ada", id)["verdict"]["state"].clone();
    assert_eq!(
        (state("tricks/leaky_relu"), state("tricks/sigmoid")),
        (json!("waiting"), json!("not_started"))
    );
    // The same once more has nothing to do, and says the same.
    says(&class.grade(&["--again"]), &[&row]);
    let json = class.grade(&["--again", "--json"]);
    let first =
        serde_json::Deserializer::from_slice(&json.stdout).into_iter::<Value>().next().unwrap().unwrap();
    assert_eq!(first["changes"][0]["is"], "not started");
}

#[test]
fn again_needs_results() {
    let class = Class::new();
    says(&class.grade(&["--again"]), &["holds no results"]);
}

#[test]
fn a_class_s_rules_and_a_person_s_marks_count_everywhere() {
    let class = Class::new();
    class.write("out/class.toml", b"[weights]\ntricks = 0.5\n[attempts]\ncount = \"best\"\n");
    assert!(class.grade(&[]).status.success());
    assert_eq!(class.sheet("ada")["older"].as_array().unwrap().len(), 1);
    assert_eq!(fs::read_dir(class.at("out/attempts/ada")).unwrap().count(), 1, "both attempts are the same");
    class.pretend_solved("ada", None);
    let points = class.sheet("ada")["earned"].as_f64().unwrap();
    class.write("out/people/ada.toml", b"comment = \"Neat.\"\nadd = 3\n");
    says(&class.export("csv", "full"), &["3 results as csv"]);
    let table = fs::read_to_string(class.at("csv")).unwrap();
    let line = table.lines().find(|line| line.starts_with("ada")).unwrap();
    assert!(line.contains(&format!("graded,{},", points / 2.0 + 3.0)), "{line}");
    assert!(line.ends_with("3 points added by a person,Neat."), "{line}");
    class.write("out/class.toml", b"[weights]\ntrick = 0.5\n");
    says(
        &class.export("csv", "full"),
        &["class.toml`: `weights.\"trick\"`: there is no chapter or exercise", "write one of"],
    );
}

#[test]
fn gradescope_s_results_are_in_its_form() {
    let class = Class::new();
    assert!(class.grade(&[]).status.success());
    class.pretend_solved("bob", None);
    says(&class.export("gradescope", "full"), &["2 results as gradescope", "left out (1): cyd"]);
    assert!(!Path::new(&class.at("gradescope/cyd.json")).exists(), "never a zero");
    let result = class.json("gradescope/bob.json");
    let formats = ["text", "html", "simple_format", "md", "ansi"].map(|format| json!(format));
    for name in ["output_format", "test_output_format", "test_name_format"] {
        assert!(formats.contains(&result[name]), "{name}");
    }
    let tests = result["tests"].as_array().unwrap();
    let sum = |name: &str| tests.iter().map(|test| test[name].as_f64().unwrap()).sum::<f64>();
    assert_eq!(result["score"].as_f64().unwrap(), sum("score"));
    assert!(tests.iter().all(|test| test["score"].as_f64() <= test["max_score"].as_f64()));
    assert!(tests.iter().all(|test| test["status"] == "passed" || test["status"] == "failed"));
    assert!(tests.iter().all(|test| test.get("visibility").is_none()), "a hidden test hides the total");
    says(&class.export("gradescope", "points"), &["2 results"]);
    assert_eq!(class.json("gradescope/bob.json")["tests"].as_array().unwrap().len(), 1, "points by chapter");
}

#[test]
fn classroom_50_s_result_is_in_its_schema_and_makes_no_identity_up() {
    let class = Class::new();
    assert!(class.grade(&[]).status.success());
    says(
        &class.export("classroom50", "full"),
        &["Classroom 50 drops results without its identity fields", "identity.json"],
    );
    let identity = |owner: &str| {
        json!({
            "classroom": "dl", "assignment": "hw", "assignment_type": "individual", "owner": owner, "submission": "submit/1",
            "commit": "abc", "release": "v1", "review": "", "datetime": "2026-01-10T12:00:00Z",
        })
    };
    let mut wrong = identity("ada");
    wrong["grade"] = json!(1);
    class.write("classroom50/identity.json", wrong.to_string().as_bytes());
    says(&class.export("classroom50", "full"), &["a result has no field `grade`: leave it out"]);
    class
        .write("classroom50/identity.json", json!([identity("ada"), identity("bob")]).to_string().as_bytes());
    says(&class.export("classroom50", "full"), &["2 results as classroom50", "left out (1): cyd"]);
    let result = class.json("classroom50/ada.result.json");
    let mut fields: Vec<&str> = result.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    let want = "assignment assignment_type classroom commit datetime max-score owner release review schema score submission tests";
    assert_eq!(fields.join(" "), want);
    assert_eq!((&result["schema"], &result["owner"]), (&json!("classroom50/result/v1"), &json!("ada")));
    assert!(result["score"].as_u64().unwrap() <= result["max-score"].as_u64().unwrap());
    for test in result["tests"].as_array().unwrap() {
        assert!(test["test-name"].is_string() && test["passed"].is_boolean());
        assert!(test["score"].as_u64().unwrap() <= test["max-score"].as_u64().unwrap());
    }
}

#[test]
fn exercism_s_results_are_in_its_form() {
    let class = Class::new();
    assert!(class.grade(&[]).status.success());
    class.pretend_solved("bob", None);
    assert!(class.export("exercism", "full").status.success());
    for key in ["ada", "bob", "cyd"] {
        let result = class.json(&format!("exercism/{key}/results.json"));
        assert_eq!(result["version"], 3);
        let status = result["status"].as_str().unwrap();
        assert_eq!(status == "error", key == "cyd", "an error only where no test ran");
        if status == "error" {
            assert!(!result["message"].as_str().unwrap().is_empty());
            continue;
        }
        assert!(result["message"].is_null());
        let tests = result["tests"].as_array().unwrap();
        assert_eq!(status == "pass", tests.iter().all(|test| test["status"] == "pass"));
        for test in tests {
            assert!(["pass", "fail", "error"].contains(&test["status"].as_str().unwrap()));
            assert_eq!(test["message"].is_string(), test["status"] != "pass");
        }
    }
}

#[test]
fn what_students_read_has_no_more_than_was_wished() {
    let class = Class::new();
    assert!(class.grade(&[]).status.success());
    let (out, place) = (class.at("out"), class.at("pages"));
    let page = |show: &str| {
        assert!(grader(&["class", "feedback", &out, &place, "--show", show]).status.success());
        fs::read_to_string(class.at("pages/ada.md")).unwrap()
    };
    let (points, category) = (page("points"), page("category"));
    assert!(points.contains("## tricks: 0 of ") && !points.contains("not started"), "{points}");
    assert!(category.contains("not started"), "{category}");
}
