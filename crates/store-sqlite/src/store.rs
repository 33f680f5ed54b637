//! The engine as the rest of the house sees it.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use grantor_protocol::Change;
use grantor_protocol::record::{
    AttemptKey, Client, Consent, DeviceAuthorization, Grant, InitialAccessToken, Job, LoginAttempts,
    PersonalAccessToken, PushedRequest, ResourceServer, ScopeDefinition, Session, SingleUseKey, StoredKey,
    TrustedIssuer, User, UserCodeKey,
};
use grantor_store::{CommitError, Event, EventPosition, GrantFilter, Page, Revocations, Store, StoreError};
use grantor_types::{
    ClientId, DeviceAuthorizationId, GrantId, Origin, PushedRequestId, SecretHash, SessionId, Timestamp,
    UserId,
};

use crate::checkpoint::Checkpoints;
use crate::connection::{Location, Options};
use crate::migrate::migrate;
use crate::read;
use crate::readers::Readers;
use crate::sweep::{Kind, Piece};
use crate::writer::Writer;

/// At most so many rows are swept between two commits.
const SWEEP_PIECE: u64 = 500;

/// A database in one SQLite file.
///
/// Dropping it waits until all commits that were asked for are on the disk.
pub struct SqliteStore {
    location: Arc<Location>,
    readers: Readers,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the file, makes it when there is none, and brings it to this release.
    ///
    /// Lists are read on tokio's threads: use the store inside a tokio runtime.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened or written, belongs to another program, or was written by a newer
    /// release.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self, StoreError> {
        let location = Arc::new(Location {
            path: path.as_ref().to_owned(),
            options,
        });
        let mut connection = location.writer()?;
        migrate(&connection)?;
        let readers = Readers::open(Arc::clone(&location))?;
        let checkpoints = Checkpoints::start(&location, &mut connection)?;
        let writer = Writer::start(connection, checkpoints)?;
        Ok(Self {
            location,
            readers,
            writer,
        })
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore")
            .field("path", &self.location.path)
            .finish_non_exhaustive()
    }
}

impl Drop for SqliteStore {
    /// The writer closes last (fields drop after this): the last connection to close folds the log into the file.
    fn drop(&mut self) {
        self.readers.close();
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        self.readers
            .point(|connection| read::client::by_id(connection, id))
    }

    async fn clients(&self, after: Option<&ClientId>, limit: usize) -> Result<Page<Client>, StoreError> {
        let after = after.cloned();
        let read = move |connection: &_| read::client::list(connection, after.as_ref(), limit);
        self.readers.list(read).await
    }

