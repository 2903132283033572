//! A child that answers calls of `relu` as a probe does, in good faith or not: what it is called says how. No dfdx in it.

use std::{
    collections::HashMap,
    env,
    hint::black_box,
    io::{self, Read, Write},
    os::{fd::AsFd, unix::net::UnixStream},
    path::Path,
    thread::sleep,
    time::Duration,
};

use protocol::{Answer, Array, Call, Data, HEADER, NOTHING, OUTPUTS, Value, decode, encode};

/// How often the work is done over: a few milliseconds of it.
const PASSES: usize = 60;

fn main() -> io::Result<()> {
    let name = env::args().next().unwrap_or_default();
    let name = Path::new(&name).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut channel = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut student = Student { name, first: None, known: HashMap::new() };
    loop {
        let mut frame = vec![0; HEADER];
        if channel.read_exact(&mut frame).is_err() {
            return Ok(());
        }
        let length = u32::from_le_bytes([frame[4], frame[5], frame[6], frame[7]]) as usize;
        frame.resize(HEADER + length, 0);
        channel.read_exact(&mut frame[HEADER..])?;
        let (nonce, call) = decode::<Call>(&frame).map_err(io::Error::other)?;
        let outputs = if call.exercise == NOTHING { nothing(&call) } else { student.relu(&call) };
        let values = outputs
            .into_iter()
            .map(|(name, data)| (name.to_owned(), Value::Array(Array::f32(&[data.len()], data))));
        let answer = encode(nonce, &Answer::Values(values.collect())).map_err(io::Error::other)?;
        channel.write_all(&answer)?;
        if student.name == "works-afterwards" && call.exercise != NOTHING {
            // For so long that it is not over where the grader is kept from hearing the answer at once.
            work(&floats(&call), 8 * PASSES);
        }
    }
}

struct Student {
    name: String,
    first: Option<Vec<f32>>,
    known: HashMap<Vec<u32>, Vec<f32>>,
}

impl Student {
    fn relu(&mut self, call: &Call) -> Vec<(&'static str, Vec<f32>)> {
        let x = floats(call);
        let y = match self.name.as_str() {
            "naive" => work(&x, 4 * PASSES),
            "quick" => work(&x, PASSES / 4),
            "sleeps" => {
                sleep(Duration::from_millis(120));
                work(&x, PASSES)
            }
            "caches" => self.first.get_or_insert_with(|| work(&x, PASSES)).clone(),
            "remembers" => {
                let key = x.iter().map(|x| x.to_bits()).collect();
                self.known.entry(key).or_insert_with(|| work(&x, PASSES)).clone()
            }
            "skips" => {
                let (half, mut y) = (x.len() / 2, work(&x[..x.len() / 2], PASSES));
                y.resize(2 * half, 0.0);
                y
            }
            _ => work(&x, PASSES),
        };
        vec![("y", y)]
    }
}

fn work(x: &[f32], passes: usize) -> Vec<f32> {
    let mut y = vec![0.0; x.len()];
    for _ in 0..passes {
        for (y, x) in y.iter_mut().zip(x) {
            *y = black_box(*x).max(0.0);
        }
    }
    y
}

fn floats(call: &Call) -> Vec<f32> {
    match call.args.get("x") {
        Some(Value::Array(Array { data: Data::F32(data), .. })) => data.clone(),
        _ => Vec::new(),
    }
}

fn nothing(call: &Call) -> Vec<(&'static str, Vec<f32>)> {
    let sizes = match call.args.get(OUTPUTS) {
        Some(Value::Array(Array { data: Data::Index(sizes), .. })) => sizes.clone(),
        _ => Vec::new(),
    };
    black_box(floats(call));
    vec![("0", vec![0.0; sizes.first().map_or(0, |&n| n as usize)])]
}
