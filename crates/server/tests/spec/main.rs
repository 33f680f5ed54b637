//! The server as its clients and its users see it: whole exchanges over the real router, with the memory engine, a
//! clock that stands still and randomness from a seed. One file for each specification, named after it.

// The metadata document is one JSON literal.
#![recursion_limit = "256"]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod admin;
mod bad_input;
mod cors;
mod coverage;
mod handed_out;
mod harness;
mod keys;
mod oauth2_form_post;
mod oidc_backchannel_logout;
mod oidc_core_authentication_request;
mod oidc_core_claims;
mod oidc_core_claims_languages;
mod oidc_core_encrypted_answers;
mod oidc_core_id_token;
mod oidc_core_userinfo;
mod oidc_dynamic_registration;
mod oidc_frontchannel_logout;
mod oidc_prompt_create;
mod oidc_rp_initiated_logout;
mod pages;
mod personal_access_tokens;
mod rfc6749_authorization_code;
mod rfc6749_client_authentication;
mod rfc6749_client_credentials;
mod rfc6749_code_redemption;
mod rfc6749_refresh_token;
mod rfc6750_bearer_usage;
mod rfc7009_revocation;
mod rfc7523_client_authentication;
mod rfc7523_jwt_bearer;
mod rfc7591_dynamic_registration;
mod rfc7592_management;
mod rfc7636_pkce;
mod rfc7662_introspection;
mod rfc8252_native_apps;
mod rfc8414_metadata;
mod rfc8628_device_authorization;
mod rfc8693_token_exchange;
mod rfc8707_resource_indicators;
mod rfc9068_jwt_access_token;
mod rfc9101_request_objects;
mod rfc9126_pushed_authorization_requests;
mod rfc9207_issuer_identification;
mod rfc9449_dpop;
mod seed_holes;
mod seed_leniencies;
