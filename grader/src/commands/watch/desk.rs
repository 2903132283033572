//! What is on the screen, and what each key does to it: no terminal, no processes, only data.

use std::mem::take;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::list::List;
use crate::{
    course::Exercise,
    report::{News, next_task},
    verdict::Marks,
};

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The current task and its verdict, as much as there is room for.
    Task,
    /// All of that.
    More,
    /// The list of exercises.
    List,
    /// What a command said.
    Note,
    /// What the keys do.
    Help,
    /// Whether to put the stub back.
    Reset,
}

/// What is to be done beside the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Nothing.
    None,
    /// End.
    Quit,
    /// Grade.
    Run,
    /// Open the current task in the editor.
    Open,
    /// Have a command say something about the current task.
    Say(&'static str),
    /// Train the current task on full-size data.
    Train,
}

/// What is on the screen.
pub struct Desk<'a> {
    /// All exercises.
    pub exercises: Vec<&'a Exercise>,
    /// What is known of them.
    pub marks: Marks,
    /// What was solved just now.
    pub news: News<'a>,
    /// The place of the current task.
    pub current: usize,
    /// Whether the student chose it.
    pub is_chosen: bool,
    /// What is looked at.
    pub view: View,
    /// The first line that is seen of it.
    pub scroll: usize,
    /// What is shown of the list of exercises.
    pub list: List,
    /// What a command said.
    pub note: String,
    /// What went wrong, if anything.
    pub error: String,
}

impl<'a> Desk<'a> {
    /// Nothing is known yet.
    pub fn new(exercises: Vec<&'a Exercise>) -> Self {
        Self {
            exercises,
            marks: Marks::default(),
            news: News::default(),
            current: 0,
            is_chosen: false,
            view: View::Task,
            scroll: 0,
            list: List::default(),
            note: String::new(),
            error: String::new(),
        }
    }

    /// The current task.
    pub fn task(&self) -> Option<&'a Exercise> {
        self.exercises.get(self.current).copied()
    }

    /// Takes what came of grading; what is solved makes room for what is next.
    pub fn graded(&mut self, marks: Marks, news: News<'a>) {
        self.marks = marks;
        let is_solved = self.task().is_none_or(|task| self.marks.is_passed(&task.full_id()));
        self.news = news;
        if !self.is_chosen || is_solved && !self.news.exercises.is_empty() {
            self.is_chosen = false;
            self.current = self.natural().unwrap_or(self.current);
        }
        self.error.clear();
    }

    /// What somebody works at who does not choose.
    fn natural(&self) -> Option<usize> {
        let next = next_task(self.exercises.iter().copied(), &self.marks)?.full_id();
        self.exercises.iter().position(|exercise| exercise.full_id() == next)
    }

    /// Shows what a command said.
    pub fn say(&mut self, note: String) {
        self.note = note;
        self.look(View::Note);
    }

    fn look(&mut self, view: View) {
        self.view = view;
        self.scroll = 0;
    }

    fn choose(&mut self, place: usize) {
        self.current = place.min(self.exercises.len().saturating_sub(1));
        self.is_chosen = true;
        self.news = News::default();
        self.look(View::Task);
    }

    /// What `key` does.
    pub fn press(&mut self, key: KeyEvent) -> Act {
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return if key.code == KeyCode::Char('c') { Act::Quit } else { Act::None };
        }
        match self.view {
            View::List if self.list.is_typing => self.type_search(key.code),
            View::List => self.in_list(key.code),
            View::Reset => self.answer(key.code),
            _ => self.anywhere(key.code),
        }
    }

    fn anywhere(&mut self, key: KeyCode) -> Act {
        match key {
            KeyCode::Char('q') => return Act::Quit,
            KeyCode::Char('n') => self.choose(self.current + 1),
            KeyCode::Char('p') => self.choose(self.current.saturating_sub(1)),
            KeyCode::Char('l') => self.open_list(),
            KeyCode::Char('v') => self.look(if self.view == View::More { View::Task } else { View::More }),
            KeyCode::Char('?') => self.look(if self.view == View::Help { View::Task } else { View::Help }),
            KeyCode::Char('x') => self.look(View::Reset),
            KeyCode::Char('r') => return Act::Run,
            KeyCode::Char('o') => return Act::Open,
            KeyCode::Char('h') => return Act::Say("hint"),
            KeyCode::Char('b') => return Act::Say("bench"),
            KeyCode::Char('f') => return Act::Train,
            KeyCode::Esc => self.look(View::Task),
            KeyCode::Down | KeyCode::Char('j') => self.scroll += 1,
            KeyCode::Up | KeyCode::Char('k') => self.scroll = self.scroll.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ') => self.scroll += 10,
            KeyCode::PageUp => self.scroll = self.scroll.saturating_sub(10),
            _ => {}
        }
        Act::None
    }

    fn answer(&mut self, key: KeyCode) -> Act {
        self.look(View::Task);
        if key == KeyCode::Char('y') { Act::Say("reset") } else { Act::None }
    }

    fn open_list(&mut self) {
        self.list.is_typing = false;
        let rows = self.list.rows(&self.exercises, &self.marks);
        self.list.cursor = rows.iter().position(|row| *row == self.current).unwrap_or_default();
        self.look(View::List);
    }

    fn in_list(&mut self, key: KeyCode) -> Act {
        let rows = self.list.rows(&self.exercises, &self.marks);
        let mut step = |by| self.list.step(by, rows.len());
        match key {
            KeyCode::Char('q') => return Act::Quit,
            KeyCode::Down | KeyCode::Char('j' | 'n') => step(1),
            KeyCode::Up | KeyCode::Char('k' | 'p') => step(-1),
            KeyCode::PageDown | KeyCode::Char(' ') => step(10),
            KeyCode::PageUp => step(-10),
            KeyCode::Char('/') => self.list.is_typing = true,
            KeyCode::Char('f') => {
                self.list.filter = self.list.filter.next();
                self.list.cursor = 0;
            }
            KeyCode::Char('c') => self.list.turn_chapter(&self.exercises),
            KeyCode::Enter => {
                if let Some(&row) = rows.get(self.list.cursor) {
                    self.choose(row);
                }
            }
            KeyCode::Esc if !self.list.search.is_empty() => _ = take(&mut self.list.search),
            KeyCode::Esc | KeyCode::Char('l') => self.look(View::Task),
            _ => {}
        }
        Act::None
    }

    fn type_search(&mut self, key: KeyCode) -> Act {
        match key {
            KeyCode::Char(letter) => self.list.search.push(letter),
            KeyCode::Backspace => _ = self.list.search.pop(),
            KeyCode::Enter => self.list.is_typing = false,
            KeyCode::Esc => {
                self.list.search.clear();
                self.list.is_typing = false;
            }
            _ => {}
        }
        self.list.cursor = 0;
        Act::None
    }
}
