//! Hands the page to browsers on this machine, and to nobody else: the socket is on the loopback address, the `Host` must be this one
//! (or another site's name could be pointed here), and the address holds a token that other users of this machine don't know.
//!
//! `httparse` reads requests. Each connection is one request with a bound on its size and its time, so that there is nothing to
//! confuse; a whole HTTP server would be many times as much code for three files.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use httparse::{EMPTY_HEADER, Request, Status};

use super::{Board, Html, SCRIPT, STYLE, board::Part, export::document};

/// Bytes of a request.
const LONGEST: usize = 8 << 10;
/// How long a browser may take to send or to read.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a browser waits for news before it asks again.
const WAIT: Duration = Duration::from_secs(20);
/// Connections at once; a browser has one or two.
const MOST: usize = 32;
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where the page is to be found, and by whom.
#[derive(Clone, Debug)]
pub struct Door {
    /// On the loopback address.
    pub address: SocketAddr,
    /// What the path begins with.
    pub token: String,
}

impl Door {
    /// What to type into a browser.
    pub fn url(&self) -> String {
        format!("http://{}/{}/", self.address, self.token)
    }

    fn is_host(&self, host: &[u8]) -> bool {
        let port = self.address.port();
        [format!("127.0.0.1:{port}"), format!("localhost:{port}")].iter().any(|own| own.as_bytes() == host)
    }

    /// Compared whole, so that the time it takes tells nothing.
    fn is_token(&self, token: &str) -> bool {
        let pairs = self.token.bytes().zip(token.bytes());
        token.len() == self.token.len() && pairs.fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
    }
}

/// An answer to a browser.
#[derive(Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP's status code.
    pub status: u16,
    /// What it is.
    pub kind: &'static str,
    /// What follows the header.
    pub body: String,
}

impl Response {
    fn of(kind: &'static str, body: String) -> Self {
        Self { status: 200, kind, body }
    }

    fn refused(status: u16, why: &str) -> Self {
        Self { status, kind: "text/plain", body: format!("{why}\n") }
    }
}

/// Opens a door to `board` and answers in threads of its own, until this program ends.
pub fn open(board: Arc<Board>) -> Result<Door> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("failed to listen on 127.0.0.1")?;
    let address = listener.local_addr().context("failed to find the page's port")?;
    let door = Door { address, token: format!("{:032x}", rand::random::<u128>()) };
    let (own, open) = (door.clone(), Arc::new(AtomicUsize::new(0)));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if open.fetch_add(1, Ordering::Relaxed) >= MOST {
                open.fetch_sub(1, Ordering::Relaxed);
                continue;
            }
            let (board, door, open) = (board.clone(), own.clone(), open.clone());
            thread::spawn(move || {
                // Whoever hangs up is no concern of ours.
                _ = serve(stream, &door, &board);
                open.fetch_sub(1, Ordering::Relaxed);
            });
        }
    });
    Ok(door)
}

fn serve(mut stream: TcpStream, door: &Door, board: &Board) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let served = match read(&mut stream)? {
        Some(request) => answer(&request, door, board),
        None => Response::refused(431, "This request is too long, or takes too long."),
    };
    let Response { status, kind, body } = served;
    let head = format!(
        "HTTP/1.1 {status} {}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
         Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
         Cross-Origin-Resource-Policy: same-origin\r\nCache-Control: no-store\r\n\r\n",
        if status == 200 { "OK" } else { "Refused" },
        body.len(),
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())
}

/// The head of a request; `None` where it has no end within bounds.
fn read(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let (mut request, mut chunk, began) = (Vec::new(), [0; 1024], Instant::now());
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut chunk)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            _ if request.len() > LONGEST || began.elapsed() > PATIENCE => return Ok(None),
            n => request.extend_from_slice(&chunk[..n]),
        }
    }
    Ok(Some(request))
}

/// The answer to a request. Host and token come first: whoever lacks one of them learns nothing else.
pub fn answer(request: &[u8], door: &Door, board: &Board) -> Response {
    let mut headers = [EMPTY_HEADER; 64];
    let mut parsed = Request::new(&mut headers);
    if !matches!(parsed.parse(request), Ok(Status::Complete(_))) {
        return Response::refused(400, "This is no request.");
    }
    let hosts: Vec<&[u8]> = parsed
        .headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("host"))
        .map(|header| header.value)
        .collect();
    if !matches!(hosts[..], [host] if door.is_host(host)) {
        return Response::refused(403, "This page is for 127.0.0.1 only.");
    }
    let path = parsed.path.unwrap_or_default();
    let Some((token, file)) = path.strip_prefix('/').and_then(|path| path.split_once('/')) else {
        return Response::refused(403, "This address has no token: take the one that the grader prints.");
    };
    if !door.is_token(token) {
        return Response::refused(
            403,
            "This address has another token: take the one that the grader prints.",
        );
    }
    if parsed.method != Some("GET") {
        return Response::refused(405, "There is nothing here but to read.");
    }
    file_of(file, board)
}

fn file_of(file: &str, board: &Board) -> Response {
    match file.split_once('?').unwrap_or((file, "")) {
        ("", _) => Response::of("text/html", page(board)),
        ("page.css", _) => Response::of("text/css", STYLE.to_owned()),
        ("page.js", _) => Response::of("text/javascript", SCRIPT.to_owned()),
        ("news", query) => {
            let number = |name: &str| {
                let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
                value.and_then(|value| value.parse().ok()).unwrap_or_default()
            };
            let news = board.news((number("sheet"), number("now")), WAIT);
            serde_json::to_string(&news).map_or_else(
                |_| Response::refused(500, "The news can't be written."),
                |body| Response::of("application/json", body),
            )
        }
        _ => Response::refused(404, "There is no such file."),
    }
}

fn page(board: &Board) -> String {
    let (sheet, now) = board.all();
    let part = |name: &'static str, id: &str, part: &Part| {
        let version = part.version.to_string();
        Html::tag(name, &[("id", id), ("data-version", &version)], Html::finished(&part.html))
    };
    let lost = Html::own(
        "<p id=\"lost\" hidden>The grader has ended. Start it again and open the address that it prints then.</p>",
    );
    let script = Html::own("<script src=\"page.js\" defer></script>");
    document("Crash Course", script, lost.and(part("header", "now", &now)).and(part("main", "sheet", &sheet)))
}
