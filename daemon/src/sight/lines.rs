//! Log lines: an event is one line, with its own fields and those of the spans around it, for people or as JSON.
//! Never prints a line break that somebody wrote into a value. Source of truth: docs/logging.md.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, OnceLock};

use clap::ValueEnum;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::{Context, Filter, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::fact::{Facts, Opened};
use crate::limit::{KEPT_LINES_BYTES, KEPT_LINES_FLUSH, KEPT_LINES_GATHERED, KEPT_LINES_QUEUED, PLATFORM_LOG_BYTES};

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people: time, level, room, message, fields.
    #[default]
    Text,
    /// An object a line.
    Json,
}

impl LogFormat {
    /// As its flag and its variable spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Text, Self::Json].into_iter().find(|format| format.name() == text)
    }
}

/// The last lines in a file of the data dir, for whoever must find out later what happened: standard error goes wherever the platform was started from.
#[derive(Default)]
pub struct KeptLines {
    writer: OnceLock<SyncSender<Kept>>,
    /// Lines that found no room and have not been told of.
    dropped: Arc<AtomicU64>,
    /// Lines that wait for the writer.
    waiting: Arc<AtomicUsize>,
}

/// What the writer is given.
enum Kept {
    Line(String),
    /// Says that all before it are written.
    Flush(SyncSender<()>),
}

impl KeptLines {
    /// From here on lines are kept at `path` too, by a thread of their own: a disk that stalls holds nobody up. What cannot be kept is not, and nobody fails.
    pub fn open(&self, path: &Path) {
        let (writer, lines) = mpsc::sync_channel(KEPT_LINES_QUEUED);
        let mut keeper = Keeper {
            lines,
            gathered: String::new(),
            file: LineFile { path: path.to_owned(), open: None },
            dropped: Arc::clone(&self.dropped),
            waiting: Arc::clone(&self.waiting),
        };
        if std::thread::Builder::new().name("kept-lines".to_owned()).spawn(move || keeper.keep_until_closed()).is_ok() {
            // A second file is none of ours.
            let _ = self.writer.set(writer);
        }
    }

    fn keep(&self, line: &str) {
        let Some(writer) = self.writer.get() else { return };
        // Before the line is there: the writer counts down as soon as it is.
        self.waiting.fetch_add(1, Ordering::Relaxed);
        if writer.try_send(Kept::Line(line.to_owned())).is_err() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many lines wait for the disk, [`KEPT_LINES_QUEUED`] at most.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed).min(KEPT_LINES_QUEUED)
    }

    /// Waits until what was kept is written, but not for a disk that stalls: answers whether it is.
    pub fn flush(&self) -> bool {
        let (done, written) = mpsc::sync_channel(1);
        let asked = self.writer.get().is_some_and(|writer| writer.try_send(Kept::Flush(done)).is_ok());
        asked && written.recv_timeout(KEPT_LINES_FLUSH).is_ok()
    }
}

/// The thread that writes.
struct Keeper {
    lines: Receiver<Kept>,
    /// Whole lines that are about to be written.
    gathered: String,
    file: LineFile,
    dropped: Arc<AtomicU64>,
    waiting: Arc<AtomicUsize>,
}

impl Keeper {
    /// The first line after a rest is written at once, and what comes within `KEPT_LINES_GATHERED` of it is written together: to wake this thread costs
    /// whoever logs more than all else about a line.
    fn keep_until_closed(&mut self) {
        while let Ok(first) = self.lines.recv() {
            self.take(first);
            self.write();
            std::thread::sleep(KEPT_LINES_GATHERED);
            while let Ok(next) = self.lines.try_recv() {
                self.take(next);
                if self.gathered.len() >= KEPT_LINES_BYTES {
                    self.write();
                }
            }
            self.write();
        }
    }

