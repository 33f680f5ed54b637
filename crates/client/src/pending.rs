//! Between the browser's going and its coming back.

use grantor_jose::digest::constant_time_eq;
use grantor_types::{Parameters, Scope, Seconds, Secret, SecretBytes};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize as _;

use crate::answer::{classified, refusal_in};
use crate::{Error, InvalidAnswer};

/// What is said to be malformed when the parameters cannot be told apart, so that nobody knows whose they are.
pub(crate) const UNREADABLE: &str = "the callback";

/// An authorization request that is under way: what has to be kept, for this browser alone, until it comes back.
///
/// Keep it where only this user's session reaches it: on the server beside the session, or in a cookie that is encrypted
/// (`HttpOnly`, `Secure`, `SameSite=Lax`). It holds secrets; [`export`](Self::export) and [`import`](Self::import) turn it
/// into a text and back.
#[derive(Clone)]
pub struct PendingAuthorization(pub(crate) Pending);

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
    pub(crate) nonce: Option<String>,
    pub(crate) verifier: Option<String>,
    pub(crate) scope: Scope,
    pub(crate) max_age: Option<Seconds>,
    pub(crate) iss_required: bool,
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.state.zeroize();
        self.nonce.zeroize();
        self.verifier.zeroize();
    }
}

/// The parameters of an authorization response that belongs to a request of ours, in the same browser, from the provider
/// that was asked. [`Client::exchange`](crate::Client::exchange) takes nothing else, and only
/// [`PendingAuthorization::validate`] makes one.
///
/// ```no_run
/// # async fn example(client: &grantor_client::Client, kept: &grantor_client::Secret) -> Result<(), grantor_client::Error> {
/// use grantor_client::{PendingAuthorization, ValidatedCallback};
///
/// let pending = PendingAuthorization::import(kept)?;
/// let callback: ValidatedCallback = pending.validate("/callback?code=…&state=…")?;
/// let tokens = client.exchange(callback).await?;
/// # Ok(())
/// # }
/// ```
pub struct ValidatedCallback {
    pub(crate) code: Secret,
    pub(crate) pending: Pending,
}

impl PendingAuthorization {
    /// Looks at what the browser brought back: the query of the redirect (with or without the address before it), or the
    /// form of `response_mode=form_post`.
    ///
    /// # Errors
    /// [`InvalidAnswer::State`]: it belongs to no request of this browser, or was made up. [`InvalidAnswer::ResponseIssuer`]:
    /// another provider sent it. [`Error::UserRequired`] or [`Error::Refused`]: the provider's own error.
    /// [`InvalidAnswer::Member`]: a parameter stands twice, or there is no code.
    pub fn validate(self, callback: &str) -> Result<ValidatedCallback, Error> {
        let code = self.check(callback)?;
        let pending = self.0;
        Ok(ValidatedCallback { code, pending })
    }

    /// The code, if all is well.
    pub(crate) fn check(&self, callback: &str) -> Result<Secret, Error> {
        // A question mark may also stand in a value.
        let (before, after) = callback.split_once('?').unwrap_or(("", callback));
        let is_address = before.starts_with('/') || before.contains("://") && !before.contains('=');
        let query = if is_address { after } else { callback };
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        let parameters =
            Parameters::parse(query.as_bytes()).map_err(|_| InvalidAnswer::Member(UNREADABLE))?;
        // RFC 6749 §10.12: "The client MUST implement CSRF protection for its redirection URI."
        let state = parameters.value("state").unwrap_or_default();
        if !constant_time_eq(state.as_bytes(), self.0.state.as_bytes()) {
            return Err(InvalidAnswer::State.into());
        }
        // RFC 9207 §2.4: "If the value does not match the expected issuer identifier, clients MUST reject the authorization
        // response and MUST NOT proceed with the authorization grant." "Clients MUST reject authorization responses
        // without the iss parameter from authorization servers that do support the parameter".
        match parameters.value("iss") {
            Some(issuer) if issuer == self.0.issuer => {}
            None if !self.0.iss_required => {}
            Some(_) | None => return Err(InvalidAnswer::ResponseIssuer.into()),
        }
        if parameters.value("error").is_some() {
            let refusal = refusal_in(|name| parameters.value(name), 0);
            return Err(classified(refusal.ok_or(InvalidAnswer::Member("error"))?));
        }
        let code = parameters.value("code").ok_or(InvalidAnswer::Member("code"))?;
        Ok(Secret::new(code))
    }

