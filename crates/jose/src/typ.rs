//! The `typ` header: which kind of token this is.

/// A kind of JWT. The signer writes its [media type](Type::as_str) into `typ`, the verifier insists on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `at+jwt`: an access token ([RFC 9068 §2.1]).
    ///
    /// [RFC 9068 §2.1]: https://www.rfc-editor.org/rfc/rfc9068#section-2.1
    AccessToken,
    /// `JWT`: an ID token. OpenID Connect prescribes no `typ`, so one without it is accepted as well.
    IdToken,
    /// `logout+jwt`: a logout token (OpenID Connect Back-Channel Logout §2.4).
    LogoutToken,
    /// `dpop+jwt`: a proof of possession ([RFC 9449 §4.2]). Its header carries the public key instead of a `kid`.
    ///
    /// [RFC 9449 §4.2]: https://www.rfc-editor.org/rfc/rfc9449#section-4.2
    Dpop,
    /// `client-authentication+jwt`: a client's assertion about itself ([RFC 7523]). Clients in the field write `JWT`
    /// or nothing, which is accepted as well.
    ///
    /// [RFC 7523]: https://www.rfc-editor.org/rfc/rfc7523
    ClientAuthentication,
    /// `oauth-authz-req+jwt`: a request object ([RFC 9101 §10.8]). `JWT` or nothing is accepted as well, as that RFC
    /// makes `typ` the client's choice.
    ///
    /// [RFC 9101 §10.8]: https://www.rfc-editor.org/rfc/rfc9101#section-10.8
    RequestObject,
    /// `token-introspection+jwt`: a signed introspection response ([RFC 9701 §5]).
    ///
    /// [RFC 9701 §5]: https://www.rfc-editor.org/rfc/rfc9701#section-5
    Introspection,
    /// `JWT`, or no `typ`: a JWT of a kind that has no media type of its own, such as a signed UserInfo response (OpenID
    /// Connect Core §5.3.2) or a software statement (RFC 7591 §2.3).
    Jwt,
}

impl Type {
    /// Every type, in the order of the variants.
    pub const ALL: [Type; 8] = [
        Self::AccessToken,
        Self::IdToken,
        Self::LogoutToken,
        Self::Dpop,
        Self::ClientAuthentication,
        Self::RequestObject,
        Self::Introspection,
        Self::Jwt,
    ];

    /// The value that is written into `typ`: the media type without `application/`, as [RFC 7515 §4.1.9] recommends.
    ///
    /// [RFC 7515 §4.1.9]: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.9
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "at+jwt",
            Self::IdToken | Self::Jwt => "JWT",
            Self::LogoutToken => "logout+jwt",
            Self::Dpop => "dpop+jwt",
            Self::ClientAuthentication => "client-authentication+jwt",
            Self::RequestObject => "oauth-authz-req+jwt",
            Self::Introspection => "token-introspection+jwt",
        }
    }

    /// Whether a token with this `typ` header is one of ours.
    ///
    /// RFC 9068 §4: "The resource server MUST verify that the 'typ' header value is 'at+jwt' or 'application/at+jwt'
    /// and reject tokens carrying any other value." RFC 7515 §4.1.9: "A recipient using the media type value MUST
    /// treat it as if 'application/' were prepended to any 'typ' value not containing a '/'." Media types are
    /// compared without regard to case (RFC 2045 §5.1).
    pub fn accepts(self, typ: Option<&str>) -> bool {
        match typ {
            None => self.may_be_plain(),
            Some(typ) => {
                same_media_type(typ, self.as_str()) || self.may_be_plain() && same_media_type(typ, "JWT")
            }
        }
    }

    /// Whether the specification leaves `typ` open, so that tokens without it or with `JWT` are in use.
    const fn may_be_plain(self) -> bool {
        match self {
            Self::IdToken | Self::ClientAuthentication | Self::RequestObject | Self::Jwt => true,
            Self::AccessToken | Self::LogoutToken | Self::Dpop | Self::Introspection => false,
        }
    }
}

/// Compares a `typ` or `cty` with a media type, which is given without `application/`.
pub(crate) fn same_media_type(typ: &str, expected: &str) -> bool {
    let prefix = "application/";
    let short = match typ.split_at_checked(prefix.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(prefix) => rest,
        _ => typ,
    };
    short.eq_ignore_ascii_case(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_compared_as_rfc_7515_says() {
        let cases = [
            (Type::AccessToken, Some("at+jwt"), true),
            (Type::AccessToken, Some("AT+JWT"), true),
            (Type::AccessToken, Some("application/at+jwt"), true),
            (Type::AccessToken, Some("Application/At+Jwt"), true),
            (Type::AccessToken, Some("text/at+jwt"), false),
            (Type::AccessToken, Some("application/application/at+jwt"), false),
            (Type::AccessToken, Some("at+jwt "), false),
            (Type::AccessToken, Some("JWT"), false),
            (Type::AccessToken, Some(""), false),
            (Type::AccessToken, None, false),
            (Type::IdToken, None, true),
            (Type::IdToken, Some("jwt"), true),
            (Type::IdToken, Some("at+jwt"), false),
            (Type::IdToken, Some("logout+jwt"), false),
            (Type::LogoutToken, Some("JWT"), false),
            (Type::LogoutToken, Some("logout+jwt"), true),
            (Type::Dpop, None, false),
            (Type::ClientAuthentication, None, true),
            (
                Type::ClientAuthentication,
                Some("client-authentication+jwt"),
                true,
            ),
            (Type::ClientAuthentication, Some("dpop+jwt"), false),
            (Type::ClientAuthentication, Some("at+jwt"), false),
            (Type::RequestObject, Some("oauth-authz-req+jwt"), true),
            (Type::RequestObject, Some("application/oauth-authz-req+jwt"), true),
            (Type::RequestObject, Some("JWT"), true),
            (Type::RequestObject, None, true),
            (Type::RequestObject, Some("client-authentication+jwt"), false),
            (Type::RequestObject, Some("logout+jwt"), false),
            (Type::RequestObject, Some("at+jwt"), false),
            (Type::RequestObject, Some(""), false),
            (Type::Introspection, Some("JWT"), false),
            (Type::Jwt, None, true),
            (Type::Jwt, Some("éééééééé"), false),
        ];
        for (expected, typ, accepted) in cases {
            assert_eq!(expected.accepts(typ), accepted, "{expected:?} {typ:?}");
        }
    }

    #[test]
    fn every_type_accepts_what_it_writes() {
        for typ in Type::ALL {
            assert!(typ.accepts(Some(typ.as_str())));
        }
    }
}