    fn take(&mut self, kept: Kept) {
        match kept {
            Kept::Line(line) => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                self.gathered.push_str(&line);
            }
            Kept::Flush(done) => {
                self.write();
                // Whoever waited may have gone.
                let _ = done.try_send(());
            }
        }
    }

    fn write(&mut self) {
        let missing = self.dropped.swap(0, Ordering::Relaxed);
        if missing > 0 {
            let at = stamp(Timestamp::now());
            let _ = writeln!(self.gathered, "{at} lines={missing} are missing here: they came faster than the disk took them");
        }
        if !self.gathered.is_empty() {
            self.file.keep(&self.gathered);
            self.gathered.clear();
        }
    }
}

struct LineFile {
    path: PathBuf,
    /// With its length; nothing where it could not be opened: the next line tries again.
    open: Option<(File, u64)>,
}

impl LineFile {
    fn keep(&mut self, lines: &str) {
        if self.open.as_ref().is_some_and(|(_, bytes)| *bytes > PLATFORM_LOG_BYTES) {
            let _ = std::fs::rename(&self.path, self.path.with_extension("log.old"));
            self.open = None;
        }
        if self.open.is_none() {
            let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&self.path);
            self.open = file.ok().map(|file| {
                let bytes = file.metadata().map_or(0, |file| file.len());
                (file, bytes)
            });
        }
        if let Some((file, bytes)) = &mut self.open
            && file.write_all(lines.as_bytes()).is_ok()
        {
            *bytes += lines.len() as u64;
        }
    }
}

/// Writes to standard error, a line at a time.
pub struct Lines {
    format: LogFormat,
    colours: bool,
    kept: Arc<KeptLines>,
}

impl Lines {
    pub fn new(format: LogFormat, kept: Arc<KeptLines>) -> Self {
        Self { format, colours: format == LogFormat::Text && std::io::stderr().is_terminal(), kept }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut facts = Facts::default();
        event.record(&mut facts);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(opened) = span.extensions().get::<Opened>() {
                for (name, value) in opened.facts.iter() {
                    facts.add(name, value);
                }
            }
        }
        let now = Timestamp::now();
        let line = match self.format {
            LogFormat::Text => text(event.metadata(), &facts, now, self.colours),
            LogFormat::Json => json(event.metadata(), &facts, now),
        };
        if self.colours {
            self.kept.keep(&text(event.metadata(), &facts, now, false));
        } else {
            self.kept.keep(&line);
        }
        // In one piece, so that two processes' lines do not mix. Where nobody can read, nobody can be told.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}

fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

fn json(metadata: &Metadata<'_>, facts: &Facts, at: Timestamp) -> String {
    let mut line = Map::new();
    line.insert("time".to_owned(), stamp(at).into());
    line.insert("level".to_owned(), metadata.level().as_str().into());
    line.insert("room".to_owned(), metadata.target().into());
    for (name, value) in facts.iter() {
        line.insert(name.to_owned(), value.clone());
    }
    let mut line = Value::Object(line).to_string();
    line.push('\n');
    line
}

fn text(metadata: &Metadata<'_>, facts: &Facts, at: Timestamp, colours: bool) -> String {
    let (colour, dim, plain) = if !colours {
        ("", "", "")
    } else {
        let colour = match *metadata.level() {
            Level::ERROR => "\x1b[31m",
            Level::WARN => "\x1b[33m",
            Level::INFO => "\x1b[32m",
            Level::DEBUG | Level::TRACE => "\x1b[34m",
        };
        (colour, "\x1b[2m", "\x1b[0m")
    };
    let level = metadata.level().as_str();
    let mut line = format!("{dim}{}{plain} {colour}{level:>5}{plain} {dim}{}:{plain} ", stamp(at), metadata.target());
    write_in_line(&mut line, facts.text("message"));
    for (name, value) in facts.iter().filter(|(name, _)| *name != "message") {
        let _ = write!(line, " {dim}{name}={plain}");
        match value {
            Value::String(text) if is_plain(text) => line.push_str(text),
            other => {
                let _ = write!(line, "{other}");
            }
        }
    }
    line.push('\n');
    line
}

/// Whether a value can stand without quotes.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'='))
}

