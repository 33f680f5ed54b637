//! Compares a declaration with what is stored, and makes the changes that lead there. What is stored and not declared
//! stays: a file says what there has to be, not what there may be.

use grantor_jose::random;
use grantor_protocol::record::{Client, Revision, ScopeDefinition, TrustedIssuer, User};
use grantor_protocol::{Change, Expect, profile, validity};
use grantor_server::keyring::MasterKey;
use grantor_server::password::{PasswordError, PasswordHasher};
use grantor_store::{Store, StoreError};
use grantor_types::{ScopeToken, Secret, StandardClaims, Timestamp, UserId};
use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use super::{Declaration, DeclaredUser};

/// Why a declaration cannot be applied.
#[derive(Debug, Error)]
pub(crate) enum ApplyError {
    /// The store failed.
    #[error("the database cannot be read")]
    Store(#[from] StoreError),
    /// Declarations that cannot be, each with its path.
    #[error("the declaration has problems:\n{}", .0.join("\n"))]
    Problems(Vec<String>),
    /// A password could not be hashed.
    #[error("a password could not be hashed")]
    Password(#[from] PasswordError),
    /// There is no randomness.
    #[error("no randomness")]
    Random(#[from] grantor_jose::JoseError),
}

/// What would change.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Plan {
    /// For people.
    pub(crate) planned: Vec<PlannedChange>,
    /// How many declared things are as declared already.
    pub(crate) unchanged: usize,
    /// What is applied as declared and may still not be what was meant.
    pub(crate) warnings: Vec<String>,
    #[serde(skip)]
    pub(crate) changes: Vec<Change>,
}

/// One thing that would change.
#[derive(Debug, Serialize)]
pub(crate) struct PlannedChange {
    /// `create` or `update`.
    pub(crate) action: &'static str,
    /// `scope`, `resource`, `trusted issuer`, `client` or `user`.
    pub(crate) kind: &'static str,
    /// Its name.
    pub(crate) name: String,
    /// The members that differ, with what they were and what they will be. Secrets and hashes are not shown.
    pub(crate) members: Vec<String>,
}

/// Makes the plan.
///
/// # Errors
/// [`ApplyError`]; every problem of the declaration at once.
pub(crate) async fn plan(
    store: &dyn Store,
    declaration: &Declaration,
    passwords: &PasswordHasher,
    environment: impl Fn(&str) -> Option<String> + Copy,
    master: Option<&MasterKey>,
    now: Timestamp,
) -> Result<Plan, ApplyError> {
    let mut plan = Plan::default();
    let stored = plan_catalogue(store, declaration, &mut plan).await?;
    let is_known = |scope: &ScopeToken| {
        let mut known = stored.iter().chain(&declaration.scopes);
        known.any(|known| known.name == *scope)
    };
    let mut problems = catalogue_problems(declaration);
    for declared in &declaration.clients {
        let existing = store.client(&declared.id).await?;
        match declared.record(existing.as_ref(), environment, master, now) {
            Ok(record) => {
                plan.warnings.extend(validity::warnings(&record, is_known));
                plan.warnings.extend(declared.weakness(environment));
                plan.client(existing, record, now);
            }
            Err(problem) => problems.push(format!("client {} {problem}", declared.id)),
        }
    }
    if !problems.is_empty() {
        return Err(ApplyError::Problems(problems));
    }
    for declared in &declaration.users {
        plan_user(store, declared, passwords, now, &mut plan).await?;
    }
    Ok(plan)
}

/// What is wrong with resource servers, trusted issuers and users, which need no look at what is stored.
fn catalogue_problems(declaration: &Declaration) -> Vec<String> {
    let problem = |issuer: &TrustedIssuer| {
        let found = validity::trusted_issuer(issuer).err()?;
        Some(format!("trusted issuer {} {found}", issuer.issuer))
    };
    let resources = declaration.resources.iter().filter_map(|resource| {
        let found = validity::resource(resource).err()?;
        Some(format!("resource server {} {found}", resource.id))
    });
    let issuers = declaration.trusted_issuers.iter().filter_map(problem);
    let users = declaration.users.iter().flat_map(user_problems);
    issuers.chain(resources).chain(users).collect()
}

fn user_problems(user: &DeclaredUser) -> Vec<String> {
    let name = validity::username(&user.username).err();
    let name = name.map(|found| format!("the login name {:?} {found}", user.username));
    let claims = validity::claims(&user.claims).err().unwrap_or_default();
    let claim = |wrong: &validity::InvalidClaim| {
        format!(
            "user {}: the claim {} {}",
            user.username,
            wrong.field,
            wrong.problem.sentence()
        )
    };
    name.into_iter().chain(claims.iter().map(claim)).collect()
}

/// Returns the scopes that are stored.
async fn plan_catalogue(
    store: &dyn Store,
    declaration: &Declaration,
    plan: &mut Plan,
) -> Result<Vec<ScopeDefinition>, StoreError> {
    let scopes = store.scopes().await?;
    for declared in &declaration.scopes {
        let existing = scopes.iter().find(|scope| scope.name == declared.name);
        plan.note(
            "scope",
            declared.name.as_str(),
            existing,
            declared,
            Change::PutScope(declared.clone()),
        );
    }
    let resources = store.resources().await?;
    for declared in &declaration.resources {
        let existing = resources.iter().find(|resource| resource.id == declared.id);
        plan.note(
            "resource",
            declared.id.as_str(),
            existing,
            declared,
            Change::PutResource(declared.clone()),
        );
    }
    let issuers = store.trusted_issuers().await?;
    for declared in &declaration.trusted_issuers {
        let existing = issuers.iter().find(|issuer| issuer.issuer == declared.issuer);
        plan.note(
            "trusted issuer",
            &declared.issuer,
            existing,
            declared,
            Change::PutTrustedIssuer(Box::new(declared.clone())),
        );
    }
    Ok(scopes)
}

async fn plan_user(
    store: &dyn Store,
    declared: &DeclaredUser,
    passwords: &PasswordHasher,
    now: Timestamp,
    plan: &mut Plan,
) -> Result<(), ApplyError> {
    let existing = store.user_by_username(&declared.username).await?;
    let password_hash = password_hash(declared, existing.as_ref(), passwords).await?;
    let before = existing
        .as_ref()
        .map(|user| user.claims.clone())
        .unwrap_or_default();
    let record = User {
        id: match &existing {
            Some(user) => user.id,
            None => UserId::new(now, random::array()?),
        },
        username: declared.username.clone(),
        password_hash,
        claims: StandardClaims {
            updated_at: declared.claims.updated_at.or(before.updated_at),
            ..declared.claims.clone()
        },
        disabled: declared.disabled,
        created_at: existing.as_ref().map_or(now, |user| user.created_at),
        updated_at: existing.as_ref().map_or(now, |user| user.updated_at),
        revision: existing.as_ref().map_or(Revision(0), |user| user.revision),
    };
    let expect = expect(existing.as_ref().map(|user| user.revision));
    let user = Box::new(User {
        claims: profile::dated(&before, record.claims.clone(), now),
        updated_at: now,
        revision: record.revision.next(),
        ..record.clone()
    });
    let name = declared.username.clone();
    plan.note(
        "user",
        &name,
        existing.as_ref(),
        &record,
        Change::PutUser { user, expect },
    );
    Ok(())
}

/// The hash that is there when the declared password fits it: a new one would differ each time.
async fn password_hash(
    declared: &DeclaredUser,
    existing: Option<&User>,
    passwords: &PasswordHasher,
) -> Result<Option<String>, ApplyError> {
    let stored = existing.and_then(|user| user.password_hash.clone());
    let Some(password) = &declared.password else {
        return Ok(declared.password_hash.clone().or(stored));
    };
    let password = Secret::new(password.as_str());
    if stored.is_some() && passwords.verify(password.clone(), stored.clone()).await? {
        return Ok(stored);
    }
    Ok(Some(passwords.hash(password, random::array()?).await?))
}

/// What must be there for a write of this revision.
pub(crate) fn expect(revision: Option<Revision>) -> Expect {
    revision.map_or(Expect::Absent, Expect::Revision)
}

impl Plan {
    fn client(&mut self, existing: Option<Client>, record: Client, now: Timestamp) {
        let expect = expect(existing.as_ref().map(|client| client.revision));
        let client = Box::new(Client {
            updated_at: now,
            revision: record.revision.next(),
            ..record.clone()
        });
        let name = record.id.to_string();
        self.note(
            "client",
            &name,
            existing.as_ref(),
            &record,
            Change::PutClient { client, expect },
        );
    }

    fn note<T: Serialize + PartialEq>(
        &mut self,
        kind: &'static str,
        name: &str,
        existing: Option<&T>,
        declared: &T,
        change: Change,
    ) {
        let (action, members) = match existing {
            Some(existing) if existing == declared => {
                self.unchanged += 1;
                return;
            }
            Some(existing) => ("update", differences(existing, declared)),
            None => ("create", Vec::new()),
        };
        self.planned.push(PlannedChange {
            action,
            kind,
            name: name.to_owned(),
            members,
        });
        self.changes.push(change);
    }
}

fn differences(existing: &impl Serialize, declared: &impl Serialize) -> Vec<String> {
    let members = |value: &dyn Fn() -> serde_json::Result<Value>| match value() {
        Ok(Value::Object(members)) => members,
        Ok(_) | Err(_) => serde_json::Map::new(),
    };
    let (old, new) = (
        members(&|| serde_json::to_value(existing)),
        members(&|| serde_json::to_value(declared)),
    );
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differs = |name: &&String| old.get(*name) != new.get(*name);
    let line = |name: &String| match name.as_str() {
        "secrets" | "password_hash" => format!("{name}: changed"),
        _ => format!("{name}: {} -> {}", shown(old.get(name)), shown(new.get(name))),
    };
    names.into_iter().filter(differs).map(line).collect()
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}
