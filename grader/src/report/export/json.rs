//! The report as JSON.

use anyhow::Result;
use serde_json::{Value, json as object};

use super::Format;
use crate::{
    clean::clean_json,
    course::{Chapter, Exercise},
    report::{Grading, Paper},
};

/// Points and verdicts; of submissions a list of these.
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn text(&self, grading: &Grading) -> Result<String> {
        Ok(clean_json(&format!("{:#}", value(grading))) + "\n")
    }
}

fn value(grading: &Grading) -> Value {
    let parts: Vec<Value> = grading.parts.iter().map(|part| of_part(&grading.chapters, part)).collect();
    if grading.of_submissions {
        return object!({ "format": 1, "submissions": parts, "unread": grading.unread });
    }
    let mut value = parts.into_iter().next().unwrap_or_default();
    value["solved_now"] = object!(grading.solved_now);
    value
}

fn of_part(chapters: &[&Chapter], part: &Paper) -> Value {
    let (earned, points) = part.points(chapters);
    let exercises = chapters.iter().flat_map(|chapter| &chapter.exercises);
    let exercises: Vec<Value> = exercises.filter_map(|exercise| of_exercise(exercise, part)).collect();
    let mut value = object!({ "format": 1, "earned": earned, "points": points, "exercises": exercises });
    if let Some(facts) = &part.submission {
        value["file"] = object!(facts.place);
        value["sha256"] = object!(facts.sha256);
        value["seed"] = object!(facts.seed);
        value["findings"] = object!(facts.findings);
        value["receipt"] = facts.receipt.clone();
    }
    value
}

fn of_exercise(exercise: &Exercise, part: &Paper) -> Option<Value> {
    let (id, title, points) = (exercise.full_id(), &exercise.title, exercise.points);
    let verdict = part.graded.verdicts.get(&id)?;
    let earned = if verdict.is_passed() { points } else { 0 };
    let mut value =
        object!({ "id": id, "title": title, "points": points, "earned": earned, "verdict": verdict });
    if let Some(spent) = part.graded.spent.get(&id) {
        value["seconds"] = object!(spent.as_secs_f64());
    }
    Some(value)
}
