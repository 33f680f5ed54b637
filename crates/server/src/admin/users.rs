//! Users. They are switched off and not deleted: what was given to clients in their name has to name somebody.

use grantor_protocol::record::{Revision, User};
use grantor_protocol::{Cause, Change, Expect, profile, validity};
use grantor_store::{CommitError, Page};
use grantor_types::{Secret, StandardClaims, UserId};
use serde::{Deserialize, Serialize};

use super::administration::{Administration, Output};
use super::refusal::Refusal;
use super::request::{Request, read, take_text};
use super::{cursor, instant, precondition, sessions};
use crate::password::PasswordError;

/// A user as they are shown and written. Hashes of passwords are not shown. What only the server sets is there when a
/// user is shown, and not looked at when one is written.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserDocument {
    /// The id; as text it is the `sub` claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<UserId>,
    /// The login name, compared without regard to case.
    pub username: String,
    /// What the user says of themselves.
    #[serde(default)]
    pub claims: StandardClaims,
    /// Switched off: cannot log in, and tokens are inactive.
    #[serde(default)]
    pub disabled: bool,
    /// Whether they can log in by password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_password: Option<bool>,
    /// When the account was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Counts its changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
}

impl std::fmt::Debug for UserDocument {
    /// The id alone: names and addresses stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserDocument")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl UserDocument {
    /// Somebody without claims.
    pub fn new(username: String) -> Self {
        Self {
            id: None,
            username,
            claims: StandardClaims::default(),
            disabled: false,
            has_password: None,
            created_at: None,
            updated_at: None,
            revision: None,
        }
    }

    fn of(user: User) -> Self {
        Self {
            id: Some(user.id),
            username: user.username,
            claims: user.claims,
            disabled: user.disabled,
            has_password: Some(user.password_hash.is_some()),
            created_at: Some(instant(user.created_at)),
            updated_at: Some(instant(user.updated_at)),
            revision: Some(user.revision),
        }
    }
}

fn etag(user: &User) -> String {
    precondition::of_revision(user.revision, user.created_at)
}

/// The user that the path names by id.
pub(super) async fn find(admin: &Administration<'_>, request: &Request) -> Result<User, Refusal> {
    let name = request.name(0);
    let found = match UserId::parse(name) {
        Some(id) => admin.store.user(id).await?,
        None => None,
    };
    found.ok_or_else(|| Refusal::of(Cause::NotFound, format!("there is no user {name}")))
}

pub(super) async fn list(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let (after, limit) = (cursor::after(request, UserId::parse)?, cursor::limit(request)?);
    let page = match request.parameter("username") {
        None => admin.store.users(after, limit).await?,
        Some(username) => {
            let found = admin.store.user_by_username(username).await?;
            let behind = |user: &User| after.is_none_or(|after| user.id > after);
            Page {
                items: found.into_iter().filter(behind).collect(),
                more: false,
            }
        }
    };
    cursor::page(page, |user| user.id.to_string(), UserDocument::of)
}

pub(super) async fn show(admin: &Administration<'_>, request: &Request) -> Result<Output, Refusal> {
    let user = find(admin, request).await?;
    let etag = etag(&user);
    Ok(Output::document(&UserDocument::of(user))?.etag(etag))
}

pub(super) async fn create(admin: &Administration<'_>, mut request: Request) -> Result<Output, Refusal> {
    let mut members = request.object()?;
    let password = take_text(&mut members, "password")?.map(Secret::new);
    let document: UserDocument = read(members.into())?;
    check(&document)?;
    let password_hash = match password {
        Some(password) => Some(hash(admin, password).await?),
        None => None,
    };
    let user = User {
        id: UserId::new(admin.now, admin.random()?),
        username: document.username,
        password_hash,
        claims: profile::dated(&StandardClaims::default(), document.claims, admin.now),
        disabled: document.disabled,
        created_at: admin.now,
        updated_at: admin.now,
        revision: Revision(1),
    };
    let put = Change::PutUser {
        user: Box::new(user.clone()),
        expect: Expect::Absent,
    };
    admin.commit(vec![put]).await.map_err(|error| match error {
        // The id is new: it is the name that somebody has.
        CommitError::Conflict => Refusal::of(
            Cause::AlreadyThere,
            format!("there is a user {} already", user.username),
        ),
        CommitError::Store(error) => error.into(),
    })?;
    let (id, etag) = (user.id, etag(&user));
    Ok(Output::document(&UserDocument::of(user))?.etag(etag).made(id))
}

