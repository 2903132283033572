//! `class slurm`, `class status`, `class collect`: a class on a cluster, as a job array of chunks, each of which is the command `grade`
//! with a part of the class. The sheets are those of one machine; what they are made with lies on each node by itself.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::json;

use super::intake;
use crate::{
    class::{
        folder::Folder,
        plan::{CLUSTER, Member, Plan},
        roster::Roster,
    },
    clean::clean,
    cli::ClusterOptions,
    commands::{Session, submissions::fresh_seed},
    exit::Exit,
    files::write_whole,
    hand_in::submission::Submission,
    paths::WORK,
    report::{put_json, putln},
};

/// The job array, and the one that asks again for what is missing.
const ARRAY: &str = "array.sh";
const AGAIN: &str = "again.sh";
/// Minutes that a submission may take before Slurm ends its chunk.
const MINUTES: usize = 10;

/// Begins a class's results and writes the job array that will fill them.
pub fn plan(session: &Session, wish: &ClusterOptions) -> Result<Exit> {
    let roster = wish.roster.as_deref().map(Roster::read).transpose()?;
    let folder = Folder::at(&wish.folder);
    let run = folder.begin(wish.seed, session.chapter, fresh_seed)?;
    let given = intake::read(session, &wish.places, roster.as_ref(), run.seed)?;
    given.useless.iter().try_for_each(|sheet| folder.put(sheet))?;
    let expected = given.attempts.iter().map(|attempt| {
        let submitted = Submission::of(session.course, attempt.files.clone());
        let sha256 = if attempt.older.is_empty() { submitted.fingerprint() } else { String::new() };
        Member { key: attempt.sender.key.clone(), name: attempt.sender.name.clone(), sha256 }
    });
    let plan = Plan::of(expected.collect(), run.seed, wish.chunk);
    plan.write(&wish.folder)?;
    let script = script(session, wish, &plan)?;
    let chunks: BTreeSet<usize> = (0..plan.chunks).collect();
    let place = put_script(&wish.folder, ARRAY, &script, &chunks)?;
    fs::create_dir_all(wish.folder.join(CLUSTER).join("logs")).context("failed to make a folder for logs")?;
    session.say(&format!(
        "{} submissions in {} chunks; {} of no use are on their sheets already\nsubmit them: sbatch {}\nthen: class status {}",
        plan.expected.len(),
        plan.chunks,
        given.useless.len(),
        place.display(),
        wish.folder.display()
    ));
    Ok(Exit::Done)
}

/// Says what is there and what is missing.
pub fn status(session: &Session, place: &Path) -> Result<Exit> {
    let plan = Plan::read(place)?;
    let missing = plan.missing(&Folder::at(place));
    tell(session, &plan, &missing);
    Ok(Exit::Done)
}

/// Asks again for what is missing; after `most` rounds says on the sheets that nothing came.
pub fn collect(session: &Session, place: &Path, most: u32) -> Result<Exit> {
    let (mut plan, folder) = (Plan::read(place)?, Folder::at(place));
    let missing = plan.missing(&folder);
    tell(session, &plan, &missing);
    if missing.is_empty() {
        return Ok(Exit::Done);
    }
    if plan.rounds >= most {
        for &number in &missing {
            folder.put(&plan.lost(number))?;
        }
        session.say(&format!(
            "asked {most} times: {} are written down as the grader's failure, which is no zero",
            missing.len()
        ));
        return Ok(Exit::Broken);
    }
    plan.rounds += 1;
    plan.write(place)?;
    let script =
        fs::read_to_string(place.join(CLUSTER).join(ARRAY)).context("failed to read the job array")?;
    let again = put_script(place, AGAIN, &script, &plan.chunks_of(&missing))?;
    session.say(&format!(
        "round {} of {most}, what is missing only: sbatch {}",
        plan.rounds,
        again.display()
    ));
    Ok(Exit::Done)
}

