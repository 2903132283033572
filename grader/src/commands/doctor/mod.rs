//! The doctor: a line for each thing that the course needs, and what to do where something is missing.
//!
//! Only looks; changes nothing but files of its own, which it takes away again. `tools` asks programs, `machine` the system,
//! `files` the course's folder, `journals` what a command left that was ended.

mod files;
mod journals;
mod machine;
mod tools;

use anyhow::{Error, Result};
use serde::Serialize;
use serde_json::json;

use super::Session;
use crate::{
    exit::Exit,
    report::{put, put_json, putln},
};

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Health {
    /// Nothing to do.
    Ok,
    /// The course works, but less well than it could.
    Attention,
    /// The course won't work like this.
    Problem,
}

/// What was found out about one thing.
#[derive(Clone, Debug, Serialize)]
struct Observation {
    name: &'static str,
    health: Health,
    says: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

impl Observation {
    fn ok(name: &'static str, says: impl Into<String>) -> Self {
        Self { name, health: Health::Ok, says: says.into(), advice: None }
    }

    fn attention(name: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, health: Health::Attention, says: says.into(), advice: Some(advice.into()) }
    }

    fn problem(name: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, health: Health::Problem, says: says.into(), advice: Some(advice.into()) }
    }
}

/// What keeps other commands from beginning.
#[derive(Debug, Default)]
pub struct Symptoms {
    /// Why what was interrupted could not be completed.
    pub unfinished: Option<Error>,
    /// Why the course could not be read.
    pub unread: Option<Error>,
}

/// Looks at everything and reports. Only a problem makes it fail. `ailing` says why it is needed, where the grader could not even begin.
pub fn doctor(session: &Session, ailing: &Symptoms) -> Result<Exit> {
    let paths = &session.paths;
    let mut findings = Vec::new();
    if let Some(error) = &ailing.unread {
        let advice = "bring that file back as it was: it comes with the course";
        findings.push(Observation::problem("course", format!("{error:#}"), advice));
    }
    findings.extend(journals::findings(session.course, paths, ailing.unfinished.as_ref()));
    findings.extend([
        tools::toolchain(paths),
        files::downloads(paths),
        machine::cores(),
        machine::memory(session.course),
        machine::disk(paths),
        files::writing(paths),
        tools::cuda(),
        files::data(paths),
        files::stubs(session.course, paths),
        files::lectures(session.course, paths),
        files::release(paths),
        machine::watching(paths),
        machine::colours(session.style, session.common.no_color),
        tools::git(paths),
    ]);
    let problems = findings.iter().filter(|finding| finding.health == Health::Problem).count();
    if session.common.json {
        put_json(&json!({ "format": 1, "problems": problems, "findings": findings }));
    } else {
        put!("{}", text(session, &findings));
    }
    if session.common.quiet && !session.common.json {
        putln!("{problems} problems");
    }
    Ok(if problems > 0 { Exit::Broken } else { Exit::Done })
}

fn text(session: &Session, findings: &[Observation]) -> String {
    let style = session.style;
    let mut text = String::new();
    for Observation { name, health, says, advice } in findings {
        if session.common.quiet && *health == Health::Ok {
            continue;
        }
        let word = match health {
            Health::Ok => style.good("ok       "),
            Health::Attention => style.command("attention"),
            Health::Problem => style.bad("problem  "),
        };
        text += &format!("{word}  {name:<10}  {says}\n");
        if let Some(advice) = advice {
            text += &format!("{:<23}→ {advice}\n", "");
        }
    }
    text
}
