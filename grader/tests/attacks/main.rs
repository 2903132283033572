//! The golden suite of attacks: each tried as it is, to see that it works at all, and then within each kind of walls; as the user who
//! runs the tests and, where that is root, as an ordinary one; one by one, and four times as many at once as there are processors.
//! Honest programs are never hindered. What is tried stands in `helpers/attacks.rs`; limits of time, memory and prints have tests of
//! their own.
//!
//! `cargo test -p grader --test attacks -- --nocapture` prints the table.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

#[path = "../helpers/attacks.rs"]
mod attacks;
mod world;

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use attacks::{ATTACKS, HONEST};
use grader::process::confine::Walls;
use world::{User, World};

/// What landlock can't keep away: that a file is there, and how large it is.
const SEEN_BY_LANDLOCK: [&str; 1] = ["see how large a secret is"];

/// What came of one round.
#[derive(Default)]
struct Tally {
    stopped: usize,
    tried: usize,
    /// Attacks that came through.
    through: BTreeSet<&'static str>,
    /// Honest programs that did not.
    hindered: Vec<String>,
}

/// Tries everything that is `possible`, so much `at_once`.
fn tally(
    world: &World,
    (user, walls): (User, Walls),
    possible: &BTreeSet<&'static str>,
    at_once: usize,
) -> Tally {
    let attacks: Vec<_> = ATTACKS.iter().filter(|(name, ..)| possible.contains(name)).collect();
    let (next, tally) = (AtomicUsize::new(0), Mutex::new(Tally::default()));
    let one = |i: usize| match attacks.get(i) {
        Some((name, judge, _)) => {
            let end = world.attack(name, *judge, user, Some(walls));
            let mut tally = tally.lock().unwrap();
            tally.tried += 1;
            tally.stopped += usize::from(!end.succeeded);
            tally.through.extend(end.succeeded.then_some(*name));
        }
        None => {
            let name = HONEST[i - attacks.len()].0;
            let end = world.honest(name, user, walls);
            let said = (!end.succeeded).then(|| format!("{name}: {}", end.said));
            tally.lock().unwrap().hindered.extend(said);
        }
    };
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                let mut number = || next.fetch_add(1, Ordering::Relaxed);
                std::iter::repeat_with(&mut number)
                    .take_while(|i| *i < attacks.len() + HONEST.len())
                    .for_each(one);
            });
        }
    });
    tally.into_inner().unwrap()
}

/// The attacks that work where nothing is in their way.
fn possible(world: &World, user: User) -> BTreeSet<&'static str> {
    let works = |(name, judge, _): &&(&'static str, _, _)| world.attack(name, *judge, user, None).succeeded;
    ATTACKS.iter().filter(works).map(|(name, ..)| *name).collect()
}

#[test]
fn every_attack_is_stopped_and_nothing_honest_is() {
    let (world, processors) = (World::new(), thread::available_parallelism().map_or(1, usize::from));
    println!("walls       user      load  attacks stopped  honest passed");
    for user in world.users() {
        let possible = possible(&world, user);
        // Most of them work for everybody: else nothing would be tried.
        assert!(possible.len() * 2 >= ATTACKS.len(), "{:?}", left_out(&possible));
        println!("left out as impossible here for {}: {:?}", user.name, left_out(&possible));
        for walls in [Walls::Landlock, Walls::Namespaces] {
            if let Err(reason) = world.is_possible(walls, user) {
                println!("{walls:?} as {}: not run: {reason}", user.name);
                continue;
            }
            for (load, at_once) in [("idle", 1), ("4×", 4 * processors)] {
                let Tally { stopped, tried, mut through, hindered } =
                    tally(&world, (user, walls), &possible, at_once);
                let passed = HONEST.len() - hindered.len();
                println!(
                    "{:<11} {:<9} {load:<5} {stopped} of {tried}         {passed} of {}   {through:?}",
                    format!("{walls:?}"),
                    user.name,
                    HONEST.len()
                );
                assert_eq!(hindered, [""; 0]);
                if walls == Walls::Landlock {
                    SEEN_BY_LANDLOCK.iter().for_each(|name| _ = through.remove(name));
                }
                assert!(through.is_empty(), "{walls:?} let through: {through:?}");
            }
        }
    }
}

fn left_out(possible: &BTreeSet<&'static str>) -> Vec<&'static str> {
    ATTACKS.iter().map(|(name, ..)| *name).filter(|name| !possible.contains(name)).collect()
}
