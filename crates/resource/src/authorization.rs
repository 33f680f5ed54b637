//! Finding the token in a request ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1), [RFC 9449 §7.1]).
//!
//! [RFC 9449 §7.1]: https://www.rfc-editor.org/rfc/rfc9449#section-7.1

use grantor_types::AccessTokenScheme;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Uri};

use crate::Cause;

/// The access token of a request and its scheme, if it has one. Other authentication schemes are nobody's concern here.
///
/// Only the `Authorization` header is read. OAuth 2.1 §5.2 dropped the query parameter, because URLs end up in logs;
/// a request that uses it is refused rather than overlooked, so that its author learns of it.
pub(crate) fn token<'a>(
    headers: &'a HeaderMap,
    uri: &Uri,
) -> Result<Option<(AccessTokenScheme, &'a str)>, Cause> {
    if names_token(uri.query().unwrap_or_default()) {
        return Err(Cause::TokenInQuery);
    }
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    // RFC 6750 §3.1, invalid_request: "uses more than one method for including an access token".
    if values.next().is_some() {
        return Err(Cause::RepeatedHeader);
    }
    let text = value.to_str().map_err(|_| Cause::MalformedHeader)?;
    let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
    // RFC 9110 §11.1: the scheme is "a case-insensitive token".
    let Some(scheme) = AccessTokenScheme::from_name_ignoring_case(scheme) else {
        return Ok(None);
    };
    let token = rest.trim_start_matches(' ');
    if is_b64token(token) {
        Ok(Some((scheme, token)))
    } else {
        Err(Cause::MalformedHeader)
    }
}

fn names_token(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token")
}

/// RFC 6750 §2.1: `b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    !body.is_empty() && body.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(headers: &[&str], uri: &str) -> Result<Option<(AccessTokenScheme, String)>, Cause> {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(AUTHORIZATION, header.parse().unwrap());
        }
        token(&map, &uri.parse().unwrap())
            .map(|found| found.map(|(scheme, token)| (scheme, token.to_owned())))
    }

    #[test]
    fn the_header_is_the_only_place() {
        let found = |token: &str| Ok(Some((AccessTokenScheme::Bearer, token.to_owned())));
        let cases = [
            (&[][..], "/", Ok(None)),
            (&["Bearer a.b-c_d~e+f/g=="], "/", found("a.b-c_d~e+f/g==")),
            (&["bearer x"], "/", found("x")),
            (&["BEARER   x"], "/?q=access_token", found("x")),
            (&["Basic eDp5"], "/", Ok(None)),
            (
                &["DPoP x"],
                "/",
                Ok(Some((AccessTokenScheme::Dpop, "x".to_owned()))),
            ),
            (&["dpop"], "/", Err(Cause::MalformedHeader)),
            (&["Bearerx y"], "/", Ok(None)),
            (&["Bearer"], "/", Err(Cause::MalformedHeader)),
            (&["Bearer "], "/", Err(Cause::MalformedHeader)),
            (&["Bearer ="], "/", Err(Cause::MalformedHeader)),
            (&["Bearer a b"], "/", Err(Cause::MalformedHeader)),
            (&["Bearer a=b"], "/", Err(Cause::MalformedHeader)),
            (&["Bearer a,b"], "/", Err(Cause::MalformedHeader)),
            (&["Bearer\ta"], "/", Ok(None)),
            (&["Bearer é"], "/", Err(Cause::MalformedHeader)),
            (&["Bearer a", "Bearer a"], "/", Err(Cause::RepeatedHeader)),
            (&["Bearer a", "Basic eDp5"], "/", Err(Cause::RepeatedHeader)),
            (&[], "/?access_token=a", Err(Cause::TokenInQuery)),
            (&[], "/?x=1&access%5Ftoken=", Err(Cause::TokenInQuery)),
            (&["Bearer a"], "/?access_token=a", Err(Cause::TokenInQuery)),
        ];
        for (headers, uri, expected) in cases {
            assert_eq!(find(headers, uri), expected, "{headers:?} {uri}");
        }
    }
}
