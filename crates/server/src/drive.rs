//! Runs a rule: read the facts, decide, sign, commit; after a conflict again with fresh facts.

use grantor_protocol::client_auth::Authenticated;
use grantor_protocol::dpop::FreshProof;
use grantor_protocol::grant::Caller;
use grantor_protocol::personal_access_token::{MadeToken, Maker, NewToken, make};
use grantor_protocol::{Cause, Change, Decision};
use grantor_store::CommitError;
use grantor_types::{Parameters, TokenResponse, UserId};

use crate::app::{App, Failure};
use crate::load::Load;
use crate::{client_assertion, possession, registrations, sign};

/// How often a decision is made before giving up. Two is enough for every race there is; the third is for good luck.
pub(crate) const ATTEMPTS: usize = 3;

/// Runs a grant. A proof of possession and a client assertion are used up with what they were for; a refusal leaves them
/// as they were.
pub(crate) async fn grant<G: Load>(
    app: &App,
    client: &Authenticated,
    proof: Option<&FreshProof>,
    form: &Parameters,
) -> Result<TokenResponse, Failure> {
    let request = G::parse(form)?;
    let caller = Caller {
        client,
        dpop_key: proof.map(|proof| proof.key),
    };
    let catalogue = app.store.catalogue();
    for _ in 0..ATTEMPTS {
        let facts = G::load(app, &request).await?;
        let Decision { mut changes, outcome } =
            G::decide(&app.cx(&catalogue), &app.random()?, &caller, &request, facts);
        let signed = match outcome {
            Ok(reply) => {
                changes.extend(proof.map(FreshProof::use_up));
                let wanted = reply.id_token.as_ref().and_then(|token| token.encryption);
                let encrypt_to = app.client_keys.encryption_key(caller.client(), wanted, app.now());
                let encrypt_to = encrypt_to.await?;
                Ok(sign::token_response(
                    &app.keys.load(),
                    reply,
                    encrypt_to.as_ref(),
                )?)
            }
            Err(cause) => Err(cause),
        };
        // A refusal that changes nothing leaves the assertion as it was, too.
        if signed.is_ok() || !changes.is_empty() {
            changes.extend(client_assertion::change(client));
        }
        if committed(app, changes).await? {
            if signed.is_ok() {
                registrations::note_use(app, caller.client()).await;
                app.metrics.token_issued(G::TYPE);
            }
            return signed.map_err(Failure::from);
        }
        client_assertion::check_unused(app, client).await?;
        possession::check_unused(app, proof).await?;
    }
    Err(CommitError::Conflict.into())
}

/// Makes a personal access token for this user. A proof of possession is used up with it.
pub(crate) async fn personal_access_token(
    app: &App,
    maker: Maker<'_>,
    user: UserId,
    wanted: &NewToken,
    proof: Option<&FreshProof>,
) -> Result<MadeToken, Failure> {
    let catalogue = app.store.catalogue();
    for _ in 0..ATTEMPTS {
        let held = app.store.store().personal_access_tokens_of(user).await?.len();
        let decision = make(&app.cx(&catalogue), &app.random()?, maker, wanted.clone(), held);
        let made = decision.outcome?;
        let mut changes = decision.changes;
        changes.extend(proof.map(FreshProof::use_up));
        if committed(app, changes).await? {
            return Ok(made);
        }
        possession::check_unused(app, proof).await?;
    }
    // The id and the text are new: others took the last places meanwhile, again and again.
    Err(Cause::PersonalTokenTooMany.into())
}

/// Commits changes whose guards may fail. `false` when one did: nothing has changed, and whoever decided decides again
/// with fresh facts, at most [`ATTEMPTS`] times in all.
pub(crate) async fn committed(app: &App, changes: Vec<Change>) -> Result<bool, Failure> {
    match app.store.commit(changes, app.now()).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict) => {
            app.metrics.commit_conflicts.inc();
            Ok(false)
        }
        Err(error @ CommitError::Store(_)) => Err(error.into()),
    }
}
