//! A server may stall, lie, drop the connection or serve something else: a download ends right or not at all, and nothing
//! half-written ever gets the file's name.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

mod helpers;

use std::{
    fs,
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use datasets::{
    Error,
    catalog::{Download, Edition, Entry, Known, Unpack},
    fetch::{self, Event, Policy},
};
use helpers::{Manner, Server};
use tempfile::{TempDir, tempdir};

const POLICY: Policy =
    Policy { attempts: 3, pause: Duration::from_millis(5), patience: Duration::from_millis(400) };
const NAME: &str = "data.bin";

/// More than one buffer long.
fn content() -> Vec<u8> {
    (0..200_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

fn sum(content: &[u8]) -> String {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("x"), content).unwrap();
    fetch::sha256(&folder.path().join("x")).unwrap()
}

/// Downloads from paths of a server that behaves as told.
fn download(server: &Server, paths: &[&str], folder: &Path) -> Result<(), Error> {
    let urls: Vec<String> = paths.iter().map(|path| server.url(path)).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let sha256 = sum(&content());
    let file = Download { name: NAME, urls: &urls, bytes: 200_000, sha256: &sha256, unpack: Unpack::Keep };
    let path = folder.join(NAME);
    fetch::download(&file, folder, &POLICY, &mut |event| {
        assert!(!path.exists(), "the file has its name during {event:?}");
        if let Event::Progress { done, of, .. } = event {
            assert!(done <= of);
        }
    })?;
    Ok(())
}

#[track_caller]
fn arrives(manners: &[Manner]) -> (TempDir, Server) {
    let (folder, server) = (tempdir().unwrap(), Server::start(content(), &[("/a", manners)]));
    download(&server, &["/a"], folder.path()).unwrap();
    assert_eq!(fs::read(folder.path().join(NAME)).unwrap(), content());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something is left over");
    (folder, server)
}

#[track_caller]
fn fails(manners: &[Manner], said: &str) -> (TempDir, Server) {
    let (folder, server) = (tempdir().unwrap(), Server::start(content(), &[("/a", manners)]));
    let message = download(&server, &["/a"], folder.path()).unwrap_err().to_string();
    for part in [NAME, &server.url("/a"), said, "--from"] {
        assert!(message.contains(part), "no `{part}` in: {message}");
    }
    assert!(!folder.path().join(NAME).exists());
    (folder, server)
}

#[test]
fn a_good_server_is_asked_once() {
    assert_eq!(arrives(&[Manner::Right]).1.requests(), ["/a all"]);
}

#[test]
fn a_dropped_connection_is_continued() {
    let (_, server) = arrives(&[Manner::Drop(70_000), Manner::Drop(80_000), Manner::Right]);
    assert_eq!(server.requests(), ["/a all", "/a 70000", "/a 150000"]);
}

#[test]
fn a_stalled_server_is_asked_again_for_the_rest() {
    let begin = Instant::now();
    let (_, server) = arrives(&[Manner::Stall(50_000), Manner::Right]);
    assert_eq!(server.requests(), ["/a all", "/a 50000"]);
    assert!(begin.elapsed() >= POLICY.patience);
}

#[test]
fn silence_ends_after_a_few_attempts() {
    let (folder, server) = fails(&[Manner::Stall(50_000), Manner::Stall(0)], "3 attempts without progress");
    assert_eq!(server.requests(), ["/a all", "/a 50000", "/a 50000", "/a 50000"]);
    // What came is kept for the next run.
    assert_eq!(fs::read(folder.path().join("data.bin.part")).unwrap(), content()[..50_000]);
}

#[test]
fn a_body_that_ends_early_without_a_promise_is_not_taken_for_whole() {
    let (_, server) = arrives(&[Manner::Unannounced(90_000), Manner::Right]);
    assert_eq!(server.requests(), ["/a all", "/a 90000"]);
}

#[test]
fn a_server_that_always_drops_is_given_up() {
    let (folder, server) = fails(&[Manner::Drop(0)], "3 attempts without progress");
    assert_eq!(server.requests().len(), 3);
    drop(folder);
}

#[test]
fn a_server_without_ranges_that_always_drops_at_one_place_is_given_up() {
    let (folder, server) = fails(&[Manner::Unannounced(60_000)], "it ended after 60000 of 200000 bytes");
    assert_eq!(server.requests().len(), 4);
    assert_eq!(fs::read(folder.path().join("data.bin.part")).unwrap().len(), 60_000);
}

#[test]
fn a_lie_about_the_length_is_refused_at_once() {
    for n in [100, 300_000] {
        let (_, server) = fails(&[Manner::Promise(n)], &format!("its file has {n} bytes instead of 200000"));
        assert_eq!(server.requests().len(), 1);
    }
    let (folder, _) = fails(&[Manner::More(500_000)], "more than 200000 bytes");
    assert!(!folder.path().join("data.bin.part").exists());
}

#[test]
fn a_wrong_file_is_removed() {
    let (folder, server) = fails(&[Manner::Wrong], "a wrong file, with SHA-256");
    assert_eq!(server.requests().len(), 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn an_error_page_is_no_file() {
    let (folder, server) = fails(&[Manner::Status(404)], "status 404");
    assert_eq!((server.requests().len(), fs::read_dir(folder.path()).unwrap().count()), (1, 0));
    assert_eq!(arrives(&[Manner::Status(503), Manner::Status(429), Manner::Right]).1.requests().len(), 3);
}

#[test]
fn redirects_are_followed_with_the_range() {
    let (folder, file) = (tempdir().unwrap(), content());
    let manners: [(&str, &[Manner]); 2] =
        [("/a", &[Manner::Redirect("/b")]), ("/b", &[Manner::Drop(1000), Manner::Right])];
    let server = Server::start(file.clone(), &manners);
    download(&server, &["/a"], folder.path()).unwrap();
    assert_eq!(server.requests(), ["/a all", "/b all", "/a 1000", "/b 1000"]);
    assert_eq!(fs::read(folder.path().join(NAME)).unwrap(), file);
    fails(&[Manner::Redirect("/a")], "attempts without progress");
}

#[test]
fn the_next_mirror_continues_what_the_first_began() {
    let folder = tempdir().unwrap();
    let manners: [(&str, &[Manner]); 3] = [
        ("/a", &[Manner::Drop(30_000), Manner::Status(404)]),
        ("/b", &[Manner::Wrong]),
        ("/c", &[Manner::Right]),
    ];
    let server = Server::start(content(), &manners);
    download(&server, &["/a", "/b", "/c"], folder.path()).unwrap();
    // /b spoils the beginning, gets a second chance from nothing, and is wrong again.
    assert_eq!(server.requests(), ["/a all", "/a 30000", "/b 30000", "/b all", "/c all"]);
    assert_eq!(fs::read(folder.path().join(NAME)).unwrap(), content());
}

/// What an earlier, interrupted run left.
fn left(part: &[u8], manners: &[Manner]) -> Server {
    let (folder, server) = (tempdir().unwrap(), Server::start(content(), &[("/a", manners)]));
    fs::write(folder.path().join("data.bin.part"), part).unwrap();
    download(&server, &["/a"], folder.path()).unwrap();
    assert_eq!(fs::read(folder.path().join(NAME)).unwrap(), content());
    server
}

#[test]
fn an_interrupted_run_is_continued_or_begun_again() {
    let part = &content()[..120_000];
    assert_eq!(left(part, &[Manner::Right]).requests(), ["/a 120000"]);
    assert_eq!(left(part, &[Manner::Whole]).requests(), ["/a 120000"]);
    assert_eq!(left(&content(), &[Manner::Right]).requests(), Vec::<String>::new());
    // Another part than asked for, a file that changed, a beginning that is too long or wrong: from nothing.
    assert_eq!(left(part, &[Manner::OtherPart, Manner::Right]).requests(), ["/a 120000", "/a all"]);
    assert_eq!(left(part, &[Manner::Status(416), Manner::Right]).requests(), ["/a 120000", "/a all"]);
    assert_eq!(left(&[0; 300_000], &[Manner::Right]).requests(), ["/a all"]);
    assert_eq!(left(&[0; 120_000], &[Manner::Right]).requests(), ["/a 120000", "/a all"]);
}

/// A data set of one file in an archive.
fn entry(archive: &[u8], unpack: Unpack, url: String, file: &[u8]) -> Entry {
    let known = Known { name: "ratings.csv", sha256: Some(sum(file).leak()) };
    let edition = Edition { what: "ten ratings", files: Box::leak(Box::new([known])) };
    let url: &'static str = url.leak();
    let download = Download {
        name: "films.archive",
        urls: Box::leak(Box::new([url])),
        bytes: archive.len() as u64,
        sha256: sum(archive).leak(),
        unpack,
    };
    Entry {
        name: "films",
        title: "Films",
        licence: "none",
        page: "a page",
        folders: &["films"],
        editions: Box::leak(Box::new([edition])),
        downloads: Box::leak(Box::new([download])),
    }
}

fn zipped(file: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("../films-small/ratings.csv", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(file).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn archives_are_unpacked_checked_and_not_fetched_twice() {
    let (root, file) = (tempdir().unwrap(), content());
    let server = Server::start(zipped(&file), &[("/a", &[Manner::Drop(500), Manner::Right])]);
    let entry = entry(&zipped(&file), Unpack::Zip, server.url("/a"), &file);
    for _ in 0..2 {
        let folder = fetch::fetch(&entry, root.path(), None, &POLICY, &mut |_| ()).unwrap();
        assert_eq!(fs::read(folder.join("ratings.csv")).unwrap(), file);
        assert!(!folder.join("films.archive").exists() && !folder.join("ratings.csv.part").exists());
    }
    assert_eq!(server.requests(), ["/a all", "/a 500"]);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    // A damaged file is fetched again.
    fs::write(root.path().join("films/ratings.csv"), "damaged").unwrap();
    fetch::fetch(&entry, root.path(), None, &POLICY, &mut |_| ()).unwrap();
    assert_eq!(fs::read(root.path().join("films/ratings.csv")).unwrap(), file);
}

fn tarred(file: &[u8]) -> Vec<u8> {
    let packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(packed);
    for (name, content) in [("batches/readme.html", b"other".as_slice()), ("batches/ratings.csv", file)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        archive.append_data(&mut header, name, content).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

#[test]
fn of_a_tar_archive_only_what_is_needed_is_taken() {
    let (root, from, file) = (tempdir().unwrap(), tempdir().unwrap(), content());
    let entry = entry(&tarred(&file), Unpack::TarGz, "http://127.0.0.1:1/".into(), &file);
    fs::write(from.path().join("films.archive"), tarred(&file)).unwrap();
    let folder = fetch::fetch(&entry, root.path(), Some(from.path()), &POLICY, &mut |_| ()).unwrap();
    assert_eq!(fs::read(folder.join("ratings.csv")).unwrap(), file);
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".lock", "ratings.csv"]);
}

#[test]
fn an_archive_with_another_file_in_it_is_refused() {
    let (root, from, file) = (tempdir().unwrap(), tempdir().unwrap(), content());
    let archive = zipped(b"another file");
    let entry = entry(&archive, Unpack::Zip, "http://127.0.0.1:1/".into(), &file);
    fs::write(from.path().join("films.archive"), &archive).unwrap();
    let message =
        fetch::fetch(&entry, root.path(), Some(from.path()), &POLICY, &mut |_| ()).unwrap_err().to_string();
    assert!(message.contains("ratings.csv in it has the wrong SHA-256"), "{message}");
    assert!(!root.path().join("films/ratings.csv").exists());
}

#[test]
fn a_folder_serves_in_place_of_the_network() {
    let (root, from, file) = (tempdir().unwrap(), tempdir().unwrap(), content());
    let entry = entry(&zipped(&file), Unpack::Zip, "http://127.0.0.1:1/".into(), &file);
    let copy = || fetch::fetch(&entry, root.path(), Some(from.path()), &POLICY, &mut |_| ());
    let message = copy().unwrap_err().to_string();
    assert!(message.contains("films.archive") && message.contains("a page"), "{message}");
    // The archive, damaged and right; then the file itself.
    fs::write(from.path().join("films.archive"), &zipped(&file)[..1000]).unwrap();
    let message = copy().unwrap_err().to_string();
    assert!(message.contains("films.archive") && message.contains("SHA-256"), "{message}");
    fs::write(from.path().join("films.archive"), zipped(&file)).unwrap();
    assert_eq!(fs::read(copy().unwrap().join("ratings.csv")).unwrap(), file);
    fs::remove_dir_all(root.path().join("films")).unwrap();
    fs::remove_file(from.path().join("films.archive")).unwrap();
    fs::create_dir(from.path().join("films")).unwrap();
    fs::write(from.path().join("films/ratings.csv"), &file).unwrap();
    assert_eq!(fs::read(copy().unwrap().join("ratings.csv")).unwrap(), file);
}
