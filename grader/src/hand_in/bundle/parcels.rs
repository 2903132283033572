//! Finds the sources of the course in containers, and puts together what belongs together.
//!
//! Three signs of a parcel, the surest first: a folder `lectures` with a chapter in it; a chapter's folder with `src` in it;
//! a loose file that is called as a topic is. Below a surer sign no other is looked for.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Bundle, Container, Content, DEEPEST, Delivery, MOST_BYTES, MOST_FILES, Parcel, SUBMITTERS, is_archive,
    is_paper, limit_of,
};
use crate::{course::Course, hand_in::canvas};

/// What is known while containers are looked into.
pub struct Finder<'a> {
    course: &'a Course,
    parcels: BTreeMap<String, Parcel>,
    useless: Vec<(String, String)>,
    submitters: Option<String>,
}

/// Where a file belongs.
struct Belongs {
    /// The parcel's place within its container.
    parcel: String,
    /// The file's name in the parcel.
    name: String,
    /// Whether nothing but its name says what it is.
    is_loose: bool,
}

/// What was found.
pub fn parcels(finder: Finder) -> Bundle {
    let Finder { parcels, useless, submitters, .. } = finder;
    Bundle { parcels: parcels.into_values().collect(), useless, submitters }
}

impl<'a> Finder<'a> {
    /// In nothing yet.
    pub fn new(course: &'a Course) -> Self {
        Self { course, parcels: BTreeMap::new(), useless: Vec::new(), submitters: None }
    }

    /// Looks into a container, whose place is `at` (empty, or with a slash at the end).
    pub fn look_into(&mut self, mut container: Container, at: &str, depth: usize) {
        let (parcels, useless) = (self.parcels.len(), self.useless.len());
        let belongs = self.sorted(&container);
        let whole = belongs.values().filter(|belongs| !belongs.is_loose);
        let roots: BTreeSet<String> = whole.map(|belongs| belongs.parcel.clone()).collect();
        let mut strays = BTreeSet::new();
        for i in 0..container.names.len() {
            let name = container.names[i].name.clone();
            match belongs.get(&i) {
                Some(belongs) => self.take(&mut container, i, at, belongs),
                None if name == SUBMITTERS || name.ends_with(&format!("/{SUBMITTERS}")) => {
                    if let Content::Bytes(bytes) = container.content(i, limit_of(&name)) {
                        self.submitters = Some(String::from_utf8_lossy(&bytes).into_owned());
                    }
                }
                None => match root_of(&roots, &name) {
                    Some((root, rest)) => self.add_extra(at, root, rest, &mut container, i),
                    None if is_archive(&name) => self.open_archive(&mut container, i, at, depth),
                    None => strays.extend(stray(&name)),
                },
            }
        }
        // In a class's download even who sent nothing of use is somebody; in one student's archive it is the rest of it.
        if self.parcels.len() + self.useless.len() > parcels + useless + 1 {
            let what = "there is no source of the course in it";
            self.useless.extend(strays.into_iter().map(|place| (format!("{at}{place}"), what.to_owned())));
        }
        if self.parcels.len() == parcels && self.useless.len() == useless {
            let what = "there is no source of the course in it".to_owned();
            self.useless.push((at.trim_end_matches('/').to_owned(), what));
        }
    }

    /// The files that are sources of the course or come with them, by position.
    fn sorted(&self, container: &Container) -> BTreeMap<usize, Belongs> {
        let names = || container.names.iter().map(|named| named.name.as_str()).enumerate();
        let mut found: BTreeMap<usize, Belongs> = BTreeMap::new();
        type Sign<'a> = fn(&Finder<'a>, &str) -> Option<Belongs>;
        let signs: [Sign<'a>; 3] = [Self::below_lectures, Self::below_a_chapter, Self::loose];
        for sign in signs {
            let roots: BTreeSet<String> = found.values().map(|belongs| belongs.parcel.clone()).collect();
            for (i, name) in names().filter(|(_, name)| root_of(&roots, name).is_none()) {
                found.extend(sign(self, name).map(|belongs| (i, belongs)));
            }
        }
        let roots: BTreeSet<String> = found.values().map(|belongs| belongs.parcel.clone()).collect();
        for (i, name) in names().filter(|(_, name)| is_paper(name.rsplit('/').next().unwrap_or_default())) {
            if let Some((root, rest)) = root_of(&roots, name).filter(|(_, rest)| !rest.contains('/')) {
                found.insert(i, Belongs { parcel: root.to_owned(), name: rest.to_owned(), is_loose: false });
            }
        }
        found
    }

