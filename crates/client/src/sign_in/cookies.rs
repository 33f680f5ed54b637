//! The cookies of a browser.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use cookie::{Cookie, SameSite, time};
use grantor_types::Seconds;

/// "__Host-" cookies are Secure, for this host alone and for every path, or the browser drops them.
const PREFIX: &str = "__Host-";

/// How cookies are read and written.
pub(super) struct Cookies {
    is_https: bool,
}

impl Cookies {
    pub(super) fn new(is_https: bool) -> Self {
        Self { is_https }
    }

    /// The value of one.
    pub(super) fn read(&self, headers: &HeaderMap, name: &str) -> Option<String> {
        let name = self.name(name);
        all(headers)
            .find(|cookie| cookie.name() == name)
            .map(|cookie| cookie.value().to_owned())
    }

    /// The names of those that begin so, as [`read`](Self::read) takes them.
    pub(super) fn beginning(&self, headers: &HeaderMap, with: &str) -> Vec<String> {
        let own = |cookie: Cookie<'_>| {
            let name = match self.is_https {
                true => cookie.name().strip_prefix(PREFIX)?,
                false => cookie.name(),
            };
            name.starts_with(with).then(|| name.to_owned())
        };
        all(headers).filter_map(own).collect()
    }

    /// A header that sets one for so long.
    pub(super) fn set(&self, name: &str, value: String, lifetime: Seconds) -> String {
        let seconds = i64::try_from(lifetime.0).unwrap_or(i64::MAX);
        let cookie = self.build(name, value).max_age(time::Duration::seconds(seconds));
        cookie.build().to_string()
    }

    /// A header that takes one away.
    pub(super) fn remove(&self, name: &str) -> String {
        let mut gone = self.build(name, String::new()).build();
        gone.make_removal();
        gone.to_string()
    }

    fn build(&self, name: &str, value: String) -> cookie::CookieBuilder<'static> {
        Cookie::build((self.name(name), value))
            .path("/")
            .http_only(true)
            // The provider sends the browser back from another site: "Strict" would keep the cookie from the callback.
            .same_site(SameSite::Lax)
            .secure(self.is_https)
    }

    fn name(&self, name: &str) -> String {
        match self.is_https {
            true => format!("{PREFIX}{name}"),
            false => name.to_owned(),
        }
    }
}

fn all(headers: &HeaderMap) -> impl Iterator<Item = Cookie<'_>> {
    let texts = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| Cookie::split_parse(text).flatten())
}

/// Whether an address is a path of this application: a browser takes `//host` and `/\host` for other hosts.
pub(super) fn is_local(address: &str) -> bool {
    let mut bytes = address.bytes();
    bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_addresses() {
        for local in ["/", "/a", "/a/b?c=d&e=%2F%2Fx#f", "/a//b"] {
            assert!(is_local(local), "{local}");
        }
        for other in [
            "",
            "a",
            "//a",
            "/\\a",
            "https://a",
            "/a\nb",
            "/a b",
            "/a\\b",
            "javascript:alert(1)",
            "/\u{e9}",
        ] {
            assert!(!is_local(other), "{other}");
        }
    }

    #[test]
    fn names_and_attributes() {
        let (https, http) = (Cookies::new(true), Cookies::new(false));
        let set = https.set("session", "x".to_owned(), Seconds(60));
        assert_eq!(
            set,
            "__Host-session=x; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60"
        );
        let set = http.set("session", "x".to_owned(), Seconds(60));
        assert_eq!(set, "session=x; HttpOnly; SameSite=Lax; Path=/; Max-Age=60");
        assert!(
            https
                .remove("session")
                .contains("__Host-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0")
        );
        let mut headers = HeaderMap::new();
        headers.append(
            COOKIE,
            "session=weak; __Host-session=good; __Host-login-a=1"
                .parse()
                .unwrap(),
        );
        headers.append(COOKIE, "__Host-login-b=2; =; x".parse().unwrap());
        assert_eq!(https.read(&headers, "session").as_deref(), Some("good"));
        assert_eq!(http.read(&headers, "session").as_deref(), Some("weak"));
        assert_eq!(https.beginning(&headers, "login-"), ["login-a", "login-b"]);
        assert_eq!(https.read(&headers, "nothing"), None);
    }
}
