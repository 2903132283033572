//! What an instructor gives: places with submissions and a roster, as one attempt a student.

use std::path::PathBuf;

use anyhow::Result;

use crate::{
    class::{
        attempts::{Attempt, Attempts},
        roster::Roster,
        senders::{Register, Sender},
        sheet::{Sheet, State},
    },
    commands::Session,
    hand_in::bundle::{self, Bundle, Parcel},
    report::tell,
};

/// Everything that was given.
pub struct Given {
    /// The attempts that count, by their senders' keys.
    pub attempts: Vec<Attempt>,
    /// What can't be graded, each as a sheet that says why.
    pub useless: Vec<Sheet>,
    /// Places that can't be read at all.
    pub unread: Vec<String>,
}

/// Reads all of it. Nothing that is wrong with one place or parcel ends it.
pub fn read(session: &Session, places: &[PathBuf], roster: Option<&Roster>, seed: u64) -> Result<Given> {
    let (mut attempts, mut unread, mut useless) = (Attempts::default(), Vec::new(), Attempts::default());
    let mut why = Vec::new();
    for place in places {
        let name = place
            .file_name()
            .map_or_else(|| place.display().to_string(), |n| n.to_string_lossy().into_owned());
        let bundle = bundle::open(session.course, place);
        let Bundle { parcels, useless: bad, submitters } = match bundle {
            Ok(bundle) => bundle,
            Err(error) if places.len() > 1 && place.exists() => {
                // A damaged archive is somebody's all the same.
                let message = format!("{error:#}");
                let reason = message.split_once("`: ").map_or(message.as_str(), |(_, reason)| reason);
                Bundle { useless: vec![(String::new(), format!("it {reason}"))], ..Bundle::default() }
            }
            Err(error) => {
                tell(&format!("error: {error:#}"));
                unread.push(place.display().to_string());
                continue;
            }
        };
        let register = Register { roster, submitters: submitters.as_deref() };
        // Together, since what all have in common says nobody's name.
        let within = parcels.iter().map(|parcel| parcel.within.as_str());
        let all: Vec<&str> = within.chain(bad.iter().map(|(within, _)| within.as_str())).collect();
        let mut senders = register.senders(&name, &all).into_iter();
        for parcel in &parcels {
            attempts.add(senders.next().unwrap_or_default(), &name, parcel);
        }
        for (within, reason) in bad {
            let senders: Vec<Sender> = senders.next().unwrap_or_default();
            why.extend(senders.iter().map(|sender| (sender.key.clone(), reason.clone())));
            useless.add(senders, &name, &Parcel::empty(within));
        }
    }
    let attempts = attempts.counting();
    // Who sent something that can be graded, too, is graded.
    let has_other = |key: &str| attempts.iter().any(|attempt| attempt.sender.key == key);
    let useless = useless.counting().into_iter().filter(|attempt| !has_other(&attempt.sender.key));
    let useless = useless.map(|attempt| {
        let mut sheet = Sheet::new(&attempt, seed, roster.is_some());
        sheet.state = State::NotGraded;
        sheet.why = why.iter().find(|(key, _)| *key == attempt.sender.key).map(|(_, why)| why.clone());
        sheet
    });
    let useless = useless.collect();
    Ok(Given { attempts, useless, unread })
}