    /// `homework/lectures/tricks/src/relu.rs`; also a chapter that is a link, so that it is named.
    fn below_lectures(&self, name: &str) -> Option<Belongs> {
        let at = if name.starts_with("lectures/") { 0 } else { name.find("/lectures/")? + 1 };
        let rest = &name[at + "lectures/".len()..];
        let (chapter, file) = rest.split_once('/').unwrap_or((rest, "src/"));
        (self.course.chapter(chapter).is_some() && (file.starts_with("src/") || file == "src"))
            .then(|| Belongs { parcel: name[..at].to_owned(), name: name[at..].to_owned(), is_loose: false })
    }

    /// `homework/tricks/src/relu.rs`.
    fn below_a_chapter(&self, name: &str) -> Option<Belongs> {
        let parts: Vec<&str> = name.split('/').collect();
        let at = parts.windows(2).position(|two| self.course.chapter(two[0]).is_some() && two[1] == "src")?;
        let above: String = parts[..at].iter().map(|part| format!("{part}/")).collect();
        let name = format!("lectures/{}", parts[at..].join("/"));
        Some(Belongs { parcel: above, name, is_loose: false })
    }

    /// `homework/activations.rs`: no two topics have one name.
    fn loose(&self, name: &str) -> Option<Belongs> {
        let (above, file) = name.rsplit_once('/').map_or(("", name), |(above, file)| (above, file));
        let above = if above.is_empty() { String::new() } else { format!("{above}/") };
        // Canvas puts whose it is before the file's name.
        let (sender, file) = match canvas::sender(file) {
            Some(sender) => (format!("{above}{file}/"), sender.file.to_owned()),
            None => (above, file.to_owned()),
        };
        let topic = canvas::without_copy_number(file.strip_suffix(".rs")?);
        let has = |exercise: &&crate::course::Exercise| exercise.topic == topic;
        let exercise = self.course.exercises().find(has)?;
        let name = format!("lectures/{}/{}", exercise.chapter, exercise.file().display());
        Some(Belongs { parcel: sender, name, is_loose: true })
    }

    fn take(&mut self, container: &mut Container, i: usize, at: &str, belongs: &Belongs) {
        let content = container.content(i, limit_of(&belongs.name));
        let modified = container.names[i].modified;
        let parcel = self.parcel(at, &belongs.parcel);
        parcel.modified = parcel.modified.max(modified);
        parcel.is_loose = belongs.is_loose;
        parcel.add(Delivery { name: belongs.name.clone(), content });
    }

    /// What is no source is named, and not read.
    fn add_extra(&mut self, at: &str, root: &str, rest: &str, container: &mut Container, i: usize) {
        let content = match container.content(i, 0) {
            Content::Refused(why) if !why.starts_with("it has more") => Content::Refused(why),
            _ => Content::Bytes(Vec::new()),
        };
        let name = rest.to_owned();
        self.parcel(at, root).add(Delivery { name, content });
    }

    fn open_archive(&mut self, container: &mut Container, i: usize, at: &str, depth: usize) {
        let name = container.names[i].name.clone();
        let place = format!("{at}{name}");
        let opened = match container.content(i, limit_of(&name)) {
            _ if depth >= DEEPEST => Err("it lies in too many archives".to_owned()),
            Content::Refused(why) => Err(why),
            Content::Bytes(bytes) => Container::of_bytes(bytes).map_err(|error| format!("it {error:#}")),
        };
        match opened {
            Ok(inner) => self.look_into(inner, &format!("{place}/"), depth + 1),
            Err(why) => self.useless.push((place, why)),
        }
    }

    fn parcel(&mut self, at: &str, root: &str) -> &mut Parcel {
        let within = format!("{at}{root}").trim_end_matches('/').to_owned();
        self.parcels.entry(within.clone()).or_insert_with(|| Parcel::empty(within))
    }
}

impl Parcel {
    /// Adds a file, as long as there is room.
    fn add(&mut self, mut delivery: Delivery) {
        if let Content::Bytes(bytes) = &delivery.content {
            let total = self.bytes + bytes.len() as u64;
            if total > MOST_BYTES {
                let why = format!("all files together have more than {MOST_BYTES} bytes");
                delivery.content = Content::Refused(why);
            } else {
                self.bytes = total;
            }
        }
        if self.files.len() < MOST_FILES {
            self.files.push(delivery);
        }
    }
}

/// Whose a file may be that is of no use: its folder, or itself where Canvas named it. A file beside all is nobody's.
fn stray(name: &str) -> Option<String> {
    let file = name.rsplit('/').next().unwrap_or_default();
    let folder = name.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    if canvas::sender(file).is_some() { Some(name.to_owned()) } else { folder }
}

/// The deepest root that `name` lies below, and the rest of the name.
fn root_of<'a>(roots: &'a BTreeSet<String>, name: &'a str) -> Option<(&'a str, &'a str)> {
    let below = roots.iter().filter_map(|root| Some((root.as_str(), name.strip_prefix(root.as_str())?)));
    below.max_by_key(|(root, _)| root.len())
}
