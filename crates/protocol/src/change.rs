//! Every write there is. A rule returns changes; [`Store::commit`](https://docs.rs/grantor-store) applies a list of
//! them as one: all or none, and only if every guard holds.

use grantor_types::{
    ClientId, DeviceAuthorizationId, GrantId, InitialAccessTokenId, JobId, PersonalAccessTokenId, Resource,
    ScopeToken, SessionId, Thumbprint, Timestamp, TokenId, UserId,
};

use crate::record::{
    AttemptKey, Client, Consent, DeviceApproval, DeviceAuthorization, Grant, InitialAccessToken, Job,
    PersonalAccessToken, PushedRequest, RefreshState, ResourceServer, Revision, RevocationReason,
    ScopeDefinition, Session, SingleUseKey, StoredKey, TrustedIssuer, User,
};

/// What an edit expects to find. When it finds something else, the commit is a conflict and changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// No such row.
    Absent,
    /// The row at this revision.
    Revision(Revision),
}

/// One guarded write.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Inserts or replaces a client. Guard: `expect`.
    PutClient {
        /// The client as it will be, with its new revision.
        client: Box<Client>,
        /// What must be there now.
        expect: Expect,
    },
    /// Deletes a client, its consents and its grants. No guard.
    DeleteClient(ClientId),
    /// Inserts or replaces a user. Guards: `expect`, and the login name is nobody else's.
    PutUser {
        /// The user as they will be, with the new revision.
        user: Box<User>,
        /// What must be there now.
        expect: Expect,
    },
    /// Inserts or replaces a scope. No guard.
    PutScope(ScopeDefinition),
    /// Deletes a scope. No guard.
    DeleteScope(ScopeToken),
    /// Inserts or replaces a resource server. No guard.
    PutResource(ResourceServer),
    /// Deletes a resource server. No guard.
    DeleteResource(Resource),
    /// Inserts or replaces a trusted issuer. No guard.
    PutTrustedIssuer(Box<TrustedIssuer>),
    /// Deletes a trusted issuer by its identifier. No guard.
    DeleteTrustedIssuer(String),
    /// Inserts a session. Guard: the id is new. Beyond 100 sessions of one user the oldest end.
    CreateSession(Session),
    /// Gives a session a new login: its secret, how and when, and its end, which is that of the clients that joined it too.
    /// Guard: the session is there and the same user's.
    RenewSession(Session),
    /// Changes nothing. Guard: the session has not ended.
    RequireSession(SessionId),
    /// Notes that a client was logged in to by way of a session. No guard.
    JoinSession {
        /// The session.
        session: SessionId,
        /// The client.
        client: ClientId,
        /// When the session ends, and the row with it.
        expires_at: Timestamp,
    },
    /// Deletes a session. No guard.
    EndSession(SessionId),
    /// Deletes every session of a user. No guard.
    EndSessionsOf(UserId),
    /// Adds to what a user allowed a client; the later time stays. No guard: a union is the same in any order.
    AddConsent(Consent),
    /// Forgets what a user allowed a client. No guard.
    DeleteConsent {
        /// Who.
        user: UserId,
        /// Whom.
        client: ClientId,
    },
    /// Inserts a grant. Guard: the id is new.
    CreateGrant(Box<Grant>),
    /// Turns a pending grant into an active one. Guard: it is pending.
    RedeemCode {
        /// The grant.
        grant: GrantId,
        /// Where its refresh tokens begin, if it has them.
        refresh: Option<RefreshState>,
        /// The key that its refresh tokens are bound to.
        dpop_key: Option<Thumbprint>,
        /// When its last token will have ended.
        expires_at: Timestamp,
    },
    /// Moves a grant to the next refresh token. Guard: it is active and at generation `from`.
    RotateRefreshToken {
        /// The grant.
        grant: GrantId,
        /// The generation that was presented.
        from: u64,
        /// When.
        at: Timestamp,
        /// When its last token will have ended.
        expires_at: Timestamp,
    },
    /// Ends a grant. No guard; a grant that has ended keeps its first reason.
    RevokeGrant {
        /// The grant.
        grant: GrantId,
        /// When.
        at: Timestamp,
        /// Why.
        reason: RevocationReason,
    },
    /// Ends every grant a user gave a client. No guard.
    RevokeGrantsOf {
        /// Who.
        user: UserId,
        /// Whom; every client when absent.
        client: Option<ClientId>,
        /// When.
        at: Timestamp,
        /// Why.
        reason: RevocationReason,
    },
    /// Ends the grants of a session that do not hold `offline_access` (OpenID Connect Core 11). No guard.
    RevokeGrantsOfSession {
        /// Whose session.
        user: UserId,
        /// Which.
        session: SessionId,
        /// When.
        at: Timestamp,
    },
    /// Puts one access token on the denylist until it would have ended; the later end stays. No guard.
    DenyToken {
        /// Its `jti`.
        token: TokenId,
        /// When the token ends and the row with it.
        expires_at: Timestamp,
    },
    /// Counts an attempt that failed. No guard: what was guessed was guessed, whatever else was counted meanwhile.
    CountLoginAttempt {
        /// Whose.
        key: AttemptKey,
        /// When.
        at: Timestamp,
        /// A counter whose last attempt was before this begins anew, at one.
        since: Timestamp,
    },
    /// Forgets attempts after a success. No guard.
    ForgetLoginAttempts(AttemptKey),
    /// Marks something as used. Guard: it was not.
    UseOnce {
        /// What.
        key: SingleUseKey,
        /// When it could not be used anyway, and the row goes.
        expires_at: Timestamp,
    },
    /// Inserts a device authorization. Guards: the id is new, and so is the user code.
    CreateDeviceAuthorization(Box<DeviceAuthorization>),
    /// Lets a device have its tokens. Guard: it is pending.
    ApproveDevice {
        /// Which.
        device: DeviceAuthorizationId,
        /// Who allowed it.
        approval: DeviceApproval,
    },
    /// Refuses a device. Guard: it is pending.
    DenyDevice(DeviceAuthorizationId),
    /// Notes that a device has its tokens. Guard: it is approved.
    RedeemDevice {
        /// Which.
        device: DeviceAuthorizationId,
        /// The grant that its tokens hang on.
        grant: GrantId,
    },
    /// Inserts a pushed authorization request. Guard: the id is new.
    CreatePushedRequest(Box<PushedRequest>),
    /// Inserts a personal access token. Guards: id and hash are new, and its user has fewer than
    /// [`MAX_PERSONAL_ACCESS_TOKENS`](crate::record::MAX_PERSONAL_ACCESS_TOKENS).
    CreatePersonalAccessToken(Box<PersonalAccessToken>),
    /// Deletes a personal access token of this user. No guard; another user's stays.
    DeletePersonalAccessToken {
        /// Whose.
        user: UserId,
        /// Which.
        token: PersonalAccessTokenId,
    },
    /// Deletes every personal access token of a user. No guard.
    DeletePersonalAccessTokensOf(UserId),
    /// Notes that a personal access token was used; the later time stays. No guard.
    TouchPersonalAccessToken {
        /// Which.
        token: PersonalAccessTokenId,
        /// When.
        at: Timestamp,
    },
    /// Guards that fewer clients than this have registered themselves.
    LimitRegistrations(u64),
    /// Inserts an initial access token. Guards: id and hash are new, and there are fewer than
    /// [`MAX_INITIAL_ACCESS_TOKENS`](crate::record::MAX_INITIAL_ACCESS_TOKENS).
    CreateInitialAccessToken(Box<InitialAccessToken>),
    /// Uses an initial access token. Guard: it is there and has a use left.
    UseInitialAccessToken(InitialAccessTokenId),
    /// Deletes an initial access token. No guard.
    DeleteInitialAccessToken(InitialAccessTokenId),
    /// Inserts a job. Guard: the id is new.
    CreateJob(Box<Job>),
    /// Claims a job, or puts it off. Guard: it is due at `from`.
    MoveJob {
        /// Which.
        job: JobId,
        /// When it was due.
        from: Timestamp,
        /// When it is due.
        to: Timestamp,
        /// How often it has been tried by then.
        attempts: u32,
    },
    /// Deletes a job that is done or given up. No guard.
    DeleteJob(JobId),
    /// Inserts or replaces a key. No guard.
    PutKey(StoredKey),
}
