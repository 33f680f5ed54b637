//! Claims about the user ([OpenID Connect Core §5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)).

use grantor_fetch::{Request, Response};
use grantor_jose::{Expectation, Type, verify};
use grantor_types::SigningAlgorithm;
use http::header::{ACCEPT, HeaderValue};
use serde_json::{Map, Value};

use crate::answer::{Effect, object, refusal_in, success, text};
use crate::decryption::{claims, signed_jwt};
use crate::{Challenge, Client, Endpoint, Error, IdTokenError, InvalidAnswer, Refusal, Tokens};

/// What the provider says about the user.
#[derive(Clone, PartialEq)]
pub struct UserInfo(Map<String, Value>);

impl UserInfo {
    #[cfg(feature = "axum")]
    pub(crate) fn of(claims: Map<String, Value>) -> Self {
        Self(claims)
    }

    /// What an ID token says, where there is no userinfo endpoint to ask.
    #[cfg(feature = "axum")]
    pub(crate) fn of_id_token(tokens: &Tokens) -> Self {
        let mut claims = Map::new();
        if let Some(token) = &tokens.id_token {
            claims.clone_from(&token.claims().extra);
            claims.insert("sub".to_owned(), token.subject().into());
        }
        Self(claims)
    }

    /// The user.
    pub fn subject(&self) -> &str {
        self.text("sub").unwrap_or_default()
    }

    /// The name to show.
    pub fn name(&self) -> Option<&str> {
        self.text("name")
    }

    /// The e-mail address, if the provider says that it is the user's. An address that is not verified is anybody's: it is
    /// in [`claims`](Self::claims), and identifies nobody.
    pub fn verified_email(&self) -> Option<&str> {
        let is_verified = self.0.get("email_verified") == Some(&Value::Bool(true));
        self.text("email").filter(|_| is_verified)
    }

    /// All claims.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.0
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }
}

/// Names only: the values are personal.
impl std::fmt::Debug for UserInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Client {
    /// Asks who the user is, and holds the answer against the ID token.
    ///
    /// ```no_run
    /// # async fn example(client: &grantor_client::Client, tokens: &grantor_client::Tokens) -> Result<(), grantor_client::Error> {
    /// use grantor_client::UserInfo;
    ///
    /// let user: UserInfo = client.userinfo(tokens).await?;
    /// println!("{} {:?}", user.subject(), user.verified_email());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Misuse::Setting`](crate::Misuse::Setting) when the tokens do not say whose they are; [`InvalidAnswer::Userinfo`] when the answer is about
    /// somebody else or its signature is not good; [`Error::Refused`] with `invalid_token` when the access token is over.
    pub async fn userinfo(&self, tokens: &Tokens) -> Result<UserInfo, Error> {
        let subject = tokens.subject.as_ref();
        let subject = subject.ok_or(Error::setting(
            "userinfo",
            "no ID token has said whose tokens these are",
        ))?;
        let info = self.danger_userinfo_of_whomever(tokens).await?;
        // OpenID Connect Core §5.3.2: "The sub Claim in the UserInfo Response MUST be verified to exactly match the sub
        // Claim in the ID Token; if they do not match, the UserInfo Response values MUST NOT be used."
        if info.subject() != subject {
            return Err(InvalidAnswer::Userinfo(IdTokenError::Subject).into());
        }
        Ok(info)
    }

    /// As [`userinfo`](Self::userinfo), but takes whatever user the answer is about. An access token that was swapped for
    /// another one's is not noticed.
    ///
    /// ```no_run
    /// # async fn example(github: &grantor_client::Client, tokens: &grantor_client::Tokens) -> Result<(), grantor_client::Error> {
    /// let account = github.danger_userinfo_of_whomever(tokens).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`userinfo`](Self::userinfo), but for the subject.
    pub async fn danger_userinfo_of_whomever(&self, tokens: &Tokens) -> Result<UserInfo, Error> {
        let url = self.url(Endpoint::Userinfo)?;
        let (signature, decryption) = {
            let inner = self.inner();
            (inner.userinfo_algorithm, inner.userinfo_decryption.as_ref())
        };
        let accept = match (signature, decryption) {
            (None, None) => HeaderValue::from_static("application/json"),
            (Some(_), _) | (None, Some(_)) => HeaderValue::from_static("application/jwt"),
        };
        let request = Request::get(url.clone())
            .header(ACCEPT, accept)
            .limits(self.inner().limits);
        let response = self.call(tokens, request).await?;
        let response = self.inner().deviations.mend(Endpoint::Userinfo, response);
        if let Some(refusal) = challenge(&response) {
            return Err(Error::Refused(refusal));
        }
        let claims = match (signature, decryption) {
            (None, None) => object(&response, Effect::Repeatable)?,
            (Some(algorithm), _) => self.signed_claims(jwt(&response)?, algorithm).await?,
            // Nobody has signed these claims; they are the provider's because they come over TLS from there.
            (None, Some(decryption)) => claims(jwt(&response)?, decryption)?,
        };
        // "The sub (subject) Claim MUST always be returned in the UserInfo Response."
        text(&claims, "sub")?;
        Ok(UserInfo(claims))
    }

