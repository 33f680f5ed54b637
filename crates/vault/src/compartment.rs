//! Where a credential lies: a namespace, an owner in it, and the credential's own id.

use std::sync::Arc;

/// The longest namespace, owner or id, in bytes.
pub const MAX_NAME_LENGTH: usize = 200;

/// A namespace and an owner in it. Whoever holds a [`CredentialManager`](crate::CredentialManager) for one compartment
/// reaches the credentials in it and no others: the compartment is part of every key, and sealed into every record.
///
/// ```
/// use grantor_vault::{Compartment, NameError};
///
/// let alice = Compartment::new("my-app", "alice")?;
/// assert_eq!((alice.namespace(), alice.owner()), ("my-app", "alice"));
/// assert!(Compartment::new("", "alice").is_err());
/// # Ok::<(), NameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Compartment {
    namespace: Arc<str>,
    owner: Arc<str>,
}

impl Compartment {
    /// The compartment of this owner in this namespace.
    ///
    /// # Errors
    /// [`NameError`] when one of them is empty, too long, or holds control characters.
    pub fn new(namespace: &str, owner: &str) -> Result<Self, NameError> {
        Ok(Self {
            namespace: name("namespace", namespace)?,
            owner: name("owner", owner)?,
        })
    }

    /// The namespace: a tenant, an application, an environment.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The owner: a user or a service.
    pub fn owner(&self) -> &str {
        &self.owner
    }
}

impl Default for Compartment {
    /// `default` in `default`: for programs with credentials of their own alone.
    fn default() -> Self {
        Self {
            namespace: "default".into(),
            owner: "default".into(),
        }
    }
}

/// What a record is found by.
///
/// ```
/// use grantor_vault::{Compartment, NameError, RecordKey};
///
/// let key = RecordKey::new(Compartment::new("my-app", "alice")?, "calendar")?;
/// assert_eq!((key.compartment().owner(), key.id()), ("alice", "calendar"));
/// assert_eq!(RecordKey::from_parts("my-app", "alice", "calendar")?, key);
/// # Ok::<(), NameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordKey {
    compartment: Compartment,
    id: Arc<str>,
}

impl RecordKey {
    /// The key of a credential.
    ///
    /// # Errors
    /// [`NameError`] when the id is empty, too long, or holds control characters.
    pub fn new(compartment: Compartment, id: &str) -> Result<Self, NameError> {
        Ok(Self {
            compartment,
            id: name("id", id)?,
        })
    }

    /// Where the vault keeps its own keys. No name is empty, so nothing else can lie there.
    pub(crate) fn of_key_ring() -> Self {
        let nothing: Arc<str> = "".into();
        Self {
            compartment: Compartment {
                namespace: nothing.clone(),
                owner: nothing.clone(),
            },
            id: nothing,
        }
    }

    /// The key with these parts as a [`Storage`](crate::Storage) wrote them, its own record of the vault's keys among
    /// them.
    ///
    /// # Errors
    /// [`NameError`] when no record has such a key.
    pub fn from_parts(namespace: &str, owner: &str, id: &str) -> Result<Self, NameError> {
        if namespace.is_empty() && owner.is_empty() && id.is_empty() {
            return Ok(Self::of_key_ring());
        }
        Self::new(Compartment::new(namespace, owner)?, id)
    }

    /// The compartment.
    pub fn compartment(&self) -> &Compartment {
        &self.compartment
    }

    /// The id within the compartment.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Namespace, owner, id.
    pub(crate) fn parts(&self) -> [&str; 3] {
        [self.compartment.namespace(), self.compartment.owner(), &self.id]
    }

    pub(crate) fn is_key_ring(&self) -> bool {
        self.id.is_empty()
    }
}

impl std::fmt::Display for RecordKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Compartment { namespace, owner } = &self.compartment;
        write!(f, "{namespace}/{owner}/{}", self.id)
    }
}

/// Why something cannot be a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was given.
    #[error("the {0} is empty")]
    Empty(&'static str),
    /// Longer than [`MAX_NAME_LENGTH`].
    #[error("the {0} is longer than {MAX_NAME_LENGTH} bytes")]
    TooLong(&'static str),
    /// A line break, tab or another control character.
    #[error("the {0} holds control characters")]
    Control(&'static str),
}

fn name(what: &'static str, text: &str) -> Result<Arc<str>, NameError> {
    if text.is_empty() {
        return Err(NameError::Empty(what));
    }
    if text.len() > MAX_NAME_LENGTH {
        return Err(NameError::TooLong(what));
    }
    if text.chars().any(char::is_control) {
        return Err(NameError::Control(what));
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_bounds() {
        let long = "n".repeat(MAX_NAME_LENGTH + 1);
        for (text, error) in [
            ("", NameError::Empty("id")),
            (long.as_str(), NameError::TooLong("id")),
            ("a\nb", NameError::Control("id")),
        ] {
            assert_eq!(RecordKey::new(Compartment::default(), text), Err(error));
        }
        assert_eq!(Compartment::new("", "o"), Err(NameError::Empty("namespace")));
        assert_eq!(Compartment::new("n", "\0"), Err(NameError::Control("owner")));
        let key = RecordKey::new(Compartment::new("n", "o").unwrap(), "Ünïcode id/1").unwrap();
        assert_eq!(key.to_string(), "n/o/Ünïcode id/1");
        assert_eq!(RecordKey::from_parts("n", "o", "Ünïcode id/1"), Ok(key));
    }

    #[test]
    fn nothing_can_lie_where_the_keys_are() {
        assert!(RecordKey::from_parts("", "", "").unwrap().is_key_ring());
        assert!(RecordKey::from_parts("", "", "x").is_err());
        assert!(RecordKey::from_parts("n", "o", "").is_err());
    }
}
