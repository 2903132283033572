//! The patients, as `grader/clinic/cases.toml` lists them: recipes, and what is asked and said about each.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use toml::{Table, Value};

use crate::{files::read_toml, paths::Paths};

/// All patients, and what their recipes share.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clinic {
    /// Healthy settings by the name of a training.
    base: BTreeMap<String, Table>,
    /// In the order in which they are listed.
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
}

/// A training that is broken.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it is called: by what is seen, not by what is wrong.
    pub name: String,
    /// What is seen, in a line.
    pub title: String,
    /// What is known of it.
    pub story: String,
    /// Which of the trainings it is.
    pub training: String,
    /// What the histogram shows.
    pub histogram: String,
    /// Its settings, as far as they differ from the training's usual ones.
    #[serde(default)]
    pub recipe: Table,
    /// What is wrong among the settings.
    pub broken: Table,
    /// What may be wrong, of which one is.
    pub choices: Vec<Choice>,
    /// What may be done about it, of which one helps.
    pub mends: Vec<Mend>,
    /// What to take home.
    pub moral: String,
}

/// Something that may be wrong.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What.
    pub text: String,
    /// What one would see then; of the right one, what gives it away.
    pub says: String,
    /// Whether it is what is wrong.
    #[serde(default)]
    pub right: bool,
}

/// Settings that may help.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mend {
    /// What is changed, as it would be written down.
    pub text: String,
    /// What it sets otherwise than the recipe does.
    pub set: Table,
    /// What comes of it.
    pub says: String,
    /// Whether it helps.
    #[serde(default)]
    pub right: bool,
}

impl Clinic {
    /// Reads the list of patients.
    pub fn load(paths: &Paths) -> Result<Self> {
        let clinic: Self = read_toml(&paths.root().join("grader/clinic/cases.toml"))?;
        for case in &clinic.cases {
            clinic.check(case).with_context(|| format!("the clinic's `{}`", case.name))?;
        }
        Ok(clinic)
    }

    /// The patient called `name`.
    pub fn case(&self, name: &str) -> Result<&Case> {
        let known = || self.cases.iter().map(|case| case.name.as_str()).collect::<Vec<_>>().join(", ");
        let found = self.cases.iter().find(|case| case.name == name);
        found.with_context(|| format!("the clinic has no patient `{name}`; there are {}", known()))
    }

    /// The settings of a patient as it is.
    pub fn broken(&self, case: &Case) -> Table {
        let mut settings = self.healthy(case);
        settings.extend(case.broken.clone());
        settings
    }

    /// The settings of a patient that is treated so.
    pub fn treated(&self, case: &Case, mend: &Mend) -> Table {
        let mut settings = self.broken(case);
        settings.extend(mend.set.clone());
        settings
    }

    fn healthy(&self, case: &Case) -> Table {
        let mut settings = self.base.get(&case.training).cloned().unwrap_or_default();
        settings.extend(case.recipe.clone());
        settings
    }

    fn check(&self, case: &Case) -> Result<()> {
        let base = self.base.get(&case.training);
        let base = base.with_context(|| format!("there is no training `{}`", case.training))?;
        let settings =
            [&case.recipe, &case.broken].into_iter().chain(case.mends.iter().map(|mend| &mend.set));
        for (name, value) in settings.flatten() {
            let is_known = base.get(name).is_some_and(|usual| usual.same_type(value));
            ensure!(is_known, "`{name}` is no setting of `{}`", case.training);
        }
        let rights = |rights: Vec<bool>| rights.into_iter().filter(|&right| right).count();
        ensure!(case.choices.len() == 4, "has {} choices", case.choices.len());
        ensure!(rights(case.choices.iter().map(|choice| choice.right).collect()) == 1, "one choice is right");
        ensure!(rights(case.mends.iter().map(|mend| mend.right).collect()) == 1, "one mend is right");
        let right = case.mends.iter().find(|mend| mend.right);
        let mended = right.map(|mend| self.treated(case, mend)).unwrap_or_default();
        ensure!(same(&mended, &self.healthy(case)), "the mend that is right does not make it healthy");
        Ok(())
    }
}

fn same(a: &Table, b: &Table) -> bool {
    let sorted = |table: &Table| {
        let mut entries: Vec<(String, Value)> = table.clone().into_iter().collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries
    };
    sorted(a) == sorted(b)
}
