//! How well a login proves who somebody is: `acr` and `amr`
//! ([OpenID Connect Core 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken),
//! [RFC 8176](https://www.rfc-editor.org/rfc/rfc8176)).

use grantor_types::ClaimsRequest;

use crate::Cause;

/// An authentication context class: its name, and the methods that a login must have used for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthenticationContext {
    /// The `acr` value.
    pub name: &'static str,
    /// The `amr` values that all have to be there.
    pub methods: &'static [&'static str],
}

/// Every class, strongest first. The names are the levels of ISO/IEC 29115, as OpenID Connect Core 2 suggests.
pub const AUTHENTICATION_CONTEXTS: &[AuthenticationContext] = &[AuthenticationContext {
    name: "1",
    methods: &["pwd"],
}];

impl AuthenticationContext {
    fn is_met_by(&self, methods: &[String]) -> bool {
        self.methods
            .iter()
            .all(|wanted| methods.iter().any(|method| method == wanted))
    }
}

/// The `acr` of an answer: the first of the wanted classes that the login meets; when it meets none of those that are
/// merely wished for, the class that it does meet. Absent when nobody asked: then the claim is not the client's concern.
///
/// # Errors
/// [`Cause::AuthenticationContextUnmet`]: "If the acr Claim is requested as an Essential Claim for the ID Token with a
/// values parameter requesting specific Authentication Context Class Reference values [...] the Authorization Server
/// MUST return an acr Claim Value that matches one of the requested values." Otherwise "the Authorization Server MUST
/// treat that outcome as a failed authentication attempt." (OpenID Connect Core 5.5.1.1)
pub fn context_class(
    acr_values: &[String],
    claims: &ClaimsRequest,
    methods: &[String],
) -> Result<Option<String>, Cause> {
    let requested = claims.id_token.get("acr").or_else(|| claims.userinfo.get("acr"));
    let by_claim = requested.and_then(Option::as_ref);
    let named = by_claim
        .into_iter()
        .flat_map(|claim| claim.wanted())
        .filter_map(|value| value.as_str());
    let wanted: Vec<&str> = named.chain(acr_values.iter().map(String::as_str)).collect();
    if wanted.is_empty() && requested.is_none() {
        return Ok(None);
    }
    let met = |name: &&str| {
        let known = AUTHENTICATION_CONTEXTS
            .iter()
            .find(|context| context.name == *name);
        known.is_some_and(|context| context.is_met_by(methods))
    };
    if let Some(name) = wanted.iter().copied().find(met) {
        return Ok(Some(name.to_owned()));
    }
    if by_claim.is_some_and(|claim| claim.essential && claim.wanted().next().is_some()) {
        return Err(Cause::AuthenticationContextUnmet);
    }
    let best = AUTHENTICATION_CONTEXTS
        .iter()
        .find(|context| context.is_met_by(methods));
    Ok(best.map(|context| context.name.to_owned()))
}

#[cfg(test)]
mod tests {
    use grantor_types::{ClaimRequest, ClaimsRequest};
    use serde_json::json;

    use super::context_class;
    use crate::Cause;

    fn by_claim(claim: Option<ClaimRequest>) -> ClaimsRequest {
        ClaimsRequest {
            id_token: [("acr".to_owned(), claim)].into(),
            ..ClaimsRequest::default()
        }
    }

    #[test]
    fn what_is_asked_for_and_met() {
        let essential = |values: serde_json::Value| {
            by_claim(Some(ClaimRequest {
                essential: true,
                value: None,
                values: serde_json::from_value(values).unwrap(),
            }))
        };
        let nothing = ClaimsRequest::default;
        let unmet = || Err(Cause::AuthenticationContextUnmet);
        let one = || Ok(Some("1".to_owned()));
        for (acr_values, claims, methods, expected) in [
            ("", nothing(), "pwd", Ok(None)),
            ("1", nothing(), "pwd", one()),
            ("2 1", nothing(), "pwd", one()),
            ("2", nothing(), "pwd", one()),
            ("2", nothing(), "", Ok(None)),
            ("", by_claim(None), "pwd", one()),
            ("", essential(json!(["1"])), "pwd", one()),
            ("", essential(json!(["9", "1"])), "pwd", one()),
            ("", essential(json!(["9"])), "pwd", unmet()),
            ("", essential(json!(["1"])), "", unmet()),
            ("", essential(json!([])), "pwd", one()),
            ("1", essential(json!(["9"])), "pwd", one()),
        ] {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let found = context_class(&words(acr_values), &claims, &words(methods));
            assert_eq!(found, expected, "{acr_values:?} {claims:?} {methods:?}");
        }
    }
}
