//! The child of `tests/process.rs`: does what a request tells it to, honest or not. For `tests/attacks` it tries one attack.
//!
//! Its own few lines of framing on purpose: it must be able to get them wrong.

#[path = "attacks.rs"]
mod attacks;

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio, abort, exit};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::Signal;

const FOR_EVER: Duration = Duration::from_secs(1000);

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, name, base, tcp, udp] = &arguments[..]
        && word == "attack"
    {
        let number = |text: &str| text.parse().map_err(io::Error::other);
        attacks::run(name, &attacks::Place { base: base.into(), tcp: number(tcp)?, udp: number(udp)? });
        return Ok(());
    }
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    let mut socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    match std::env::args().nth(1).as_deref() {
        Some("deaf") => sleep(FOR_EVER),
        Some("early") => {
            // Only once a request is there: before that it would be an answer to none.
            socket.read_exact(&mut [0])?;
            socket.write_all(&frame(b"CC01____guessed!", b"guessed"))?;
            sleep(FOR_EVER);
        }
        _ => {}
    }
    loop {
        let mut header = [0; 16];
        socket.read_exact(&mut header)?;
        let mut payload = vec![0; u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize];
        socket.read_exact(&mut payload)?;
        let text = String::from_utf8_lossy(&payload).into_owned();
        let (verb, rest) = text.split_once(' ').unwrap_or((&text, ""));
        obey(verb, rest, &mut socket, &header)?;
    }
}

fn obey(verb: &str, rest: &str, socket: &mut UnixStream, header: &[u8; 16]) -> io::Result<()> {
    match verb {
        "echo" => socket.write_all(&frame(header, rest.as_bytes())),
        "env" => socket.write_all(&frame(header, environment().as_bytes())),
        "print" => {
            print!("{rest}");
            io::stdout().flush()?;
            eprint!("also {rest}");
            socket.write_all(&frame(header, b"printed"))
        }
        "flood" => {
            flood(rest.parse().expect("a number of bytes"))?;
            socket.write_all(&frame(header, b"flooded"))
        }
        "child" | "daemon" => {
            let pid = sleeper(verb)?;
            socket.write_all(&frame(header, pid.to_string().as_bytes()))
        }
        "orphan-and-exit" => {
            sleeper("daemon")?;
            exit(0)
        }
        "bytes" => socket.write_all(&unescape(rest, header)),
        "bytes-and-exit" => {
            socket.write_all(&unescape(rest, header))?;
            exit(0)
        }
        "answer-twice" => {
            socket.write_all(&frame(header, b"once"))?;
            sleep(Duration::from_millis(20));
            socket.write_all(&frame(header, b"twice"))?;
            println!("twice");
            Ok(())
        }
        "refuse" => {
            socket.shutdown(std::net::Shutdown::Read)?;
            println!("refusing");
            socket.write_all(&frame(header, b"the last one"))?;
            sleep(FOR_EVER);
            Ok(())
        }
        "answer-and-exit" => {
            socket.write_all(&frame(header, b"last words"))?;
            exit(0)
        }
        "where" => {
            std::fs::write("here", "a file")?;
            std::fs::write(std::env::temp_dir().join("there"), "another")?;
            let here = std::env::current_dir()?;
            socket.write_all(&frame(header, here.to_string_lossy().as_bytes()))
        }
        "write-many" => {
            (0..20).try_for_each(|i| std::fs::write(format!("{i}"), [0; 1 << 16]))?;
            socket.write_all(&frame(header, b"written"))
        }
        "answer-and-spin-aside" => {
            std::thread::spawn(|| spin());
            socket.write_all(&frame(header, b"spinning aside"))
        }
        "answer-and-spin" => {
            socket.write_all(&frame(header, b"spinning"))?;
            spin()
        }
        "close" => {
            *socket = UnixStream::pair()?.0;
            sleep(FOR_EVER);
            Ok(())
        }
        _ => misbehave(verb, rest),
    }
}

fn misbehave(verb: &str, rest: &str) -> io::Result<()> {
    match verb {
        "panic" => panic!("told to panic"),
        "exit" => exit(rest.parse().expect("an exit code")),
        "abort" => abort(),
        "overflow" => println!("{}", descend(1)),
        "spin" => spin(),
        "spin-in-threads" => {
            (0..4).for_each(|_| drop(std::thread::spawn(|| spin())));
            sleep(FOR_EVER);
        }
        "sleep" => sleep(FOR_EVER),
        "nap" => loop {
            sleep(Duration::from_millis(50));
            (0..1000).for_each(|i| _ = std::hint::black_box(i));
        },
        "write" => loop {
            File::options().create(true).append(true).open("file")?.write_all(&[0; 1 << 16])?;
        },
        "stop" => rustix::process::kill_process(rustix::process::getpid(), Signal::STOP)?,
        "allocate" => println!("{}", gigabytes(10)),
        _ => panic!("unknown request {verb}"),
    }
    Ok(())
}

fn frame(header: &[u8; 16], payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_le_bytes();
    [&header[..4], &length, &header[8..], payload].concat()
}

/// `H` stands for the request's header with a payload of two bytes, `!` for 0xff.
fn unescape(text: &str, header: &[u8; 16]) -> Vec<u8> {
    let head = &frame(header, b"ok")[..16];
    text.bytes()
        .flat_map(|byte| match byte {
            b'H' => head.to_vec(),
            b'!' => vec![0xff],
            other => vec![other],
        })
        .collect()
}

fn environment() -> String {
    std::env::vars().map(|(name, value)| format!("{name}={value}\n")).collect()
}

fn sleeper(kind: &str) -> io::Result<u32> {
    let mut command = if kind == "daemon" { Command::new("setsid") } else { Command::new("env") };
    // It keeps stdout and stderr open: whoever waits for their end waits for ever.
    Ok(command.args(["sleep", "1000"]).stdin(Stdio::null()).spawn()?.id())
}

fn flood(bytes: usize) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write!(out, "the head")?;
    let line = [b'x'; 1 << 16];
    (0..bytes.div_ceil(line.len())).try_for_each(|_| out.write_all(&line))?;
    write!(out, "the tail")?;
    out.flush()
}

fn descend(depth: u64) -> u64 {
    let here = std::hint::black_box([depth; 512]);
    if here[3] == 0 { 0 } else { descend(here[7] + 1) + here[9] }
}

fn spin() -> ! {
    loop {
        std::hint::black_box(0);
    }
}

fn gigabytes(count: usize) -> usize {
    let pieces: Vec<_> = (0..count * 16).map(|_| vec![1_u8; 1 << 26]).collect();
    pieces.iter().map(|piece| piece[12345] as usize).sum()
}
