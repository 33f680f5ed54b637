//! Who acts for the subject: `act` and `may_act` ([RFC 8693 §4.1](https://www.rfc-editor.org/rfc/rfc8693#section-4.1),
//! [§4.4](https://www.rfc-editor.org/rfc/rfc8693#section-4.4)).

use grantor_types::{Actor, Issuer};

use super::policy::Acting;
use super::presented::Party;
use crate::Cause;
use crate::record::Client;

/// Most actors that one token names, one within the other.
const MAX_ACTORS: usize = 8;

/// The `act` of the new token: the one who acts now, and within it those who acted before.
///
/// # Errors
/// When somebody else was named by `may_act`, the actor token is not the client's to show, or the chain is too long.
pub(super) fn act(
    issuer: &Issuer,
    client: &Client,
    subject: &Party,
    acting: Acting,
    actor: Option<&Party>,
) -> Result<Option<Actor>, Cause> {
    let actor = match actor {
        None => identity_of(client),
        // Whoever shows the token of somebody else would make them the one who acts.
        Some(actor) if actor.client != client.id || actor.act.is_some() => {
            return Err(Cause::ActorTokenNotAllowed);
        }
        Some(actor) => Actor {
            sub: actor.sub.clone(),
            iss: actor.iss.clone(),
            client_id: actor.iss.is_none().then(|| actor.client.clone()),
            act: None,
        },
    };
    // "the "may_act" claim makes a statement that one party is authorized to become the actor and act on behalf of
    // another party" (RFC 8693 4.4): whom it does not name may not, by delegation or by impersonation.
    if let Some(named) = &subject.may_act
        && !is_named(issuer, &actor, named)
    {
        return Err(Cause::ActorNotNamed);
    }
    let act = match acting {
        Acting::Subject => subject.act.clone(),
        Acting::ActorToken | Acting::Client => Some(Actor {
            act: subject.act.clone().map(Box::new),
            ..actor
        }),
    };
    if depth(act.as_ref()) > MAX_ACTORS {
        return Err(Cause::ExchangedTooOften);
    }
    Ok(act)
}

fn identity_of(client: &Client) -> Actor {
    Actor {
        sub: client.id.to_string(),
        iss: None,
        client_id: Some(client.id.clone()),
        act: None,
    }
}

/// An `iss` that is not there is ours. What `may_act` leaves out may be anything.
fn is_named(issuer: &Issuer, actor: &Actor, named: &Actor) -> bool {
    let by = |who: &Actor| who.iss.clone().unwrap_or_else(|| issuer.as_str().to_owned());
    named.sub == actor.sub
        && by(named) == by(actor)
        && (named.client_id.is_none() || named.client_id == actor.client_id)
}

fn depth(act: Option<&Actor>) -> usize {
    std::iter::successors(act, |actor| actor.act.as_deref()).count()
}
