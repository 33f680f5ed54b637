//! The grants' rules as tables, one file each.

mod authorization_code;
mod client_credentials;
mod device_code;
mod jwt_bearer;
mod refresh_token;
mod token_exchange;

use grantor_types::GrantType;

use super::grant_type;
use crate::Cause;
use crate::fixture::parameters;

#[test]
fn grant_types() {
    for (name, expected) in [
        ("authorization_code", Ok(GrantType::AuthorizationCode)),
        ("client_credentials", Ok(GrantType::ClientCredentials)),
        ("refresh_token", Ok(GrantType::RefreshToken)),
        (
            "urn:ietf:params:oauth:grant-type:device_code",
            Ok(GrantType::DeviceCode),
        ),
        ("device_code", Err(Cause::GrantTypeUnsupported)),
        ("", Err(Cause::GrantTypeMissing)),
        ("password", Err(Cause::GrantTypeUnsupported)),
        ("implicit", Err(Cause::GrantTypeUnsupported)),
        ("Authorization_Code", Err(Cause::GrantTypeUnsupported)),
        ("refresh_token ", Err(Cause::GrantTypeUnsupported)),
    ] {
        assert_eq!(
            grant_type(&parameters(&[("grant_type", name)])),
            expected,
            "{name:?}"
        );
    }
    assert_eq!(grant_type(&parameters(&[])), Err(Cause::GrantTypeMissing));
}