/// A message in one line, whatever is in it: somebody else's words may be part of it.
fn write_in_line(line: &mut String, text: &str) {
    for letter in text.chars() {
        if letter.is_control() { line.extend(letter.escape_default()) } else { line.push(letter) }
    }
}

fn is_context(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && *metadata.level() <= Level::INFO
}

/// Lets every span through, as its fields belong to the lines inside it, and of events what the operator wants.
pub struct Wanted(pub EnvFilter);

impl<S> Filter<S> for Wanted {
    fn enabled(&self, metadata: &Metadata<'_>, context: &Context<'_, S>) -> bool {
        is_context(metadata) || Filter::<S>::enabled(&self.0, metadata, context)
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_context(metadata) { Interest::always() } else { Filter::<S>::callsite_enabled(&self.0, metadata) }
    }

    fn max_level_hint(&self) -> Option<tracing::level_filters::LevelFilter> {
        let events = Filter::<S>::max_level_hint(&self.0)?;
        Some(events.max(tracing::level_filters::LevelFilter::INFO))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_lines_take_so_much_and_the_last_ones_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("platform.log");
        let kept = KeptLines::default();
        kept.keep("before it is opened nothing is kept\n");
        kept.open(&path);
        let line = format!("{}\n", "x".repeat(1 << 20));
        for _ in 0..40 {
            kept.keep(&line);
        }
        kept.keep("the last\n");
        while !kept.flush() {}
        let bytes = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().len();
        let most = PLATFORM_LOG_BYTES + line.len() as u64;
        assert!(bytes("platform.log") <= most && bytes("platform.log.old") <= most);
        assert!(std::fs::read_to_string(&path).unwrap().ends_with("the last\n"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn lines_that_come_together_are_all_kept_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("platform.log");
        let kept = KeptLines::default();
        kept.open(&path);
        let lines: Vec<String> = (0..KEPT_LINES_QUEUED / 2).map(|n| format!("{n} {}\n", "x".repeat(n % 100))).collect();
        for line in &lines {
            kept.keep(line);
        }
        while !kept.flush() {}
        assert_eq!(std::fs::read_to_string(&path).unwrap(), lines.concat());
        assert_eq!(kept.waiting(), 0);
    }

    #[test]
    fn a_disk_that_stalls_holds_nobody_up_and_what_is_missing_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("platform.log");
        // Whoever opens it waits until somebody reads.
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR, 0)
            .unwrap();
        let kept = KeptLines::default();
        kept.open(&path);
        for _ in 0..KEPT_LINES_QUEUED + 10 {
            kept.keep("a line\n");
        }
        assert!(!kept.flush());
        assert!(kept.dropped.load(Ordering::Relaxed) > 0);
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(File::open(&path).unwrap()));
        assert!(lines.any(|line| line.unwrap().contains("are missing here")));
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("later").join("platform.log");
        let kept = KeptLines::default();
        kept.open(&path);
        kept.keep("nowhere\n");
        while !kept.flush() {}
        std::fs::create_dir(folder.path().join("later")).unwrap();
        kept.keep("the next\n");
        while !kept.flush() {}
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "the next\n");
    }

    #[test]
    fn a_value_stands_plain_where_it_can_and_quoted_where_it_could_lie() {
        assert!(is_plain("4c3d") && is_plain("/a/b?c") && is_plain("r1-0"));
        assert!(!is_plain("") && !is_plain("two words") && !is_plain("a=b") && !is_plain("a\nlevel"));
        let mut line = String::new();
        write_in_line(&mut line, "one\ntwo \x1b[31m");
        assert_eq!(line, "one\\ntwo \\u{1b}[31m");
    }

    #[test]
    fn formats_are_named_as_their_flag_spells_them() {
        for format in [LogFormat::Text, LogFormat::Json] {
            assert_eq!(LogFormat::parse(format.name()), Some(format));
        }
        assert_eq!(LogFormat::parse("xml"), None);
    }
}
