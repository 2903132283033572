//! The loop of a probe: one frame in, one call, one frame out, until the grader hangs up.
//!
//! Limits are the grader's, set from outside; what cannot be caught (abort, exit, a stack overflow) ends the process and
//! is the grader's to name.

use std::{
    fs::File,
    io::{self, Read, Write},
    os::{fd::AsFd, unix::net::UnixStream},
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

use protocol::{Answer, Call, HEADER, NOTHING, decode, encode};

use crate::{Fault, Inputs, Outputs, counts, device, panics};

/// Turns a call's inputs into a call of a student's function.
pub type Adapter = fn(&Inputs) -> Result<Outputs, Fault>;

/// The exit code of a program whose device is missing.
const NO_DEVICE: i32 = 3;
/// Student code runs on a thread of its own, so that a stack overflow is named and never depends on the shell's limit.
const STACK: usize = 64 << 20;

/// Answers calls on the socket that stands in for standard input, until it closes. Called with `--device`, it only says what it
/// runs on.
///
/// `functions` is a table of the student's functions: `relu` is the exercise's own, `lstm_unroll/lstm_last` another one of it,
/// as [`Call::function`] says it.
///
/// # Errors
/// When there is no such device, in words that name it, or the socket breaks.
pub fn serve(functions: &[(&str, Adapter)]) -> io::Result<()> {
    let _held = device::find().unwrap_or_else(|reason| {
        eprintln!("{reason}");
        std::process::exit(NO_DEVICE)
    });
    if std::env::args().nth(1).is_some_and(|argument| argument == "--device") {
        println!("{}", device::NAME);
        return Ok(());
    }
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    let mut channel = take_channel()?;
    panics::listen();
    thread::scope(|scope| {
        let exercise = thread::Builder::new().name("exercise".to_owned()).stack_size(STACK);
        let thread = exercise.spawn_scoped(scope, || answer_all(functions, &mut channel))?;
        thread.join().map_err(|_| io::Error::other("the exercises' thread was lost"))?
    })
}

fn answer_all(functions: &[(&str, Adapter)], channel: &mut UnixStream) -> io::Result<()> {
    join_the_pool();
    while let Some(frame) = read_frame(channel)? {
        let (nonce, call) = decode::<Call>(&frame).map_err(io::Error::other)?;
        let answer = answer(functions, call);
        io::stdout().flush()?;
        channel.write_all(&encode(nonce, &answer).map_err(io::Error::other)?)?;
    }
    Ok(())
}

/// Makes this thread one of rayon's. Otherwise each of the thousand small steps of a training would be handed to the pool and
/// waited for, which takes longer than the step: small networks learn twice as fast like this.
///
/// A pool of this thread alone would leave nobody for work that a student's own threads hand to it.
fn join_the_pool() {
    if thread::available_parallelism().is_ok_and(|threads| threads.get() > 1) {
        // It fails where threads are limited; then rayon makes its pool when it is needed, or says why not.
        _ = rayon::ThreadPoolBuilder::new().use_current_thread().build_global();
    }
}

/// Moves the channel away from descriptor 0, so that a student who reads standard input meets its end, not our frames.
fn take_channel() -> io::Result<UnixStream> {
    let channel = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok(channel)
}

fn read_frame(channel: &mut UnixStream) -> io::Result<Option<Vec<u8>>> {
    let mut frame = vec![0; HEADER];
    match channel.read_exact(&mut frame) {
        Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        done => done?,
    }
    let length = u32::from_le_bytes([frame[4], frame[5], frame[6], frame[7]]) as usize;
    frame.resize(HEADER + length, 0);
    channel.read_exact(&mut frame[HEADER..])?;
    Ok(Some(frame))
}

fn answer(functions: &[(&str, Adapter)], call: Call) -> Answer {
    let nothing: (&str, Adapter) = (NOTHING, counts::nothing);
    let is_called = |key: &str| match key.split_once('/') {
        Some((exercise, function)) => call.exercise == exercise && call.function == function,
        None => key == call.exercise && !call.is_of_another(),
    };
    let Some((_, adapter)) = functions.iter().chain([&nothing]).find(|(key, _)| is_called(key)) else {
        let Call { exercise, function, .. } = call;
        return Answer::Unsupported(format!("this probe has no adapter for `{exercise}/{function}`"));
    };
    // The device is made on the thread that uses it: a CUDA stream can't change threads.
    let run = || counts::counted(*adapter, &Inputs::new(call.args));
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(outputs)) => Answer::Values(outputs.into_values()),
        Ok(Err(Fault::Refused(message))) => Answer::Refused(message),
        Ok(Err(Fault::Unsupported(message))) => Answer::Unsupported(message),
        Err(_) => {
            let (message, location) = panics::take();
            Answer::Panicked { message, location }
        }
    }
}