    /// As text, to keep. It holds the verifier and the nonce: encrypt it wherever others could read it.
    pub fn export(&self) -> Secret {
        // A struct of texts and numbers always becomes JSON, which is text.
        let json = SecretBytes::json(&self.0);
        let json = json.unwrap_or_else(|_| SecretBytes::new([]));
        Secret::new(str::from_utf8(json.expose()).unwrap_or_default())
    }

    /// From the text that [`export`](Self::export) gave.
    ///
    /// # Errors
    /// [`Misuse::Setting`](crate::Misuse::Setting) when it is none.
    pub fn import(text: &Secret) -> Result<Self, Error> {
        let pending = serde_json::from_str(text.expose());
        pending
            .map(Self)
            .map_err(|_| Error::setting("the pending authorization", "it is not what export() has given"))
    }
}

impl std::fmt::Debug for PendingAuthorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "PendingAuthorization(for {} at {})",
            self.0.client_id, self.0.issuer
        )
    }
}

impl std::fmt::Debug for ValidatedCallback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "ValidatedCallback(for {} at {})",
            self.pending.client_id, self.pending.issuer
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn pending(iss_required: bool) -> PendingAuthorization {
        fixture::pending("https://app.example/callback", iss_required)
    }

    fn verdict(iss_required: bool, callback: &str) -> Result<String, Error> {
        let validated = pending(iss_required).validate(callback)?;
        Ok(validated.code.expose().to_owned())
    }

    #[test]
    fn callbacks() {
        use InvalidAnswer::{Member, ResponseIssuer, State};
        let iss = "iss=https%3A%2F%2Fas.example";
        let cases = [
            (format!("code=c&state=the+state&{iss}"), None),
            (
                format!("https://app.example/callback?code=c&state=the+state&{iss}#x"),
                None,
            ),
            (format!("/callback?code=c&state=the+state&{iss}"), None),
            (format!("state=the+state&{iss}&code=c?d"), None),
            (format!("code=c&{iss}"), Some(State)),
            (format!("code=c&state=&{iss}"), Some(State)),
            (format!("code=c&state=the+state2&{iss}"), Some(State)),
            (format!("code=c&state=The+state&{iss}"), Some(State)),
            ("code=c&state=the+state".to_owned(), Some(ResponseIssuer)),
            (
                "code=c&state=the+state&iss=https://as.example/".to_owned(),
                Some(ResponseIssuer),
            ),
            (
                "code=c&state=the+state&iss=https://evil.example".to_owned(),
                Some(ResponseIssuer),
            ),
            (format!("state=the+state&{iss}"), Some(Member("code"))),
            (
                format!("code=c&code=d&state=the+state&{iss}"),
                Some(Member("the callback")),
            ),
            (format!("error=%22&state=the+state&{iss}"), Some(Member("error"))),
            // An error of somebody else is no news of ours.
            (format!("error=access_denied&{iss}"), Some(State)),
            (String::new(), Some(State)),
        ];
        for (callback, expected) in cases {
            let expected = expected.map(Error::InvalidAnswer);
            assert_eq!(verdict(true, &callback).err(), expected, "{callback}");
        }
        assert_eq!(verdict(false, "code=c&state=the+state"), Ok("c".to_owned()));
        assert_eq!(
            verdict(false, "code=c&state=the+state&iss=https://evil.example"),
            Err(Error::InvalidAnswer(ResponseIssuer))
        );
    }

    #[test]
    fn what_the_provider_refuses() {
        let said = |error: &str| {
            verdict(
                false,
                &format!("error={error}&error_description=no&state=the+state"),
            )
        };
        let Err(Error::UserRequired(refusal)) = said("access_denied") else {
            panic!()
        };
        assert_eq!(
            (refusal.code.as_str(), refusal.description.as_deref()),
            ("access_denied", Some("no"))
        );
        assert!(matches!(said("login_required"), Err(Error::UserRequired(_))));
        assert!(matches!(said("invalid_scope"), Err(Error::Refused(_))));
    }

    #[test]
    fn it_can_be_kept_and_does_not_show_itself() {
        let kept = pending(true).export();
        let back = PendingAuthorization::import(&kept).unwrap();
        let iss = "iss=https://as.example";
        assert!(
            back.clone()
                .validate(&format!("code=c&state=the+state&{iss}"))
                .is_ok()
        );
        assert!(!format!("{back:?}").contains("the "));
        assert!(PendingAuthorization::import(&Secret::new("{}")).is_err());
    }
}
