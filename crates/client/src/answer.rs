//! What an answer, or none, means. Pure: a response goes in, a result comes out.

use grantor_fetch::{FetchError, Response};
use grantor_types::Seconds;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use serde_json::{Map, Value};

use crate::{Error, InvalidAnswer, NotApplied, OutcomeUnknown, Refusal, Trouble};

/// Longest text of a provider that is kept, in characters.
const MAX_TEXT: usize = 500;

/// Whether a request can be repeated when its answer is lost.
///
/// ```
/// use grantor_client::answer::{Effect, object, success, without_answer};
/// use grantor_client::{Error, FetchError, Response};
/// use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
/// let body = r#"{"error":"invalid_grant"}"#.into();
/// let refused = Response { status: StatusCode::BAD_REQUEST, headers, body };
/// assert!(matches!(object(&refused, Effect::Consuming), Err(Error::UserRequired(_))));
/// assert!(success(&refused, Effect::Consuming).is_err());
///
/// // Nobody answered: what that means depends on what was asked.
/// let silence = FetchError::TooSlow;
/// assert!(matches!(without_answer(silence.clone(), Effect::Repeatable), Error::NotApplied(_)));
/// assert!(matches!(without_answer(silence, Effect::Consuming), Error::OutcomeUnknown(_)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It reads, or its effect is the same twice.
    Repeatable,
    /// It uses up a code or a refresh token.
    Consuming,
}

/// What it means that there was no answer.
///
/// What ends before anything is sent changed nothing. After that it depends on the [`Effect`].
pub fn without_answer(error: FetchError, effect: Effect) -> Error {
    let was_sent = match error {
        FetchError::TooSlow | FetchError::TooLarge | FetchError::Transport(_) => true,
        FetchError::NotHttps
        | FetchError::UrlRefused
        | FetchError::AddressRefused
        | FetchError::Unresolvable
        | FetchError::NotConnected(_)
        | FetchError::Setup(_) => false,
    };
    match effect {
        Effect::Consuming if was_sent => unknown(error.into()),
        Effect::Repeatable if error == FetchError::TooLarge => InvalidAnswer::TooLarge.into(),
        Effect::Repeatable | Effect::Consuming => not_applied(error.into(), None),
    }
}

/// The JSON object in a success.
///
/// # Errors
/// [`Error`], by the status and what stands in the body.
pub fn object(response: &Response, effect: Effect) -> Result<Map<String, Value>, Error> {
    success(response, effect)?;
    json_object(response).map_err(|answer| lost(answer, effect))
}

/// A success without a body that counts.
///
/// # Errors
/// As [`object`].
pub fn success(response: &Response, effect: Effect) -> Result<(), Error> {
    if response.status.is_success() {
        Ok(())
    } else {
        Err(refusal(response, effect))
    }
}

/// The object in the body, whatever the status.
pub(crate) fn json_object(response: &Response) -> Result<Map<String, Value>, InvalidAnswer> {
    let media_type = response.media_type().unwrap_or_default();
    if media_type != "application/json" && !media_type.ends_with("+json") {
        let shown = response.headers.get(CONTENT_TYPE);
        let shown = shown.map_or("", |value| value.to_str().unwrap_or("?"));
        return Err(InvalidAnswer::MediaType(printable(shown)));
    }
    serde_json::from_slice(&response.body).map_err(|_| InvalidAnswer::Json)
}

/// A text that has to be there, and not empty.
pub(crate) fn text<'a>(
    members: &'a Map<String, Value>,
    name: &'static str,
) -> Result<&'a str, InvalidAnswer> {
    let text = members.get(name).and_then(Value::as_str);
    text.filter(|text| !text.is_empty())
        .ok_or(InvalidAnswer::Member(name))
}

/// An answer that says nothing: the request may have had its effect.
pub(crate) fn lost(answer: InvalidAnswer, effect: Effect) -> Error {
    match effect {
        Effect::Repeatable => answer.into(),
        Effect::Consuming => unknown(answer.into()),
    }
}

/// What an answer that is no success means.
fn refusal(response: &Response, effect: Effect) -> Error {
    let status = response.status.as_u16();
    if response.status.is_redirection() {
        return lost(InvalidAnswer::Redirect(status), effect);
    }
    // RFC 6585 §4: 429 is answered in place of the request's own answer.
    if status == 429 {
        return not_applied(Trouble::Status(status), retry_after(response));
    }
    if response.status.is_server_error() {
        return match effect {
            Effect::Repeatable => not_applied(Trouble::Status(status), retry_after(response)),
            Effect::Consuming => unknown(Trouble::Status(status)),
        };
    }
    let members = json_object(response).unwrap_or_default();
    match refusal_in(|name| members.get(name).and_then(Value::as_str), status) {
        Some(refusal) => classified(refusal),
        None => lost(InvalidAnswer::Status(status), effect),
    }
}

/// The refusal in the texts of an answer, if there is an `error` that can be one.
pub(crate) fn refusal_in<'a>(text: impl Fn(&str) -> Option<&'a str>, status: u16) -> Option<Refusal> {
    let code = text("error").filter(|code| is_code(code))?;
    Some(Refusal {
        status,
        code: code.to_owned(),
        description: text("error_description").map(printable),
        uri: text("error_uri").map(printable),
    })
}

