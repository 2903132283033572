//! A class in parts: chunks of a cluster, and processes side by side.

use std::{fs, process::Command};

use super::made::{Class, command, grader, says};

#[test]
fn a_cluster_s_chunks_make_the_same_results_and_what_is_missing_is_asked_for_again() {
    let class = Class::new();
    let (out, places) = (class.at("out"), class.at("class"));
    let own =
        ["class", "slurm", &out, &places, "--chapter", "tricks", "--isolation", "light", "--chunk", "1"];
    // As if nothing had been built yet: a copy of all libraries would take longer than the rest.
    let planned = command(&own).env("CRASH_COURSE_WORK", class.at("work")).output().unwrap();
    says(&planned, &["2 submissions in 2 chunks; 1 of no use", "sbatch "]);
    let script = fs::read_to_string(class.at("out/slurm/array.sh")).unwrap();
    assert!(
        script.contains("\n#SBATCH --array=0,1\n") && script.starts_with("#!/usr/bin/env bash\n#SBATCH"),
        "{script}"
    );
    let run = |name: &str, task: &str| {
        let mut command = Command::new("bash");
        command
            .arg(class.at(&format!("out/slurm/{name}")))
            .env("SLURM_ARRAY_TASK_ID", task)
            .env("TMPDIR", class.folder.path());
        let done = command.output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    run("array.sh", "0");
    // Slurm may run a task twice.
    run("array.sh", "0");
    says(
        &grader(&["class", "status", &out]),
        &["1 of 2 results are there", "missing (1), in the chunks 1: bob"],
    );
    says(&grader(&["class", "collect", &out, "--most", "1"]), &["round 1 of 1", "again.sh"]);
    assert!(fs::read_to_string(class.at("out/slurm/again.sh")).unwrap().contains("\n#SBATCH --array=1\n"));
    says(
        &grader(&["class", "collect", &out, "--most", "1"]),
        &["written down as the grader's failure, which is no zero"],
    );
    assert_eq!(class.sheet("bob")["state"], "internal");
    run("again.sh", "1");
    says(&grader(&["class", "status", &out]), &["2 of 2 results are there"]);
    let left: Vec<_> =
        fs::read_dir(class.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "nothing is left of where it was built: {left:?}");
    assert_eq!(class.sheet("bob")["seed"], class.sheet("ada")["seed"]);
}

#[test]
fn jobs_grade_all_parts() {
    let class = Class::new();
    let (out, places) = (class.at("out"), class.at("class"));
    let own = ["grade", "--isolation", "light", "--chapter", "tricks", "--jobs", "2", "--out", &out, &places];
    let graded = command(&own).env("CRASH_COURSE_WORK", class.at("work")).output().unwrap();
    says(&graded, &["ada: untouched", "bob: untouched", "2 untouched, 1 not graded"]);
    assert_eq!(class.sheet("ada")["state"], "untouched");
    assert_eq!(class.sheet("bob")["state"], "untouched");
}

/// By whatever Slurm this machine is part of; a private one on the loopback will do.
#[test]
fn slurm_runs_the_job_array() {
    let is_there = |program: &str| {
        Command::new(program).arg("--version").output().is_ok_and(|done| done.status.success())
    };
    let answers =
        || Command::new("sinfo").args(["-h", "-o", "%D"]).output().is_ok_and(|done| done.status.success());
    if !is_there("sbatch") || !answers() {
        println!("not run: no Slurm here");
        return;
    }
    let class = Class::new();
    let (out, places) = (class.at("out"), class.at("class"));
    let own = ["class", "slurm", &out, &places, "--chapter", "tricks", "--isolation", "light"];
    let small = ["--chunk", "1", "--cpus", "1", "--memory", "1024"];
    let planned =
        command(&[&own[..], &small].concat()).env("CRASH_COURSE_WORK", class.at("work")).output().unwrap();
    says(&planned, &["2 submissions in 2 chunks"]);
    let array = class.at("out/slurm/array.sh");
    let done =
        Command::new("sbatch").args(["--wait", &array]).env("TMPDIR", class.folder.path()).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    says(&grader(&["class", "status", &out]), &["2 of 2 results are there"]);
}
