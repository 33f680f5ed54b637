//! Whom administration commands speak to: the database beside them, or a server's administration API. Both are told the
//! same requests and give the same answers.

mod remote;

use std::path::PathBuf;
use std::sync::Arc;

use grantor_protocol::Policy;
use grantor_server::SystemEntropy;
use grantor_server::admin::{
    Action, Administration, KeyAdministration, MAX_LIMIT, Problem, Refusal, Request, Writer,
};
use grantor_server::password::PasswordHasher;
use grantor_store::Store;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use self::remote::Remote;
use crate::change;
use crate::engine::{DatabaseArguments, Keys, Place};
use crate::output::CommandError;

/// Where a command administers: in the database beside it, or at a server.
#[derive(Debug, clap::Args)]
pub(crate) struct AdministratorArguments {
    /// Administer the server at this URL, its issuer, in place of a database. The access token is in GRANTOR_ADMIN_TOKEN or
    /// in --token-file; `grantor admin token` makes one.
    #[arg(long, value_name = "URL", conflicts_with_all = ["config", "data"])]
    server: Option<Url>,
    /// The file with the access token for --server.
    #[arg(long, value_name = "FILE", requires = "server")]
    token_file: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArguments,
}

impl AdministratorArguments {
    /// Opens the database or gets ready to speak to the server.
    ///
    /// # Errors
    /// When there is no database, or no token.
    pub(crate) fn open(&self) -> Result<Administrator, CommandError> {
        self.connect(|_| Ok(None))
    }

    /// The same with the master key, where it can be read: the secrets of clients that sign with them are sealed.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(crate) fn open_for_secrets(&self) -> Result<Administrator, CommandError> {
        self.connect(|place| Ok(place.keys().ok()))
    }

    /// The same with what it takes to make keys.
    ///
    /// # Errors
    /// As [`open`](Self::open), and when the master key cannot be used.
    pub(crate) fn open_with_keys(&self) -> Result<Administrator, CommandError> {
        self.connect(|place| place.keys().map(Some))
    }

    fn connect(
        &self,
        keys: impl FnOnce(&Place<'_>) -> Result<Option<Keys>, CommandError>,
    ) -> Result<Administrator, CommandError> {
        if let Some(url) = &self.server {
            return Remote::new(url, self.token_file.as_deref()).map(Administrator::Remote);
        }
        let place = self.database.place()?;
        Ok(Administrator::beside(
            place.open()?,
            place.policy(),
            keys(&place)?,
        ))
    }
}

/// Does what commands ask for.
pub(crate) enum Administrator {
    Beside(Box<Beside>),
    Remote(Remote),
}

/// A database.
pub(crate) struct Beside {
    store: Arc<dyn Store>,
    passwords: PasswordHasher,
    policy: Policy,
    keys: Option<Keys>,
    catalogue: Mutex<()>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) body: Value,
    pub(crate) etag: Option<String>,
}

impl Administrator {
    fn beside(store: Arc<dyn Store>, policy: Policy, keys: Option<Keys>) -> Self {
        Self::Beside(Box::new(Beside {
            store,
            passwords: PasswordHasher::start(1),
            policy,
            keys,
            catalogue: Mutex::default(),
        }))
    }

    /// Does it, or says why not.
    ///
    /// # Errors
    /// When the server cannot be asked at all.
    pub(crate) async fn ask(&self, request: Request) -> Result<Result<Done, Problem>, CommandError> {
        match self {
            Self::Beside(beside) => beside.ask(request).await,
            Self::Remote(remote) => remote.ask(request).await,
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// Why it was refused, and what to do then.
    pub(crate) async fn send(&self, request: Request) -> Result<Done, CommandError> {
        let (action, name) = (request.action, request.names.first().cloned());
        let done = self.ask(request).await?;
        done.map_err(|problem| refused(action, name.as_deref(), &problem))
    }

    /// Reads one thing, with its entity tag.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        request: Request,
    ) -> Result<(T, Option<String>), CommandError> {
        let done = self.send(request).await?;
        Ok((document(done.body)?, done.etag))
    }

    /// Reads one thing that need not be there.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub(crate) async fn find(&self, request: Request) -> Result<Option<Done>, CommandError> {
        let action = request.action;
        match self.ask(request).await? {
            Ok(done) => Ok(Some(done)),
            Err(problem) if problem.status == 404 => Ok(None),
            Err(problem) => Err(refused(action, None, &problem)),
        }
    }