/// Whether it is the user who can help.
pub(crate) fn classified(refusal: Refusal) -> Error {
    match refusal.code.as_str() {
        "invalid_grant"
        | "expired_token"
        | "access_denied"
        | "login_required"
        | "interaction_required"
        | "consent_required"
        | "account_selection_required" => Error::UserRequired(refusal),
        _ => Error::Refused(refusal),
    }
}

/// RFC 6749 §5.2: "Values for the 'error' parameter MUST NOT include characters outside the set %x20-21 / %x23-5B /
/// %x5D-7E."
fn is_code(code: &str) -> bool {
    let allowed = |b: u8| matches!(b, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    (1..=100).contains(&code.len()) && code.bytes().all(allowed)
}

fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_TEXT)
        .collect()
}

/// Seconds alone; a date would need our clocks to agree.
fn retry_after(response: &Response) -> Option<Seconds> {
    response.header(RETRY_AFTER)?.parse().ok().map(Seconds)
}

pub(crate) fn not_applied(trouble: Trouble, retry_after: Option<Seconds>) -> Error {
    Error::NotApplied(NotApplied { trouble, retry_after })
}

fn unknown(trouble: Trouble) -> Error {
    Error::OutcomeUnknown(OutcomeUnknown { trouble })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::response;

    /// A word for what the error says is to be done.
    fn verdict(error: &Error) -> &'static str {
        match error {
            Error::NotApplied(_) => "repeat",
            Error::UserRequired(_) => "user",
            Error::Refused(_) => "refused",
            Error::OutcomeUnknown(_) => "unknown",
            Error::InvalidAnswer(_) => "invalid",
            Error::Misuse(_) | Error::TimedOut => "neither",
        }
    }

    #[test]
    fn answers_by_status_and_body() {
        let json = "application/json";
        let grant = r#"{"error":"invalid_grant","error_description":"over"}"#;
        let client = r#"{"error":"invalid_client"}"#;
        // Status, media type, body; what it means when repeatable, and when it uses something up.
        let cases = [
            (400, json, grant, "user", "user"),
            (401, json, client, "refused", "refused"),
            (400, "application/problem+json", client, "refused", "refused"),
            (400, "text/html", client, "invalid", "unknown"),
            (403, "text/html", "<html>", "invalid", "unknown"),
            (400, json, r#"{"error":7}"#, "invalid", "unknown"),
            (400, json, r#"{"error":""}"#, "invalid", "unknown"),
            (400, json, r#"{"error":"a\"b"}"#, "invalid", "unknown"),
            (302, json, grant, "invalid", "unknown"),
            (429, json, grant, "repeat", "repeat"),
            (500, json, grant, "repeat", "unknown"),
            (503, "text/html", "", "repeat", "unknown"),
            (200, "text/html", "{}", "invalid", "unknown"),
            (200, "", "{}", "invalid", "unknown"),
            (200, json, "[]", "invalid", "unknown"),
            (200, json, "{", "invalid", "unknown"),
        ];
        for (status, media_type, body, repeatable, consuming) in cases {
            let answer = response(status, media_type, body);
            let said = |effect| verdict(&object(&answer, effect).unwrap_err());
            assert_eq!(
                said(Effect::Repeatable),
                repeatable,
                "{status} {media_type} {body}"
            );
            assert_eq!(said(Effect::Consuming), consuming, "{status} {media_type} {body}");
        }
        let answer = response(200, "application/json; charset=utf-8", r#"{"a":1}"#);
        assert_eq!(object(&answer, Effect::Consuming).unwrap()["a"], 1);
    }

    #[test]
    fn no_answer() {
        let lost = [
            FetchError::TooSlow,
            FetchError::TooLarge,
            FetchError::Transport("x".into()),
        ];
        for error in lost {
            let unknown = without_answer(error.clone(), Effect::Consuming);
            assert_eq!(verdict(&unknown), "unknown", "{error}");
            assert_ne!(verdict(&without_answer(error, Effect::Repeatable)), "unknown");
        }
        for error in [FetchError::Unresolvable, FetchError::NotConnected("x".into())] {
            let refused = without_answer(error, Effect::Consuming);
            assert!(refused.is_safe_to_repeat());
        }
    }

    #[test]
    fn what_a_provider_says_is_cut_and_cleaned() {
        let body = serde_json::json!({
            "error": "x", "error_description": format!("a\n\u{7}{}", "é".repeat(1_000)), "error_uri": 7,
        });
        let error = object(
            &response(400, "application/json", &body.to_string()),
            Effect::Repeatable,
        );
        let Err(Error::Refused(refusal)) = error else {
            panic!("{error:?}")
        };
        let description = refusal.description.unwrap();
        assert_eq!(description.chars().count(), MAX_TEXT);
        assert!(description.starts_with("a  é"));
        assert_eq!(refusal.uri, None);
    }

    #[test]
    fn the_provider_may_ask_for_a_pause() {
        let mut answer = response(503, "text/plain", "");
        answer.headers.insert(RETRY_AFTER, "7".parse().unwrap());
        let Err(Error::NotApplied(said)) = object(&answer, Effect::Repeatable) else {
            panic!()
        };
        assert_eq!(said.retry_after, Some(Seconds(7)));
    }
}
