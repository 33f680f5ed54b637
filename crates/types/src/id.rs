//! Row identifiers: 16 bytes that begin with the time (UUID version 7, RFC 9562 5.7), so that new rows land side by
//! side in the index. Random keys cost five times the write rate.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Timestamp;

/// Makes the bytes of a version 7 UUID from milliseconds and random bytes.
const fn time_ordered(milliseconds: u64, random: [u8; 10]) -> [u8; 16] {
    let t = milliseconds.to_be_bytes();
    let r = random;
    let (version, variant) = (0x70 | (r[0] & 0x0f), 0x80 | (r[2] & 0x3f));
    [
        t[2], t[3], t[4], t[5], t[6], t[7], version, r[1], variant, r[3], r[4], r[5], r[6], r[7], r[8], r[9],
    ]
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 16]);

        impl $name {
            /// A new id from the time and ten random bytes.
            pub const fn new(now: Timestamp, random: [u8; 10]) -> Self {
                Self(time_ordered(now.as_milliseconds(), random))
            }

            /// The id with these bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The bytes, for storing.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// The id written as base64url, 22 characters. `None` when it is anything else.
            pub fn parse(text: &str) -> Option<Self> {
                let mut bytes = [0; 16];
                let exact = text.len() == 22 && URL_SAFE_NO_PAD.decode_slice_unchecked(text, &mut bytes) == Ok(16);
                exact.then_some(Self(bytes))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let parse = |text: &str| Self::parse(text).ok_or("not a 22-character base64url id");
                crate::text::deserialize(deserializer, "a base64url id", parse)
            }
        }
    )+ };
}

ids! {
    /// Names a grant: one authorization that a user, or a client for itself, holds.
    GrantId;
    /// Names a device authorization: what a device code and a user code stand for (RFC 8628).
    DeviceAuthorizationId;
    /// Names an initial access token (RFC 7591).
    InitialAccessTokenId;
    /// Names a job: something to be sent later.
    JobId;
    /// Names a personal access token.
    PersonalAccessTokenId;
    /// Names a pushed authorization request (RFC 9126).
    PushedRequestId;
    /// Names a browser session.
    SessionId;
    /// Names one access token (`jti`).
    TokenId;
    /// Names a user; as text it is the `sub` claim.
    UserId;
}

#[cfg(test)]
mod tests {
    use super::GrantId;
    use crate::Timestamp;

    #[test]
    fn later_ids_sort_after_earlier_ones_and_survive_text() {
        let early = GrantId::new(Timestamp::from_seconds(1_000), [255; 10]);
        let late = GrantId::new(Timestamp::from_seconds(1_001), [0; 10]);
        assert!(early < late);
        assert_eq!(GrantId::parse(&early.to_string()), Some(early));
        assert_eq!(GrantId::parse("short"), None);
        assert_eq!(early.as_bytes()[6] >> 4, 7);
    }
}
