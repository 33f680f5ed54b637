//! The endpoints that programs talk to, one file each.

pub(crate) mod authorize;
pub(crate) mod device_authorization;
pub(crate) mod health;
pub(crate) mod introspect;
pub(crate) mod logout;
pub(crate) mod metadata;
pub(crate) mod par;
pub(crate) mod personal_access_tokens;
pub(crate) mod register;
pub(crate) mod revoke;
pub(crate) mod token;
pub(crate) mod userinfo;