    /// §5.3.2: "If signed, the UserInfo Response MUST contain the Claims iss (issuer) and aud (audience) as members." "The
    /// iss value MUST be the OP's Issuer Identifier URL. The aud value MUST be or include the RP's Client ID value."
    async fn signed_claims(
        &self,
        token: &str,
        algorithm: SigningAlgorithm,
    ) -> Result<Map<String, Value>, Error> {
        let inner = self.inner();
        let token = signed_jwt(token, inner.userinfo_decryption.as_ref());
        let token = token.map_err(InvalidAnswer::Userinfo)?;
        let algorithms = [algorithm];
        let now = self.now().as_seconds();
        let expectation = Expectation::new(Type::Jwt, inner.metadata.issuer(), self.client_id(), now)
            .algorithms(&algorithms)
            .leeway(inner.leeway.0)
            .expiry_optional();
        let verified = self
            .with_keys(|keys| verify::<Map<String, Value>>(token.expose(), &keys.keys, &expectation))
            .await?;
        let verified = verified.map_err(|error| InvalidAnswer::Userinfo(IdTokenError::Token(error)))?;
        Ok(verified.into_claims())
    }
}

/// The token that an answer is. §5.3.2: "If the UserInfo Response is signed and/or encrypted, then the Claims are returned in
/// a JWT and the content-type MUST be application/jwt."
fn jwt(response: &Response) -> Result<&str, Error> {
    success(response, Effect::Repeatable)?;
    let media_type = response.media_type().unwrap_or_default();
    if media_type != "application/jwt" {
        return Err(InvalidAnswer::MediaType(media_type).into());
    }
    Ok(std::str::from_utf8(&response.body).map_err(|_| InvalidAnswer::Json)?)
}

/// The refusal in a challenge (RFC 6750 §3).
fn challenge(response: &Response) -> Option<Refusal> {
    let status = response.status.as_u16();
    if !matches!(status, 401 | 403) {
        return None;
    }
    let challenges = Challenge::all(&response.headers);
    let refused = |challenge: &Challenge| refusal_in(|name| challenge.parameter(name), status);
    challenges.iter().find_map(refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::response;
    use http::header::WWW_AUTHENTICATE;

    /// The status is that of the answer, the rest what is found in its challenge.
    fn found(status: u16, challenges: &[&str]) -> Option<(String, Option<String>)> {
        let mut answer = response(status, "", "");
        for challenge in challenges {
            answer
                .headers
                .append(WWW_AUTHENTICATE, challenge.parse().unwrap());
        }
        let refusal = challenge(&answer)?;
        assert_eq!(refusal.status, status);
        Some((refusal.code, refusal.description))
    }

    #[test]
    fn challenges() {
        let over = r#"Bearer realm="api", error="invalid_token", error_description="it is over""#;
        let said = |code: &str, text: Option<&str>| Some((code.to_owned(), text.map(str::to_owned)));
        for (status, challenges, expected) in [
            (401, &[over][..], said("invalid_token", Some("it is over"))),
            (
                403,
                &[r#"Bearer error="insufficient_scope""#],
                said("insufficient_scope", None),
            ),
            (
                401,
                &[r#"DPoP algs="ES256""#, over],
                said("invalid_token", Some("it is over")),
            ),
            (401, &[r#"Bearer realm="api""#], None),
            (401, &[r#"Bearer error="unfinished"#], None),
            (401, &[], None),
            (400, &[over], None),
            (200, &[over], None),
        ] {
            assert_eq!(found(status, challenges), expected, "{status} {challenges:?}");
        }
        let long = format!(r#"Bearer error="x", error_description="{}""#, "a".repeat(600));
        assert_eq!(found(401, &[&long]), said("x", Some(&"a".repeat(500))));
    }
}
