//! Connections that read. Readers see the last commit and never wait for the writer.

use std::sync::Arc;

use crossbeam_queue::ArrayQueue;
use grantor_store::StoreError;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::connection::Location;

/// At most so many lists are read at once: each takes a thread and a connection for a while.
const LISTS_AT_ONCE: usize = 2;

/// The connections that nobody uses.
#[derive(Clone)]
pub(crate) struct Readers {
    location: Arc<Location>,
    idle: Arc<ArrayQueue<Connection>>,
    lists: Arc<Semaphore>,
}

impl Readers {
    /// Opens one connection, so that what is wrong shows at once. Others come when they are needed.
    pub(crate) fn open(location: Arc<Location>) -> Result<Self, StoreError> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let idle = ArrayQueue::new(threads + LISTS_AT_ONCE);
        let first = location.reader()?;
        // The queue is empty: it takes one.
        let _ = idle.push(first);
        Ok(Self {
            location,
            idle: Arc::new(idle),
            lists: Arc::new(Semaphore::new(LISTS_AT_ONCE)),
        })
    }

    /// Reads a row or a few by their keys, on the calling thread: see docs/adr/0002-sqlite-point-reads-run-inline.md.
    pub(crate) fn point<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = match self.idle.pop() {
            Some(connection) => connection,
            None => self.location.reader()?,
        };
        let found = read(&connection);
        // More threads read at once than there is room for: the connection closes.
        drop(self.idle.push(connection));
        found
    }

    /// Reads a list, on a thread of its own.
    pub(crate) async fn list<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let failed = |error| StoreError::new("reading a list", error);
        // The semaphore is never closed; if it were, the list would still be read.
        let _turn = Arc::clone(&self.lists).acquire_owned().await.ok();
        let readers = self.clone();
        let reading = tokio::task::spawn_blocking(move || readers.point(read));
        reading.await.map_err(failed)?
    }

    /// Closes what nobody uses.
    pub(crate) fn close(&self) {
        while self.idle.pop().is_some() {}
    }
}
