//! What editors and containers are told agrees with the course: one toolchain, commands that exist, JSON.

use std::fs;

use serde_json::Value;

use super::root;

fn read(file: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root().join(file)).unwrap()).unwrap()
}

#[test]
fn the_container_has_the_courses_toolchain() {
    let toolchain = fs::read_to_string(root().join("rust-toolchain.toml")).unwrap();
    let toolchain: toml::Table = toml::from_str(&toolchain).unwrap();
    let channel = toolchain["toolchain"]["channel"].as_str().unwrap();
    let image = read(".devcontainer/devcontainer.json")["image"].as_str().unwrap().to_owned();
    assert!(image.contains(&format!("rust:{channel}-")), "{image} is not Rust {channel}");
}

#[test]
fn the_editors_tasks_call_the_grader() {
    let tasks = read(".vscode/tasks.json");
    let commands = tasks["tasks"].as_array().unwrap().iter().map(|task| task["command"].as_str().unwrap());
    assert!(commands.into_iter().all(|command| command.starts_with("cargo run -q -p grader -- ")));
    assert_eq!(read(".vscode/settings.json")["rust-analyzer.cargo.targetDir"], true);
    assert!(read(".vscode/extensions.json")["recommendations"][0] == "rust-lang.rust-analyzer");
}