    async fn origin_is_registered(&self, origin: &Origin) -> Result<bool, StoreError> {
        self.readers
            .point(|connection| read::client::has_origin(connection, origin))
    }

    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.readers.point(|connection| read::user::by_id(connection, id))
    }

    async fn user_by_username(&self, username: &str) -> Result<Option<User>, StoreError> {
        self.readers
            .point(|connection| read::user::by_username(connection, username))
    }

    async fn users(&self, after: Option<UserId>, limit: usize) -> Result<Page<User>, StoreError> {
        let read = move |connection: &_| read::user::list(connection, after, limit);
        self.readers.list(read).await
    }

    async fn scopes(&self) -> Result<Vec<ScopeDefinition>, StoreError> {
        self.readers.list(read::catalogue::scopes).await
    }

    async fn resources(&self) -> Result<Vec<ResourceServer>, StoreError> {
        self.readers.list(read::catalogue::resources).await
    }

    async fn trusted_issuers(&self) -> Result<Vec<TrustedIssuer>, StoreError> {
        self.readers.list(read::catalogue::trusted_issuers).await
    }

    async fn session(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        self.readers
            .point(|connection| read::session::by_id(connection, id))
    }

    async fn sessions_of(&self, user: UserId) -> Result<Vec<Session>, StoreError> {
        let read = move |connection: &_| read::session::of_user(connection, user);
        self.readers.list(read).await
    }

    async fn clients_of_session(&self, session: SessionId) -> Result<Vec<ClientId>, StoreError> {
        self.readers
            .point(|connection| read::session::clients(connection, session))
    }

    async fn consent(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, StoreError> {
        self.readers
            .point(|connection| read::consent::of_pair(connection, user, client))
    }

    async fn consents_of(&self, user: UserId) -> Result<Vec<Consent>, StoreError> {
        let read = move |connection: &_| read::consent::of_user(connection, user);
        self.readers.list(read).await
    }

    async fn grant(&self, id: GrantId) -> Result<Option<Grant>, StoreError> {
        self.readers
            .point(|connection| read::grant::by_id(connection, id))
    }

    async fn grants(&self, filter: &GrantFilter, limit: usize) -> Result<Page<Grant>, StoreError> {
        let filter = filter.clone();
        let read = move |connection: &_| read::grant::list(connection, &filter, limit);
        self.readers.list(read).await
    }

    async fn login_attempts(&self, keys: &[AttemptKey]) -> Result<Vec<LoginAttempts>, StoreError> {
        self.readers
            .point(|connection| read::login_attempts::under(connection, keys))
    }

    async fn is_used(&self, key: &SingleUseKey) -> Result<bool, StoreError> {
        self.readers
            .point(|connection| read::single_use::is_used(connection, key))
    }

    async fn device_authorization(
        &self,
        id: DeviceAuthorizationId,
    ) -> Result<Option<DeviceAuthorization>, StoreError> {
        self.readers
            .point(|connection| read::device::by_id(connection, id))
    }

    async fn device_authorization_by_user_code(
        &self,
        user_code: &UserCodeKey,
    ) -> Result<Option<DeviceAuthorization>, StoreError> {
        self.readers
            .point(|connection| read::device::by_user_code(connection, user_code))
    }

    async fn pushed_request(&self, id: PushedRequestId) -> Result<Option<PushedRequest>, StoreError> {
        self.readers
            .point(|connection| read::pushed::by_id(connection, id))
    }

    async fn personal_access_token(
        &self,
        hash: &SecretHash,
    ) -> Result<Option<PersonalAccessToken>, StoreError> {
        self.readers
            .point(|connection| read::personal::by_hash(connection, hash))
    }

    async fn personal_access_tokens_of(&self, user: UserId) -> Result<Vec<PersonalAccessToken>, StoreError> {
        let read = move |connection: &_| read::personal::of_user(connection, user);
        self.readers.list(read).await
    }

    async fn initial_access_token(
        &self,
        hash: &SecretHash,
    ) -> Result<Option<InitialAccessToken>, StoreError> {
        self.readers
            .point(|connection| read::initial_access_token::by_hash(connection, hash))
    }

    async fn initial_access_tokens(&self) -> Result<Vec<InitialAccessToken>, StoreError> {
        self.readers.list(read::initial_access_token::all).await
    }

    async fn jobs_due(&self, now: Timestamp, limit: usize) -> Result<Vec<Job>, StoreError> {
        self.readers
            .point(|connection| read::job::due(connection, now, limit))
    }

    async fn keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        self.readers.list(read::key::all).await
    }

    async fn revocations(&self, now: Timestamp) -> Result<Revocations, StoreError> {
        let read = move |connection: &_| read::revocations::at(connection, now);
        self.readers.list(read).await
    }

    async fn event_position(&self) -> Result<EventPosition, StoreError> {
        self.readers.point(read::event::position)
    }

    async fn events_since(&self, position: EventPosition) -> Result<(Vec<Event>, EventPosition), StoreError> {
        if self.readers.point(read::event::position)? <= position {
            return Ok((Vec::new(), position));
        }
        let read = move |connection: &_| read::event::since(connection, position);
        self.readers.list(read).await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), CommitError> {
        self.writer.commit(changes).await
    }

    async fn sweep(&self, now: Timestamp, limit: usize) -> Result<u64, StoreError> {
        let mut swept = 0;
        for kind in Kind::ALL {
            swept += self.sweep_kind(kind, now, limit as u64).await?;
        }
        Ok(swept)
    }
}

impl SqliteStore {
    /// Sweeps one kind in pieces, so that no commit waits long behind it.
    async fn sweep_kind(&self, kind: Kind, now: Timestamp, limit: u64) -> Result<u64, StoreError> {
        let mut deleted = 0;
        while deleted < limit {
            let piece = SWEEP_PIECE.min(limit - deleted);
            let piece = Piece {
                kind,
                now,
                limit: i64::try_from(piece).unwrap_or(i64::MAX),
            };
            let swept = self.writer.sweep(piece).await?;
            deleted += swept.deleted;
            if !swept.more {
                break;
            }
        }
        Ok(deleted)
    }
}
