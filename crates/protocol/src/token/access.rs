//! Access tokens ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068)).

use grantor_types::{
    AccessTokenClaims, Audience, Confirmation, Resource, Scope, Seconds, SigningAlgorithm, Thumbprint,
    Timestamp, TokenFormat, TokenId,
};

use crate::record::{Client, Grant, ResourceServer};
use crate::subject::subject;
use crate::{Cx, Random};

/// The claims of an access token and how to seal them.
#[derive(Clone, Debug)]
pub struct UnsignedAccessToken {
    /// What it says.
    pub claims: AccessTokenClaims,
    /// A JWT or sealed claims.
    pub format: TokenFormat,
    /// The algorithm of a JWT.
    pub algorithm: SigningAlgorithm,
}

/// Whom and what an access token is for.
pub(crate) struct AccessTokenFor<'a> {
    pub(crate) client: &'a Client,
    /// The grant of a user; absent when the client acts for itself.
    pub(crate) grant: Option<&'a Grant>,
    pub(crate) scope: &'a Scope,
    pub(crate) resources: &'a [Resource],
    /// When its grant ends, which no token outlives; absent when the client acts for itself.
    pub(crate) until: Option<Timestamp>,
    /// The key that it is bound to.
    pub(crate) dpop_key: Option<Thumbprint>,
}

/// Builds an access token. What a resource server declares comes before what the client declares, and that before
/// policy; with several resource servers the strictest of them counts.
pub(crate) fn access_token(cx: &Cx<'_>, random: &Random, wanted: &AccessTokenFor<'_>) -> UnsignedAccessToken {
    let servers: Vec<&ResourceServer> = cx
        .catalogue
        .resources
        .iter()
        .filter(|server| wanted.resources.contains(&server.id))
        .collect();
    let client = wanted.client;
    let exchange = wanted.grant.and_then(|grant| grant.exchange.as_deref());
    let openid = wanted.grant.and_then(|grant| grant.openid.as_deref());
    let ends = cx.now.plus(lifetime(cx, client, &servers));
    let ends = wanted.until.map_or(ends, |until| ends.min(until));
    UnsignedAccessToken {
        format: format(cx, client, &servers),
        algorithm: servers
            .iter()
            .find_map(|server| server.access_token_algorithm)
            .or(client.access_token_algorithm)
            .unwrap_or(cx.policy.access_token_algorithm),
        claims: AccessTokenClaims {
            iss: cx.issuer.as_str().to_owned(),
            // "In case of access tokens obtained through grants where no resource owner is involved, such as the
            // client credentials grant, the value of "sub" SHOULD correspond to an identifier the authorization
            // server uses to indicate the client application." (RFC 9068 2.2)
            sub: wanted
                .grant
                .map_or_else(|| client.id.to_string(), |grant| subject(cx, client, grant.user)),
            aud: audience(cx, wanted),
            exp: ends.as_seconds(),
            iat: cx.now.as_seconds(),
            jti: TokenId::new(cx.now, random.token),
            client_id: client.id.clone(),
            scope: wanted.scope.clone(),
            auth_time: wanted.grant.map(|grant| grant.auth_time.as_seconds()),
            acr: openid.and_then(|openid| openid.acr.clone()),
            grant: wanted.grant.map(|grant| grant.id),
            cnf: wanted.dpop_key.map(|jkt| Confirmation { jkt }),
            act: exchange.and_then(|exchange| exchange.act.clone()),
            may_act: exchange.and_then(|exchange| exchange.may_act.clone()),
            ancestors: exchange
                .map(|exchange| exchange.tokens.clone())
                .unwrap_or_default(),
            userinfo_claims: openid
                .map(|openid| openid.claims.userinfo.keys().cloned().collect())
                .unwrap_or_default(),
            claims_locales: openid
                .map(|openid| openid.claims_locales.clone())
                .unwrap_or_default(),
            ancestor_grants: exchange
                .map(|exchange| exchange.grants.clone())
                .unwrap_or_default(),
        },
    }
}

fn lifetime(cx: &Cx<'_>, client: &Client, servers: &[&ResourceServer]) -> Seconds {
    servers
        .iter()
        .filter_map(|server| server.access_token_lifetime)
        .min()
        .or(client.lifetimes.access_token)
        .unwrap_or(cx.policy.access_token_lifetime)
}

fn format(cx: &Cx<'_>, client: &Client, servers: &[&ResourceServer]) -> TokenFormat {
    if servers
        .iter()
        .any(|server| server.access_token_format == Some(TokenFormat::Opaque))
    {
        return TokenFormat::Opaque;
    }
    servers
        .iter()
        .find_map(|server| server.access_token_format)
        .or(client.access_token_format)
        .unwrap_or(cx.policy.access_token_format)
}

/// "If the request does not include a "resource" parameter, the authorization server MUST use a default resource
/// indicator in the "aud" claim." (RFC 9068 3). With `openid` the issuer is an audience too: userinfo is its resource.
fn audience(cx: &Cx<'_>, wanted: &AccessTokenFor<'_>) -> Audience {
    let issuer = cx.issuer.as_str().to_owned();
    let asked: Vec<String> = wanted.resources.iter().map(Resource::to_string).collect();
    let mut values = match &cx.policy.default_audience {
        Some(resource) if asked.is_empty() => vec![resource.to_string()],
        Some(_) | None => asked,
    };
    let for_userinfo = wanted.scope.contains("openid") && !values.contains(&issuer);
    if values.is_empty() || for_userinfo {
        values.push(issuer);
    }
    Audience::of(values)
}

impl UnsignedAccessToken {
    /// Whole seconds until the token ends.
    pub fn expires_in(&self) -> u64 {
        self.claims.exp.saturating_sub(self.claims.iat)
    }

    /// When the token ends.
    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.claims.exp)
    }
}

#[cfg(test)]
mod tests;
