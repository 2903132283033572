//! A small web server on this machine that misbehaves as told, one answer a connection.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// What the server does with one request.
#[derive(Clone)]
pub enum Manner {
    /// Answers as it should, the rest of the file if asked for.
    Right,
    /// Answers as it should, but knows no ranges: always the whole file.
    Whole,
    /// Sends so many bytes of what it promised, then closes.
    Drop(usize),
    /// Sends so many bytes without a promise, then closes: only the size tells that something lacks.
    Unannounced(usize),
    /// Sends so many bytes, then nothing, and keeps the connection.
    Stall(usize),
    /// Promises so many bytes, and sends the file.
    Promise(usize),
    /// Sends the file and so many bytes more, without a promise.
    More(usize),
    /// Sends another file of the same length.
    Wrong,
    /// Answers a request for the rest with a part that was not asked for.
    OtherPart,
    /// Answers with a status and a page.
    Status(u16),
    /// Sends on to another path.
    Redirect(&'static str),
}

/// The server. It ends with the test's process.
pub struct Server {
    address: String,
    /// `path range`, one for each request so far.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves `file`. The manners of a path are used up one after the other; the last one stays.
    pub fn start(file: Vec<u8>, manners: &[(&'static str, &[Manner])]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mut queues: HashMap<String, Vec<Manner>> =
            manners.iter().map(|(path, list)| ((*path).to_owned(), list.to_vec())).collect();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let file = Arc::new(file);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some((path, range)) = request(&stream) else { continue };
                seen.lock()
                    .unwrap()
                    .push(format!("{path} {}", range.map_or("all".into(), |at| at.to_string())));
                let queue = queues.get_mut(&path).unwrap();
                let manner = if queue.len() > 1 { queue.remove(0) } else { queue[0].clone() };
                let file = Arc::clone(&file);
                // A client that has seen enough closes the connection: no failure.
                thread::spawn(move || drop(answer(stream, &manner, &file, range)));
            }
        });
        Self { address, requests }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// The path and the beginning of the range.
fn request(stream: &TcpStream) -> Option<(String, Option<usize>)> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let mut range = None;
    for line in lines.take_while(|line| !line.is_empty()) {
        if let Some(span) = line.to_lowercase().strip_prefix("range: bytes=") {
            range = span.trim_end_matches('-').parse().ok();
        }
    }
    Some((path, range))
}

fn answer(mut to: TcpStream, manner: &Manner, file: &[u8], range: Option<usize>) -> std::io::Result<()> {
    let rest = &file[range.unwrap_or(0).min(file.len())..];
    let head = |promise: usize| match range {
        None => format!("HTTP/1.1 200 OK\r\nContent-Length: {promise}\r\n"),
        Some(from) => format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Length: {promise}\r\nContent-Range: bytes {from}-{}/{}\r\n",
            file.len() - 1,
            from + promise
        ),
    };
    let (head, body) = match manner {
        Manner::Right => (head(rest.len()), rest.to_vec()),
        Manner::Whole => (format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n", file.len()), file.to_vec()),
        Manner::Drop(n) | Manner::Stall(n) => (head(rest.len()), rest[..*n.min(&rest.len())].to_vec()),
        Manner::Unannounced(n) => ("HTTP/1.1 200 OK\r\n".into(), file[..*n].to_vec()),
        Manner::Promise(n) => (head(*n), rest.to_vec()),
        Manner::More(n) => ("HTTP/1.1 200 OK\r\n".into(), [file, &vec![7; *n]].concat()),
        Manner::Wrong => (head(rest.len()), rest.iter().map(|byte| byte ^ 1).collect()),
        Manner::OtherPart => {
            let (last, n) = (file.len() - 1, file.len());
            (format!("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-{last}/{n}\r\n"), file.to_vec())
        }
        Manner::Status(status) => {
            (format!("HTTP/1.1 {status} No\r\nContent-Length: 4\r\n"), b"page".to_vec())
        }
        Manner::Redirect(path) => {
            (format!("HTTP/1.1 302 Found\r\nLocation: {path}\r\nContent-Length: 0\r\n"), vec![])
        }
    };
    to.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())?;
    to.write_all(&body)?;
    to.flush()?;
    if let Manner::Stall(_) = manner {
        // Until the client hangs up.
        to.read_to_end(&mut Vec::new())?;
    }
    Ok(())
}
