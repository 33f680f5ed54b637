//! `grantor client rotate-secret`.

use clap::Args;
use grantor_protocol::record::StoredSecret;
use grantor_protocol::{Change, Expect};
use grantor_server::client_secret;
use grantor_types::{ClientAuthMethod, ClientId, Seconds, Timestamp};
use serde_json::json;

use super::secret::SecretArguments;
use super::{find, view};
use crate::argument::{duration, text};
use crate::engine::DatabaseArguments;
use crate::output::{CommandError, instant, print_json, say};
use crate::{change, declaration};

/// Give a client a new secret; the old one stays valid for a while.
#[derive(Debug, Args)]
pub(crate) struct RotateSecret {
    /// Its client_id.
    #[arg(value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    id: ClientId,
    #[command(flatten)]
    secret: SecretArguments,
    /// How long the old secret stays valid; 0 ends it at once.
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = duration)]
    overlap: Seconds,
    /// How it authenticates from now on, which client_secret_jwt needs a new secret for. Repeat it for more.
    #[arg(long = "authentication-method", value_name = "METHOD", value_parser = text::<ClientAuthMethod>)]
    authentication_methods: Vec<ClientAuthMethod>,
    #[command(flatten)]
    database: DatabaseArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl RotateSecret {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let store = self.database.open()?;
        let before = find(&*store, &self.id).await?;
        let id = &self.id;
        if before.is_public() {
            return Err(CommandError::usage(format!(
                "client {id} is public: it has no secret"
            )));
        }
        let mut client = before.clone();
        if !self.authentication_methods.is_empty() {
            client
                .authentication_methods
                .clone_from(&self.authentication_methods);
        }
        if !client
            .authentication_methods
            .iter()
            .copied()
            .any(declaration::uses_secret)
        {
            return Err(CommandError::usage(format!(
                "client {id} authenticates by its keys: it has no secret"
            )));
        }
        let (now, made) = (change::now(), self.secret.make(&client)?);
        let old_end = now.plus(self.overlap);
        let mut secrets = vec![made.stored(&client, &self.database)?];
        secrets.extend(still_valid(&before.secrets, old_end, now));
        client.secrets = client_secret::resealed(&client.authentication_methods, &secrets).unwrap_or(secrets);
        client.updated_at = now;
        client.revision = before.revision.next();
        declaration::check(&client)
            .map_err(|problem| CommandError::usage(format!("client {id} {problem}")))?;
        let view = view::json(&client)?;
        let expect = Expect::Revision(before.revision);
        let rotated = Change::PutClient {
            client: Box::new(client),
            expect,
        };
        change::commit(&*store, vec![rotated], &format!("client {id}")).await?;
        if self.json {
            return print_json(&json!({
                "client": view, "secret": made.generated, "old_secret_valid_until": instant(old_end),
            }));
        }
        say!("client {id} has a new secret");
        if let Some(secret) = made.generated {
            say!("secret {secret}\n\nThe secret is shown this once; only its hash is kept.");
        }
        match self.overlap {
            Seconds(0) => say!("The old secret is no longer valid."),
            Seconds(_) => say!("The old secret is valid until {}.", instant(old_end)),
        }
        Ok(())
    }
}

/// The secrets that live on, none of them longer than `end`.
fn still_valid(secrets: &[StoredSecret], end: Timestamp, now: Timestamp) -> Vec<StoredSecret> {
    let shortened = secrets.iter().map(|secret| StoredSecret {
        hash: secret.hash,
        expires_at: Some(secret.expires_at.map_or(end, |own| own.min(end))),
        sealed: secret.sealed.clone(),
    });
    shortened
        .filter(|secret| secret.expires_at.is_none_or(|end| !end.is_past(now)))
        .collect()
}
