//! The Content-Security-Policy the pages are made for.

use std::collections::BTreeSet;

use url::Url;

use crate::link::web_link;

/// The value of `Content-Security-Policy` for a page.
///
/// `form_targets` are the addresses, other than the server's own, to which a form of the page leads in the end: the
/// redirect URI of the client on login, consent and choice of account, the `action` of a
/// [`FormPost`](crate::FormPost). Browsers hold `form-action` against redirects too, so a consent form whose answer is
/// a redirect to the app goes nowhere unless the app is named here. Only the scheme and host of each are written; what
/// is no address is left out.
///
/// `images` are the pictures from elsewhere that the page [shows](crate::Page::images): the logo of an app comes from the
/// app's own host and nothing else does, so that an app cannot make a page call others.
#[must_use]
pub fn content_security_policy(form_targets: &[&str], images: &[&str]) -> String {
    let images = sources(images.iter().copied().filter_map(web_link));
    let forms = sources(form_targets.iter().copied());
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:{images}; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'{forms}"
    )
}

/// The sources of these addresses, each once and after a space.
fn sources(addresses: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut seen = BTreeSet::new();
    let sources = addresses.filter_map(|address| source(address.as_ref()));
    let each_once = sources.filter(|source| seen.insert(source.clone()));
    each_once.fold(String::new(), |list, source| list + " " + &source)
}

/// As [`content_security_policy`], for a page that loads frames from these addresses. Only the scheme and host of each are
/// written.
#[must_use]
pub fn content_security_policy_with_frames(images: &[&str], frames: &[&str]) -> String {
    let mut policy = content_security_policy(&[], images);
    let mut origins: Vec<String> = frames.iter().filter_map(|frame| origin(frame)).collect();
    origins.sort();
    origins.dedup();
    if !origins.is_empty() {
        policy.push_str("; frame-src ");
        policy.push_str(&origins.join(" "));
    }
    policy
}

fn origin(frame: &str) -> Option<String> {
    let url = Url::parse(frame).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
}

/// The host source of a web address, the scheme source of an app's own scheme.
fn source(target: &str) -> Option<String> {
    let url = Url::parse(target).ok()?;
    match url.scheme() {
        "javascript" | "data" | "blob" | "filesystem" => None,
        "http" | "https" => Some(url.origin().ascii_serialization()),
        scheme => Some(format!("{scheme}:")),
    }
}

#[cfg(test)]
mod tests {
    use super::{content_security_policy, content_security_policy_with_frames};

    #[test]
    fn forms_may_lead_to_the_app() {
        let policy = content_security_policy(&["https://app.example/cb?x=1", "com.example.app:/cb"], &[]);
        assert!(
            policy.ends_with("form-action 'self' https://app.example com.example.app:"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"));
    }

    #[test]
    fn frames_come_from_the_apps_that_are_told_and_nowhere_else() {
        let frames = [
            "https://b.example/out?sid=1",
            "https://a.example:8443/out",
            "https://b.example/other",
            "javascript:x",
            "data:text/html,x",
            "https://c.example; script-src *",
        ];
        let policy = content_security_policy_with_frames(&[], &frames);
        assert!(
            policy.ends_with("form-action 'self'; frame-src https://a.example:8443 https://b.example"),
            "{policy}"
        );
        assert_eq!(
            content_security_policy_with_frames(&[], &[]),
            content_security_policy(&[], &[])
        );
    }

    #[test]
    fn pictures_come_from_their_own_host_alone() {
        let images = [
            "https://app.example/logo.png?x",
            "https://app.example/2.png",
            "com.example.app:/x",
            "http://a.example/",
        ];
        let policy = content_security_policy(&[], &images);
        assert!(
            policy.contains("img-src 'self' data: https://app.example; "),
            "{policy}"
        );
        assert!(content_security_policy(&[], &[]).contains("img-src 'self' data:; "));
    }

    #[test]
    fn nothing_can_be_added_to_the_policy() {
        for hostile in [
            "https://a.example; script-src *",
            "javascript:x",
            "data:x",
            "*",
            "x; script-src *",
        ] {
            let policy = content_security_policy(&[hostile], &[hostile]);
            assert_eq!(policy.matches(';').count(), 6, "{policy}");
            assert!(
                !policy.contains('*') && !policy.contains("javascript:"),
                "{policy}"
            );
        }
    }
}
