//! What an action is told.

use grantor_protocol::Cause;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::action::{Action, Condition};
use super::refusal::{MemberError, Refusal};

/// An action with everything that it is told. It comes from an HTTP request or from the command line.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is to be done.
    pub action: Action,
    /// What the path names, in order.
    pub names: Vec<String>,
    /// The parameters of the query.
    pub query: Vec<(String, String)>,
    /// The `If-Match` header.
    pub if_match: Option<String>,
    /// The body.
    pub body: Option<Value>,
}

impl Request {
    /// An action on what these names name.
    pub fn new(action: Action, names: &[&str]) -> Self {
        Self {
            action,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            query: Vec::new(),
            if_match: None,
            body: None,
        }
    }

    /// With a parameter of the query.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// Only if it is still as this `ETag` says.
    #[must_use]
    pub fn if_match(self, etag: Option<String>) -> Self {
        Self {
            if_match: etag,
            ..self
        }
    }

    /// With a body.
    #[must_use]
    pub fn body(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    /// The first name, or the one at a position.
    pub(super) fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }

    /// A parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Checks what holds for every action: parameters that it knows, each once, and a condition where one is wanted.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let operation = self.action.operation();
        for (index, (name, _)) in self.query.iter().enumerate() {
            let known = operation.query;
            if !known.contains(&name.as_str()) {
                let there = match known {
                    [] => "there are none here".to_owned(),
                    known => format!("there are {}", known.join(", ")),
                };
                return Err(Refusal::query(name, format!("is not a parameter; {there}")));
            }
            if self.query.iter().take(index).any(|(own, _)| own == name) {
                return Err(Refusal::query(name, "is there more than once"));
            }
        }
        match (operation.condition, &self.if_match) {
            (Condition::Required, None) => Err(Cause::IfMatchMissing.into()),
            (Condition::Required | Condition::Optional | Condition::Unused, _) => Ok(()),
        }
    }

    /// The body as an object, of which members can be taken.
    pub(super) fn object(&mut self) -> Result<Map<String, Value>, Refusal> {
        match self.body.take() {
            Some(Value::Object(members)) => Ok(members),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_))
            | None => Err(Refusal::member("", "has to be an object")),
        }
    }

    /// The body as a document. What it does not know is refused by its name.
    pub(super) fn document<T: DeserializeOwned>(&mut self) -> Result<T, Refusal> {
        read(Value::Object(self.object()?))
    }
}

/// The members that are objects, and the lists of objects. Reading a document would take a list in place of an object, with
/// the members in their order.
const OBJECTS: [&str; 6] = ["address", "claims", "jwks", "lifetimes", "links", "metadata"];
const LISTS_OF_OBJECTS: [&str; 1] = ["token_exchange"];

/// Where a list stands in place of an object.
fn misplaced_list(members: &Map<String, Value>) -> Option<String> {
    members.iter().find_map(|(name, value)| {
        let inner = match value {
            Value::Array(_) if OBJECTS.contains(&name.as_str()) => Some(String::new()),
            Value::Array(items) if LISTS_OF_OBJECTS.contains(&name.as_str()) => {
                let at = items.iter().position(Value::is_array)?;
                Some(format!("/{at}"))
            }
            Value::Object(members) => misplaced_list(members),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
        };
        inner.map(|inner| format!("/{name}{inner}"))
    })
}

/// Reads a document; an error says which member it is about.
pub(super) fn read<T: DeserializeOwned>(value: Value) -> Result<T, Refusal> {
    if let Some(pointer) = value.as_object().and_then(misplaced_list) {
        return Err(Refusal {
            errors: vec![MemberError::at(pointer, "has to be an object")],
            ..Refusal::from(Cause::MemberInvalid)
        });
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().clone();
        let problem = error.into_inner().to_string();
        Refusal {
            errors: vec![MemberError::at(pointer(&path, &problem), &problem)],
            ..Refusal::from(Cause::MemberInvalid)
        }
    })
}

/// Takes a text out of an object.
pub(super) fn take_text(members: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(Refusal::member(name, "has to be a text"))
        }
    }
}

/// The JSON Pointer (RFC 6901) of a member. An error on a member that is missing or unknown is placed at its parent; its
/// name is in the words.
fn pointer(path: &serde_path_to_error::Path, problem: &str) -> String {
    use serde_path_to_error::Segment;
    let mut segments: Vec<String> = path
        .iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { variant } => Some(variant.clone()),
            Segment::Unknown => None,
        })
        .collect();
    let named = ["unknown field `", "missing field `"]
        .iter()
        .find_map(|start| problem.strip_prefix(start)?.split('`').next());
    if let Some(name) = named.filter(|name| segments.last().is_none_or(|last| last != name)) {
        segments.push(name.to_owned());
    }
    let escaped = segments
        .iter()
        .map(|segment| format!("/{}", segment.replace('~', "~0").replace('/', "~1")));
    escaped.collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::read;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        _text: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(default)]
        _list: Vec<Inner>,
    }

    #[test]
    fn errors_say_where() {
        for (body, pointer) in [
            (json!({ "a/b": 1 }), "/a~1b"),
            (json!({ "_list": 1 }), "/_list"),
            (json!({ "_list": [{ "_text": 1 }] }), "/_list/0/_text"),
            (json!({ "_list": [{}] }), "/_list/0/_text"),
            (json!({ "_list": [{ "_text": "", "more": 1 }] }), "/_list/0/more"),
        ] {
            let refusal = read::<Outer>(body).unwrap_err();
            assert_eq!(refusal.errors[0].pointer.as_deref(), Some(pointer));
        }
    }
}
