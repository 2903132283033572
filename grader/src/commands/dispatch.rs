//! Which command does what was typed.

use anyhow::{Result, bail};
use clap::CommandFactory;
use clap_complete::generate;

use super::{
    PROGRAM, Session, bench, check, class, clinic,
    doctor::{self, Symptoms},
    full, grade, hint, mine, new, next,
    page::{self, Page},
    parity::{self, Programs},
    questions, release, reset, restore, snapshots, solutions, stash, submissions, submit, update, watch,
};
use crate::{
    cli::{Cli, Command, More},
    device::Device,
    exit::Exit,
    report::write_whole_lines,
};

/// Runs the command that was asked for.
pub fn dispatch(cli: &Cli, session: &Session, symptoms: &Symptoms) -> Result<Exit> {
    match &cli.command {
        None if cli.running.full => full::full(session, &[], None, (cli.device, &cli.scoring)),
        None => {
            questions::ask(session, &[], cli.device, cli.running.questions)?;
            grade::changed(session, cli.device, (&cli.scoring, cli.running.timing), |_, _| ())
        }
        Some(Command::List { scoring, questions, .. }) => {
            questions::ask(session, &[], Device::Cpu, *questions)?;
            grade::list(session, scoring)
        }
        Some(Command::Run { ids, seed, device, mine: true, .. }) => mine::mine(session, ids, *seed, *device),
        Some(Command::Run { ids, seed, device, scoring, running, .. }) if running.full => {
            full::full(session, ids, *seed, (*device, scoring))
        }
        Some(Command::Run { ids, seed, device, scoring, running, .. }) => {
            questions::ask(session, ids, *device, running.questions)?;
            grade::named(session, ids, *seed, *device, (scoring, running.timing))
        }
        Some(Command::Check { ids, seeds, seal, diagnosis, one_in, .. }) => {
            let wish = check::Wish { seeds: *seeds, seal: *seal, diagnosis: *diagnosis, one_in: *one_in };
            check::check(session, ids, wish)
        }
        Some(Command::Hint { id, again, reset }) => hint::hint(session, id, wanted(*again, *reset)),
        Some(Command::Watch { poll, timing, page, .. }) => {
            let page = page.then(|| Page::open(session, None)).transpose()?;
            watch::watch(session, (*poll, *timing), page)
        }
        Some(Command::Page { page, .. }) => page::page(session, page),
        Some(Command::New { id, topic }) => new::new(session, id, topic.as_deref()),
        Some(Command::Snapshots { action }) => snapshots::snapshots(session, action),
        Some(Command::Parity { ids, seed, cases, keep, programs, .. }) => {
            let programs = Programs::of(keep.as_deref(), programs.as_deref());
            parity::parity(session, ids, (*seed, *cases), programs)
        }
        Some(Command::Bench { ids, device, baseline, .. }) => bench::bench(session, ids, *device, *baseline),
        Some(Command::Grade(given)) => submissions::grade(session, given),
        Some(Command::Class { action }) => class::class(session, action),
        Some(Command::Release(wish)) => release::release(session, wish),
        Some(Command::Update { from, branch, dry_run }) => {
            update::update(session, from, branch.as_deref(), *dry_run)
        }
        Some(Command::Clinic { name: None, .. }) => clinic::patients(session),
        Some(Command::Clinic { name: Some(name), wrong, mend }) => {
            clinic::clinic(session, name, *wrong, *mend)
        }
        Some(Command::More(more)) => dispatch_more(more, session),
        Some(Command::Doctor) => doctor::doctor(session, symptoms),
        Some(Command::Reset { id, missing: true, .. }) => reset::bring_back(session, id),
        Some(Command::Reset { id, file, .. }) => reset::reset(session, id, *file),
        Some(Command::Solutions { action }) => solutions::solutions(session, action),
    }
}

fn dispatch_more(more: &More, session: &Session) -> Result<Exit> {
    match more {
        More::Next => next::next(session),
        More::Stash { action } => stash::stash(session, action),
        More::Submit { file } => submit::submit(session, file.as_deref()),
        More::Restore { archive } => restore::restore(session, archive),
        More::Completions { shell } => {
            let mut script = Vec::new();
            generate(*shell, &mut Cli::command().bin_name("grader"), "grader", &mut script);
            write_whole_lines(&String::from_utf8_lossy(&script));
            Ok(Exit::Done)
        }
    }
}

/// An option that would do nothing is a mistake, and somebody waits for what it should have done.
pub fn refuse_idle_options(cli: &Cli) -> Result<()> {
    if cli.command.is_some()
        && let Some(option) = cli.of_grading().first()
    {
        bail!(
            "`{option}` before a command does nothing: it stands behind one that grades, as in `{PROGRAM} run ID {option}`"
        );
    }
    Ok(())
}

fn wanted(again: bool, reset: bool) -> hint::Request {
    match (again, reset) {
        (true, _) => hint::Request::Again,
        (_, true) => hint::Request::Forget,
        _ => hint::Request::Next,
    }
}
