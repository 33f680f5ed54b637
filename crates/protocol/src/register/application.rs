//! `application_type` and `redirect_uris` (OpenID Connect Dynamic Client Registration 2, RFC 8252 7).

use grantor_types::{ApplicationType, GrantType, MAX_URI_LENGTH, RedirectUri, UriError};

use super::document::{Document, Refusal};
use super::{Context, Wanted};
use crate::Cause;

const MEMBER: &str = "redirect_uris";

pub(super) fn read(context: &Context<'_>, document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    let texts = document.list(MEMBER, MAX_URI_LENGTH)?.unwrap_or_default();
    let uris = texts.into_iter().map(|text| {
        let uri = RedirectUri::parse(text).map_err(|error| Refusal::of(MEMBER, cause(error)))?;
        Ok((Kind::of(&uri), uri))
    });
    let uris: Vec<(Kind, RedirectUri)> = uris.collect::<Result<_, Refusal>>()?;
    let stated = document.word("application_type", ApplicationType::from_name)?;
    // The default is web. Clients of RFC 7591 alone do not know the member; that they run on the device shows in where
    // they want their answers.
    let on_device = !uris.is_empty() && uris.iter().all(|(kind, _)| *kind != Kind::Https);
    let inferred = match on_device && !context.allows_loopback() {
        true => ApplicationType::Native,
        false => inferred_in_development(&uris),
    };
    wanted.application_type = stated.unwrap_or(inferred);
    if let Some(cause) = uris
        .iter()
        .find_map(|(kind, _)| refused(context, wanted.application_type, *kind))
    {
        return Err(Refusal::of(MEMBER, cause));
    }
    wanted.redirect_uris = uris.into_iter().map(|(_, uri)| uri).collect();
    Ok(())
}

/// In development web applications are on loopback too, so only a scheme of its own tells.
fn inferred_in_development(uris: &[(Kind, RedirectUri)]) -> ApplicationType {
    let own_scheme = |(kind, _): &(Kind, RedirectUri)| matches!(kind, Kind::PrivateUse { .. });
    match uris.iter().any(own_scheme) {
        true => ApplicationType::Native,
        false => ApplicationType::Web,
    }
}

/// "For clients that use redirect-based grant types such as "authorization_code" and "implicit", authorization servers MUST
/// require clients to register their redirection URI values." (RFC 7591 5)
pub(super) fn check_presence(wanted: &Wanted) -> Result<(), Refusal> {
    if wanted.uses(GrantType::AuthorizationCode) && wanted.redirect_uris.is_empty() {
        return Err(Refusal::of(MEMBER, Cause::RegistrationRedirectUriMissing));
    }
    Ok(())
}

/// A URI that is held to the same rules as `redirect_uris`.
pub(super) fn is_allowed(context: &Context<'_>, application: ApplicationType, uri: &RedirectUri) -> bool {
    refused(context, application, Kind::of(uri)).is_none()
}

/// Where a redirect URI leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Https,
    Loopback,
    PrivateUse { reverse_domain: bool },
}

impl Kind {
    fn of(uri: &RedirectUri) -> Self {
        let scheme = uri.as_str().split(':').next().unwrap_or_default();
        if scheme.eq_ignore_ascii_case("https") {
            Self::Https
        } else if scheme.eq_ignore_ascii_case("http") {
            // Plain http to any other host is no redirect URI at all.
            Self::Loopback
        } else {
            // "At a minimum, any private-use URI scheme that doesn't contain a period character (".") SHOULD be
            // rejected." (RFC 8252 8.4)
            Self::PrivateUse {
                reverse_domain: scheme.contains('.'),
            }
        }
    }
}

/// "Web Clients using the OAuth Implicit Grant Type MUST only register URLs using the https scheme as redirect_uris; they
/// MUST NOT use localhost as the hostname. Native Clients MUST only register redirect_uris using custom URI schemes or
/// loopback URLs using the http scheme" (OpenID Connect Dynamic Client Registration 2). Here the first holds for every web
/// client, and RFC 8252 7.2 adds https that an app has claimed.
fn refused(context: &Context<'_>, application: ApplicationType, kind: Kind) -> Option<Cause> {
    match (application, kind) {
        (ApplicationType::Web | ApplicationType::Native, Kind::Https)
        | (ApplicationType::Native, Kind::Loopback | Kind::PrivateUse { reverse_domain: true }) => None,
        (ApplicationType::Web, Kind::Loopback) if context.allows_loopback() => None,
        (ApplicationType::Web, Kind::Loopback | Kind::PrivateUse { .. }) => {
            Some(Cause::RegistrationRedirectUriOfWeb)
        }
        (
            ApplicationType::Native,
            Kind::PrivateUse {
                reverse_domain: false,
            },
        ) => Some(Cause::RegistrationRedirectUriOfNative),
    }
}

fn cause(error: UriError) -> Cause {
    match error {
        // "The endpoint URI MUST NOT include a fragment component." (RFC 6749 3.1.2)
        UriError::Fragment => Cause::RegistrationRedirectUriFragment,
        UriError::InsecureScheme | UriError::ForbiddenScheme => Cause::RegistrationRedirectUriForbidden,
        UriError::NotAbsolute
        | UriError::TooLong
        | UriError::UserInformation
        | UriError::Query
        | UriError::Character
        | UriError::Path => Cause::RegistrationRedirectUriMalformed,
    }
}