    /// Reads a list to its end, page by page.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub(crate) async fn all<T: DeserializeOwned>(&self, request: Request) -> Result<Vec<T>, CommandError> {
        #[derive(serde::Deserialize)]
        struct Page<T> {
            items: Vec<T>,
            next: Option<String>,
        }
        let has_pages = request.action.operation().query.contains(&"limit");
        let mut next: Option<String> = None;
        let mut all = Vec::new();
        loop {
            let mut page = request.clone();
            if has_pages {
                page = page.with("limit", MAX_LIMIT.to_string());
            }
            if let Some(after) = next {
                page = page.with("after", after);
            }
            let (page, _): (Page<T>, _) = self.read(page).await?;
            all.extend(page.items);
            match page.next {
                Some(after) => next = Some(after),
                None => return Ok(all),
            }
        }
    }
}

impl Beside {
    async fn ask(&self, request: Request) -> Result<Result<Done, Problem>, CommandError> {
        let administration = Administration {
            store: &*self.store,
            writer: Writer::Beside(&*self.store),
            passwords: &self.passwords,
            policy: &self.policy,
            keys: self.keys.as_ref().map(|keys| KeyAdministration {
                master: &keys.master,
                settings: &keys.settings,
            }),
            entropy: &SystemEntropy,
            now: change::now(),
            catalogue: &self.catalogue,
        };
        match administration.perform(request).await {
            Ok(output) => Ok(Ok(Done {
                body: output.body.unwrap_or_default(),
                etag: output.etag,
            })),
            // Nobody but us has a log to read it from.
            Err(refusal) => match refusal.underneath() {
                Some(what) => Err(CommandError::new(what)),
                None => Ok(Err(Refusal::problem(&refusal, None))),
            },
        }
    }
}

/// Reads what was answered.
///
/// # Errors
/// When it is not what was expected.
pub(crate) fn document<T: DeserializeOwned>(value: Value) -> Result<T, CommandError> {
    serde_json::from_value(value)
        .map_err(|error| CommandError::caused_by("the answer of the server cannot be read", &error))
}

/// A member of an answer; null when it is not there.
pub(crate) fn member(body: &Value, name: &str) -> Value {
    body.get(name).cloned().unwrap_or_default()
}

/// The warnings in an answer.
pub(crate) fn warnings(body: &Value) -> Vec<String> {
    document(member(body, "warnings")).unwrap_or_default()
}

/// Why it was refused, and what to do then.
fn refused(action: Action, name: Option<&str>, problem: &Problem) -> CommandError {
    let sentence = problem.sentence();
    let noun = noun(action);
    match problem.status {
        404 => CommandError::usage(format!("{sentence}; `grantor {noun} list` shows those there are")),
        409 => CommandError::usage(sentence),
        412 => CommandError::new(format!(
            "{} was changed by somebody else meanwhile; nothing was written. Look at it and run the command again",
            name.unwrap_or("it")
        )),
        400 | 422 => CommandError::usage(sentence),
        _ => CommandError::new(sentence),
    }
}

/// The command whose business an action is.
fn noun(action: Action) -> &'static str {
    let path = action.operation().path;
    if path.contains("personal-access-tokens") {
        return "token";
    }
    match path.split('/').nth(1) {
        Some("clients") => "client",
        Some("users") => "user",
        Some("scopes") => "scope",
        Some("resources") => "resource",
        Some("trusted-issuers") => "issuer",
        Some("grants") => "grant",
        _ => "key",
    }
}