pub(super) async fn replace(admin: &Administration<'_>, mut request: Request) -> Result<Output, Refusal> {
    let before = find(admin, &request).await?;
    precondition::check(request.if_match.as_deref(), &etag(&before))?;
    let mut members = request.object()?;
    if members.remove("password").is_some() {
        return Err(Refusal::member("password", "is set by PUT at …/password"));
    }
    let document: UserDocument = read(members.into())?;
    if document.id.is_some_and(|id| id != before.id) {
        return Err(Refusal::member("id", "cannot be changed"));
    }
    check(&document)?;
    let owner = admin.store.user_by_username(&document.username).await?;
    if owner.is_some_and(|owner| owner.id != before.id) {
        let name = document.username;
        return Err(Refusal::of(
            Cause::AlreadyThere,
            format!("{name} is the login name of somebody else"),
        ));
    }
    let sessions_end = document.disabled && !before.disabled;
    let changed = User {
        username: document.username,
        claims: profile::dated(&before.claims, document.claims, admin.now),
        disabled: document.disabled,
        ..before.clone()
    };
    let user = save(admin, &before, changed, sessions_end).await?;
    let etag = etag(&user);
    Ok(Output::document(&UserDocument::of(user))?.etag(etag))
}

/// Whoever knew the old password is out.
pub(super) async fn set_password(
    admin: &Administration<'_>,
    mut request: Request,
) -> Result<Output, Refusal> {
    let before = find(admin, &request).await?;
    precondition::check(request.if_match.as_deref(), &etag(&before))?;
    let mut members = request.object()?;
    let password = take_text(&mut members, "password")?;
    if let Some(name) = members.keys().next() {
        return Err(Refusal::member(name, "is not a member; there is password"));
    }
    let password = password.ok_or_else(|| Refusal::member("password", "is missing"))?;
    let password_hash = Some(hash(admin, Secret::new(password)).await?);
    let changed = User {
        password_hash,
        ..before.clone()
    };
    let user = save(admin, &before, changed, true).await?;
    Ok(Output::default().etag(etag(&user)))
}

/// Writes a user who was `before`.
async fn save(
    admin: &Administration<'_>,
    before: &User,
    changed: User,
    sessions_end: bool,
) -> Result<User, Refusal> {
    let user = User {
        updated_at: admin.now,
        revision: before.revision.next(),
        ..changed
    };
    let put = Change::PutUser {
        user: Box::new(user.clone()),
        expect: Expect::Revision(before.revision),
    };
    let end = if sessions_end {
        sessions::ending(admin, user.id).await?
    } else {
        Vec::new()
    };
    admin.commit(std::iter::once(put).chain(end).collect()).await?;
    Ok(user)
}

fn check(document: &UserDocument) -> Result<(), Refusal> {
    validity::username(&document.username).map_err(|invalid| Refusal::invalid("the login name", &invalid))?;
    validity::claims(&document.claims).map_err(|wrong| Refusal::claims(&wrong))
}

async fn hash(admin: &Administration<'_>, password: Secret) -> Result<String, Refusal> {
    validity::password(password.expose()).map_err(|invalid| Refusal::invalid("", &invalid))?;
    let hashed = admin.passwords.hash(password, admin.random()?).await;
    hashed.map_err(|error| match error {
        PasswordError::Overloaded => Cause::Overloaded.into(),
        PasswordError::TooLong | PasswordError::BrokenHash => Refusal::member("password", error.to_string()),
    })
}
