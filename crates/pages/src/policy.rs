//! The Content-Security-Policy the pages are made for.

use url::Url;

/// The value of `Content-Security-Policy` for a page.
///
/// `form_targets` are the addresses, other than the server's own, to which a form of the page leads in the end: the
/// redirect URI of the client on login, consent and choice of account, the `action` of a
/// [`FormPost`](crate::FormPost). Browsers hold `form-action` against redirects too, so a consent form whose answer is
/// a redirect to the app goes nowhere unless the app is named here. Only the scheme and host of each are written; what
/// is no address is left out.
#[must_use]
pub fn content_security_policy(form_targets: &[&str]) -> String {
    let mut policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: data:; \
                      base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        .to_owned();
    for source in form_targets.iter().filter_map(|target| source(target)) {
        policy.push(' ');
        policy.push_str(&source);
    }
    policy
}

/// As [`content_security_policy`], for a page that loads frames from these addresses. Only the scheme and host of each are
/// written.
#[must_use]
pub fn content_security_policy_with_frames(form_targets: &[&str], frames: &[&str]) -> String {
    let mut policy = content_security_policy(form_targets);
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
        let policy = content_security_policy(&["https://app.example/cb?x=1", "com.example.app:/cb"]);
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
            content_security_policy(&[])
        );
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
            let policy = content_security_policy(&[hostile]);
            assert_eq!(policy.matches(';').count(), 6, "{policy}");
            assert!(
                !policy.contains('*') && !policy.contains("javascript:"),
                "{policy}"
            );
        }
    }
}
