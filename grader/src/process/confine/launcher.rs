//! This program as a launcher: confines itself to what its command line says, and becomes the program behind it.

use std::{env, ffi::OsString, io, os::unix::process::CommandExt, process::Command};

#[cfg(target_os = "linux")]
use super::Walls;
use super::{FLAG, Reach};

/// The exit code of a launcher that could not do it, which programs of students can't be taken for.
pub const FAILED: u8 = 125;

/// What a program must do first: if it was started as a launcher, be one. Returns only where that fails, with what is to be told.
pub fn launcher_main() -> Option<String> {
    let mut arguments = env::args_os().skip(1);
    if arguments.next()? != FLAG {
        return None;
    }
    Some(format!("this machine can't confine a process: {}", become_confined(arguments)))
}

fn become_confined(mut arguments: impl Iterator<Item = OsString>) -> io::Error {
    let (Some(reach), Some(program)) = (arguments.next(), arguments.next()) else {
        return io::Error::other("the launcher was not told what to start");
    };
    let reach: Reach = match serde_json::from_str(&reach.to_string_lossy()) {
        Ok(reach) => reach,
        Err(error) => return io::Error::other(error),
    };
    match confine(&reach) {
        Ok(()) => Command::new(program).args(arguments).exec(),
        Err(error) => error,
    }
}

#[cfg(target_os = "linux")]
fn confine(reach: &Reach) -> io::Result<()> {
    match reach.walls {
        Walls::Landlock => files(reach).map_err(io::Error::other)?,
        Walls::Namespaces => super::spaces::enter(reach)?,
    }
    super::calls::refuse(reach.starts_processes)
}

#[cfg(not(target_os = "linux"))]
fn confine(_: &Reach) -> io::Result<()> {
    Err(io::Error::other("only Linux knows how"))
}

/// Files by landlock, of which the first version is required; what later ones can besides is taken where it is there.
#[cfg(target_os = "linux")]
fn files(reach: &Reach) -> Result<(), landlock::RulesetError> {
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr,
        Scope, make_bitflags, path_beneath_rules,
    };

    let newest = ABI::V6;
    let reading = make_bitflags!(AccessFs::{ReadFile | ReadDir});
    Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(newest))?
        .handle_access(AccessNet::from_all(newest))?
        .scope(Scope::from_all(newest))?
        .create()?
        .add_rules(path_beneath_rules(&reach.run, AccessFs::from_read(newest)))?
        .add_rules(path_beneath_rules(&reach.read, reading))?
        .add_rules(path_beneath_rules(["/dev/urandom", "/dev/random"], reading))?
        .add_rules(path_beneath_rules(["/dev/null"], AccessFs::from_file(newest)))?
        .add_rules(path_beneath_rules(&reach.write, AccessFs::from_all(newest)))?
        .restrict_self()?;
    Ok(())
}