fn tell(session: &Session, plan: &Plan, missing: &[usize]) {
    let names: Vec<String> = missing.iter().map(|&i| clean(&plan.expected[i].key)).collect();
    let chunks: Vec<usize> = plan.chunks_of(missing).into_iter().collect();
    let there = plan.expected.len() - missing.len();
    if session.common.json {
        put_json(&json!({
            "format": 1, "expected": plan.expected.len(), "there": there, "missing": names, "chunks": chunks, "rounds": plan.rounds,
        }));
        return;
    }
    putln!("{there} of {} results are there", plan.expected.len());
    if !missing.is_empty() {
        let chunks: Vec<String> = chunks.iter().map(usize::to_string).collect();
        putln!("missing ({}), in the chunks {}: {}", names.len(), chunks.join(", "), names.join(", "));
    }
}

/// The script without the line that says which chunks.
fn script(session: &Session, wish: &ClusterOptions, plan: &Plan) -> Result<String> {
    let whole = |path: &Path| {
        let path =
            std::path::absolute(path).with_context(|| format!("failed to find `{}`", path.display()))?;
        Ok::<_, anyhow::Error>(quoted(&path))
    };
    let root = session.paths.root();
    let mut command = vec![
        quoted(&env::current_exe().context("failed to find this program")?),
        "--plain".to_owned(),
        format!("--course {}", whole(root)?),
        "grade".to_owned(),
        format!("--part \"$SLURM_ARRAY_TASK_ID\"/{}", plan.chunks),
        format!("--out {}", whole(&wish.folder)?),
        format!("--isolation {}", wish.isolation.name()),
    ];
    command.extend(session.chapter.map(|chapter| format!("--chapter {chapter}")));
    if let Some(roster) = &wish.roster {
        command.push(format!("--roster {}", whole(roster)?));
    }
    for place in &wish.places {
        command.push(whole(place)?);
    }
    Ok(format!(
        "#!/usr/bin/env bash\n#SBATCH --job-name=crash-course\n#SBATCH --cpus-per-task={}\n#SBATCH --mem={}M\n#SBATCH --time={}\n\
         #SBATCH --requeue\n#SBATCH --output={}/logs/%A_%a.txt\n\
         # Every chunk may be run again, also beside itself: results appear whole, by a rename, and what is there is not graded again.\n\
         set -uo pipefail\n\
         work=$(mktemp -d \"${{SLURM_TMPDIR:-${{TMPDIR:-/tmp}}}}/crash-course-XXXXXX\")\n\
         trap 'rm -rf \"$work\"' EXIT\n\
         # What the course's own machine has built, this one need not build.\n\
         [ -d {built} ] && cp -a {built} \"$work/build\"\n\
         export {WORK}=$work\n{}\n",
        wish.cpus,
        wish.memory,
        wish.chunk * MINUTES,
        std::path::absolute(&wish.folder)?.join(CLUSTER).display(),
        command.join(" \\\n    "),
        built = quoted(&session.paths.work().join("build")),
    ))
}

/// Writes the script for these chunks.
fn put_script(place: &Path, name: &str, script: &str, chunks: &BTreeSet<usize>) -> Result<PathBuf> {
    let path = place.join(CLUSTER).join(name);
    let chunks: Vec<String> = chunks.iter().map(usize::to_string).collect();
    let line = format!("#SBATCH --array={}", chunks.join(","));
    let kept = script.lines().filter(|line| !line.starts_with("#SBATCH --array="));
    // Slurm reads its options before the first command only.
    let (first, rest): (Vec<&str>, Vec<&str>) = (kept.clone().take(1).collect(), kept.skip(1).collect());
    let text = [first, vec![line.as_str()], rest].concat().join("\n") + "\n";
    write_whole(&path, text.as_bytes())?;
    Ok(path)
}

/// A path as a shell takes it, whatever is in it.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', "'\\''"))
}
