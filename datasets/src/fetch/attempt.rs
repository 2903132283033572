//! One request: appends to a partial file what it lacks. Says whether trying again can help; decides nothing else.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    path::Path,
    time::Duration,
};

use ureq::{Agent, Body, http::Response};

use super::Event;
use crate::catalog::Download;

/// Why an attempt ended early.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It may go better next time, from where it stopped.
    Passing(String),
    /// This address will not give the file.
    Hopeless(String),
}

use Trouble::{Hopeless, Passing};

/// A client that gives up when nothing comes for `patience`, not when much comes slowly.
pub(super) fn agent(patience: Duration) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(patience))
        .timeout_recv_response(Some(patience))
        .timeout_per_read(Some(patience))
        .user_agent(concat!("crash-course-datasets/", env!("CARGO_PKG_VERSION")));
    config.build().into()
}

/// Bytes of a partial file; 0 when there is none.
pub(super) fn size(part: &Path) -> u64 {
    fs::metadata(part).map_or(0, |metadata| metadata.len())
}

/// Completes `part` from `url`: asks for the rest only, when there is a beginning.
pub(super) fn attempt(
    agent: &Agent,
    url: &str,
    file: &Download<'_>,
    part: &Path,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(), Trouble> {
    let mut have = size(part);
    if have > file.bytes {
        remove(part)?;
        have = 0;
    }
    if have == file.bytes {
        return Ok(());
    }
    let request = agent.get(url);
    let request = if have > 0 { request.header("Range", format!("bytes={have}-")) } else { request };
    let response = request.call().map_err(|error| Passing(error.to_string()))?;
    let start = start(&response, have, file, part)?;
    let open = OpenOptions::new().create(true).append(start > 0).write(true).truncate(start == 0).open(part);
    let to = open.map_err(|error| cannot(part, &error))?;
    store(response, to, start, file, part, tell)
}

/// Where the answer begins in the file, after a check of what the server says about it.
fn start(response: &Response<Body>, have: u64, file: &Download<'_>, part: &Path) -> Result<u64, Trouble> {
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let other = |n: u64| Hopeless(format!("its file has {n} bytes instead of {}", file.bytes));
    match response.status().as_u16() {
        200 => match header("content-length").and_then(|length| length.parse().ok()) {
            Some(length) if length != file.bytes => Err(other(length)),
            _ => Ok(0),
        },
        206 => {
            let range = header("content-range").and_then(|range| range.strip_prefix("bytes "));
            let (span, total) = range.and_then(|range| range.split_once('/')).unwrap_or_default();
            match total.parse() {
                Ok(total) if total != file.bytes => return Err(other(total)),
                _ => {}
            }
            if span.split('-').next().and_then(|start| start.parse().ok()) == Some(have) {
                return Ok(have);
            }
            remove(part)?;
            Err(Passing("it answered with another part than asked for".into()))
        }
        416 => {
            remove(part)?;
            Err(Passing("it does not know the rest of the file".into()))
        }
        status @ (408 | 429 | 500..) => Err(Passing(format!("status {status}"))),
        status => Err(Hopeless(format!("status {status}"))),
    }
}

/// Writes the body behind the first `done` bytes.
fn store(
    response: Response<Body>,
    mut to: File,
    mut done: u64,
    file: &Download<'_>,
    part: &Path,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(), Trouble> {
    let mut body = response.into_body().into_reader();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = body.read(&mut buffer).map_err(|error| Passing(format!("after {done} bytes: {error}")))?;
        if n == 0 {
            break;
        }
        done += n as u64;
        if done > file.bytes {
            remove(part)?;
            return Err(Hopeless(format!("its file has more than {} bytes", file.bytes)));
        }
        to.write_all(&buffer[..n]).map_err(|error| cannot(part, &error))?;
        tell(Event::Progress { file: file.name, done, of: file.bytes });
    }
    to.sync_all().map_err(|error| cannot(part, &error))?;
    if done < file.bytes {
        return Err(Passing(format!("it ended after {done} of {} bytes", file.bytes)));
    }
    Ok(())
}

fn remove(part: &Path) -> Result<(), Trouble> {
    fs::remove_file(part).map_err(|error| cannot(part, &error))
}

fn cannot(part: &Path, error: &std::io::Error) -> Trouble {
    Hopeless(format!("{} cannot be written: {error}", part.display()))
}
