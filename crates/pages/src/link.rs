//! Links that come from outside: only those a browser may follow without harm are ever written into a page.

use std::net::IpAddr;

use url::{Host, Url};

/// The link if it is one we show: `https`, or `http` to this machine for development; with a host, without user
/// information (which makes `https://bank.example@evil.example` look like the bank).
///
/// Everything else, `javascript:` and `data:` included, is `None`, and the page is drawn as if it had not been given.
#[must_use]
pub(crate) fn web_link(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let host = url.host()?;
    let safe = match url.scheme() {
        "https" => true,
        "http" => is_loopback(&host),
        _ => false,
    };
    (safe && url.username().is_empty() && url.password().is_none()).then(|| url.to_string())
}

/// The address if a person may be led back to it: a link that is shown, or an address of an app's own scheme.
///
/// The server has matched it against the client's registration before. This is the second lock: a link never runs a
/// script.
#[must_use]
pub(crate) fn return_link(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    match url.scheme() {
        "http" | "https" => web_link(text).map(|_| text.to_owned()),
        "javascript" | "data" | "vbscript" | "blob" | "filesystem" | "file" | "about" => None,
        _app => Some(text.to_owned()),
    }
}

/// The address if a form may be posted to it: `http` or `https`.
///
/// The server has matched a redirect URI against the client's registration before it gets here. This is the second
/// lock: a form never runs a script.
#[must_use]
pub(crate) fn form_target(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| text.to_owned())
}

/// The host of an address for people to read; the text itself when it is no address.
#[must_use]
pub(crate) fn host_of(text: &str) -> String {
    let host = Url::parse(text).ok().and_then(|url| {
        let host = url.host_str()?;
        Some(
            url.port()
                .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        )
    });
    host.unwrap_or_else(|| text.to_owned())
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => IpAddr::V4(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::{form_target, host_of, return_link, web_link};

    #[test]
    fn only_harmless_links_are_shown() {
        for good in [
            "https://app.example/logo.png",
            "http://localhost:8080/logo.png",
            "http://127.0.0.1/terms",
            "http://[::1]:3000/",
        ] {
            assert_eq!(web_link(good).as_deref(), Some(good));
        }
        for bad in [
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "http://app.example/logo.png",
            "http://localhost.evil.example/",
            "//evil.example/",
            "/relative",
            "vbscript:x",
            "https://bank.example@evil.example/",
            "ftp://app.example/",
            "",
        ] {
            assert_eq!(web_link(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_link_cannot_leave_its_attribute() {
        let link = web_link("https://app.example/\"><script>").unwrap();
        assert!(!link.contains('"') && !link.contains('<'), "{link}");
    }

    #[test]
    fn people_are_led_back_to_apps_and_never_to_a_script() {
        for good in ["https://app.example/out?state=a+b", "com.example.app:/out"] {
            assert_eq!(return_link(good).as_deref(), Some(good));
        }
        for bad in [
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "http://app.example/out",
            "https://bank.example@evil.example/",
            "/out",
            "",
        ] {
            assert_eq!(return_link(bad), None, "{bad}");
        }
    }

    #[test]
    fn forms_go_to_web_addresses_only() {
        assert!(form_target("https://app.example/cb?x=1").is_some());
        assert!(form_target("http://app.test:8080/cb").is_some());
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "com.app:/cb",
            "/cb",
            "",
        ] {
            assert_eq!(form_target(bad), None, "{bad}");
        }
    }

    #[test]
    fn hosts_keep_their_port() {
        assert_eq!(host_of("https://id.example/tenant"), "id.example");
        assert_eq!(host_of("http://127.0.0.1:4000"), "127.0.0.1:4000");
        assert_eq!(host_of("not an address"), "not an address");
    }
}
