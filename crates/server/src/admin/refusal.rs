//! Refusals, and the problem details that tell of them ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).

use grantor_protocol::Cause;
use grantor_protocol::validity::{Invalid, InvalidClaim};
use grantor_store::{CommitError, StoreError};
use serde::{Deserialize, Serialize};

use crate::app::Failure;

/// What the types of problems begin with; the id of the cause follows, as the error reference lists it.
const TYPE: &str = "urn:grantor:cause:";

/// Why an action was not done.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The reason.
    pub cause: Cause,
    /// What it is about here.
    pub detail: Option<String>,
    /// The members or parameters that are wrong.
    pub errors: Vec<MemberError>,
    /// What happened underneath, for the log alone.
    pub(crate) log: Option<String>,
}

/// Something in the request that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberError {
    /// Where in the body, as a JSON Pointer (RFC 6901).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Which parameter of the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// What is wrong and what to do.
    pub detail: String,
}

/// Problem details (RFC 9457 3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The kind of problem: `urn:grantor:cause:` and the id in the error reference.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a sentence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What it is about here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The id under which the log has the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The members or parameters that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<MemberError>,
}

impl MemberError {
    pub(super) fn at(pointer: String, detail: &str) -> Self {
        Self {
            pointer: Some(pointer),
            parameter: None,
            detail: detail.to_owned(),
        }
    }
}

impl Refusal {
    /// A refusal that says what it is about.
    pub(super) fn of(cause: Cause, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..Self::from(cause)
        }
    }

    /// A member of the body that cannot be so. The whole body when there is no name.
    pub(super) fn member(name: &str, problem: impl Into<String>) -> Self {
        let pointer = if name.is_empty() {
            String::new()
        } else {
            format!("/{name}")
        };
        Self {
            errors: vec![MemberError::at(pointer, &problem.into())],
            ..Self::from(Cause::MemberInvalid)
        }
    }

    /// A record that cannot be so. `subject` is what is wrong, such as `client web`.
    pub(super) fn invalid(subject: &str, invalid: &Invalid) -> Self {
        Self {
            detail: Some(format!("{subject} {invalid}").trim_start().to_owned()),
            ..Self::member(invalid.member, invalid.problem.as_str())
        }
    }

    /// Claims that cannot be so, all of them.
    pub(super) fn claims(wrong: &[InvalidClaim]) -> Self {
        let member = |invalid: &InvalidClaim| {
            let place = invalid.field.to_string().replace('.', "/");
            MemberError::at(format!("/claims/{place}"), &invalid.problem.sentence())
        };
        Self {
            errors: wrong.iter().map(member).collect(),
            ..Self::from(Cause::MemberInvalid)
        }
    }

    /// A parameter of the query that cannot be so.
    pub(super) fn query(name: &str, problem: impl Into<String>) -> Self {
        Self {
            errors: vec![MemberError {
                pointer: None,
                parameter: Some(name.to_owned()),
                detail: problem.into(),
            }],
            ..Self::from(Cause::QueryInvalid)
        }
    }

    /// The problem as it is told.
    pub fn problem(&self, instance: Option<String>) -> Problem {
        Problem {
            kind: format!("{TYPE}{}", self.cause.id()),
            title: self.cause.description().to_owned(),
            status: self.cause.code().status(),
            detail: self.detail.clone(),
            instance,
            errors: self.errors.clone(),
        }
    }

    /// What failed underneath, for whoever runs the command and reads no log.
    pub fn underneath(&self) -> Option<String> {
        let log = self.log.as_ref()?;
        Some(format!("{} ({log})", self.cause.description()))
    }

    /// What the log is told.
    pub(crate) fn failure(&self) -> Failure {
        Failure {
            detail: self.log.clone(),
            ..Failure::from(self.cause)
        }
    }
}

impl Problem {
    /// Everything that it says, in one line.
    pub fn sentence(&self) -> String {
        let wrong = self.errors.iter().map(|error| {
            let place = error.pointer.as_deref().or(error.parameter.as_deref());
            match place {
                None | Some("") => error.detail.clone(),
                Some(place) => format!("{}: {}", place.trim_start_matches('/'), error.detail),
            }
        });
        match &self.detail {
            Some(detail) => detail.clone(),
            None if self.errors.is_empty() => self.title.clone(),
            None => wrong.collect::<Vec<_>>().join("; "),
        }
    }
}

impl From<Cause> for Refusal {
    fn from(cause: Cause) -> Self {
        Self {
            cause,
            detail: None,
            errors: Vec::new(),
            log: None,
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self {
            log: failure.detail,
            ..Self::from(failure.cause)
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Failure::from(error).into()
    }
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict => Cause::ChangedMeanwhile.into(),
            CommitError::Store(error) => error.into(),
        }
    }
}
