//! Carries the write-ahead log into the database file, on a thread of its own.
//!
//! Left to itself SQLite does this inside a commit, and everyone who waits for that commit waits for it, too. Here the
//! thread copies while the writer goes on. Only the start of the log afresh needs the writer to stand still: the thread
//! asks for that when nearly all is copied, so that it is short.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::JoinHandle;
use std::time::Duration;

use grantor_store::StoreError;
use rusqlite::Connection;

use crate::connection::Location;

/// The log is copied whenever it has grown by so many pages: 16 MiB.
const GROWTH: u32 = 4_096;

/// So few pages may be left to copy while the writer stands still.
const REMAINDER: u32 = 256;

/// The thread copies at most so often before it asks: a log that grows as fast as it is copied must be stopped.
const PASSES: u32 = 4;

/// How long the writer waits for readers of the old log. When they take longer, the log goes on growing for a while.
const PATIENCE: Duration = Duration::from_millis(5);

/// The writer's side.
pub(crate) struct Checkpoints {
    shared: Arc<Shared>,
    requests: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
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
        let (hook, own) = (Arc::clone(&shared), Arc::clone(&shared));
        writer
            .wal_hook(Some(move |_: &mut _, pages| {
                hook.pages
                    .store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
                Ok(())
            }))
            .map_err(|error| location.failed(error))?;
        let connection = location.copier()?;
        let thread = std::thread::Builder::new()
            .name("sqlite-copier".into())
            .spawn(move || copy_when_asked(&connection, &own, &asked))
            .map_err(|error| StoreError::new("starting the thread that copies the log", error))?;
        Ok(Self {
            shared,
            requests: Some(requests),
            thread: Some(thread),
            due: GROWTH,
            busy_timeout: location.options.busy_timeout,
        })
    }

    /// What there is to do after a commit, on the writer's thread.
    pub(crate) fn after_commit(&mut self, writer: &Connection) {
        if self.shared.nearly_done.swap(false, Ordering::Relaxed) {
            self.start_afresh(writer);
        } else if self.shared.pages.load(Ordering::Relaxed) >= self.due {
            // A request that waits already is enough.
            let _ = self.requests.as_ref().map(|requests| requests.try_send(()));
        }
    }

    /// Copies the rest and lets the next commit write at the start of the log. A failure shows in the next commit or
    /// not at all: the log is complete either way.
    fn start_afresh(&mut self, writer: &Connection) {
        let _ = writer.busy_timeout(PATIENCE);
        let length = checkpoint(writer, "PRAGMA wal_checkpoint(RESTART)");
        let _ = writer.busy_timeout(self.busy_timeout);
        self.due = match length {
            Ok(Progress { hindered: false, .. }) => GROWTH,
            Ok(Progress { pages, .. }) => pages.saturating_add(GROWTH),
            Err(_) => self.due.saturating_add(GROWTH),
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

fn copy_when_asked(connection: &Connection, shared: &Shared, asked: &Receiver<()>) {
    while asked.recv().is_ok() {
        for _ in 0..PASSES {
            match checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)") {
                Ok(progress) if progress.pages - progress.copied.min(progress.pages) > REMAINDER => {}
                Ok(_) | Err(_) => break,
            }
        }
        shared.nearly_done.store(true, Ordering::Relaxed);
    }
}

/// How far a checkpoint came.
struct Progress {
    /// Somebody was in the way of finishing it.
    hindered: bool,
    /// How long the log is.
    pages: u32,
    /// How much of it is in the file.
    copied: u32,
}

fn checkpoint(connection: &Connection, sql: &str) -> rusqlite::Result<Progress> {
    connection.prepare_cached(sql)?.query_row([], |row| {
        Ok(Progress {
            hindered: row.get(0)?,
            pages: row.get::<_, i64>(1)?.try_into().unwrap_or(0),
            copied: row.get::<_, i64>(2)?.try_into().unwrap_or(0),
        })
    })
}
