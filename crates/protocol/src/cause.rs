//! Why a request was refused: one row per reason. The id is stable and goes to the log; the code and the sentence go
//! to the client, and the sentence says what to do next.

use grantor_types::ErrorCode;

/// Declares [`Cause`] from a table of `Variant, "stable_id", Code, "sentence for the client";`.
macro_rules! causes {
    ($($variant:ident, $id:literal, $code:ident, $text:literal;)+) => {
        /// Why a request was refused, one variant per reason. The variants are documented by their sentences.
        #[allow(missing_docs, reason = "each row of the table holds the sentence that documents it")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Cause { $(#[doc = $text] $variant,)+ }

        impl Cause {
            /// Every cause, alphabetically.
            pub const ALL: &'static [Cause] = &[$(Cause::$variant,)+];

            /// The stable id, for logs, documentation and `error_uri`.
            pub const fn id(self) -> &'static str {
                match self { $(Cause::$variant => $id,)+ }
            }

            /// What the client reads as `error`.
            pub const fn code(self) -> ErrorCode {
                match self { $(Cause::$variant => ErrorCode::$code,)+ }
            }

            /// What the client reads as `error_description`.
            pub const fn description(self) -> &'static str {
                match self { $(Cause::$variant => $text,)+ }
            }
        }
    };
}

causes! {
    AccountSelectionRequired, "account_selection_required", AccountSelectionRequired, "The user has to choose an account, and prompt=none forbids asking. Send the request again without prompt=none.";
    ActorNotNamed, "actor_not_named", InvalidRequest, "The subject token names in may_act who may act for its subject, and this actor is another one.";
    ActorTokenExpired, "actor_token_expired", InvalidRequest, "The actor token has expired. Get a new one.";
    ActorTokenInvalid, "actor_token_invalid", InvalidRequest, "The actor token is not a live token of the kind that actor_token_type says. Check both, and get a new one.";
    ActorTokenMissing, "actor_token_missing", InvalidRequest, "The client may not exchange this token as it is. Send an actor_token, or have delegation or impersonation allowed in its token_exchange rules.";
    ActorTokenNotAllowed, "actor_token_not_allowed", InvalidRequest, "This actor token is not accepted: it has to be issued to this client and not by a delegation, and the token_exchange rules of the client have to allow delegation.";
    ActorTokenTypeMissing, "actor_token_type_missing", InvalidRequest, "actor_token was sent without actor_token_type.";
    ActorTokenTypeUnexpected, "actor_token_type_unexpected", InvalidRequest, "actor_token_type was sent without actor_token.";
    ActorTokenTypeUnsupported, "actor_token_type_unsupported", InvalidRequest, "actor_token_type has to be the access_token, id_token or jwt of RFC 8693 section 3.";
    AdminAudienceWrong, "admin_audience_wrong", InvalidToken, "The access token is not for the administration API alone. Ask for one with resource set to the issuer followed by /admin, and no other resource.";
    AdminForeignToken, "admin_foreign_token", InvalidToken, "The administration API takes access tokens that clients got for themselves. Use the client credentials grant, or grantor admin token.";
    AdminJsonMalformed, "admin_json_malformed", InvalidRequest, "The body is not JSON.";
    AdminReadMissing, "admin_read_missing", InsufficientScope, "Reading needs an access token with the scope admin:read, of a client that is registered for it and for this resource.";
    AdminWriteMissing, "admin_write_missing", InsufficientScope, "Changes need an access token with the scope admin:write, of a client that is registered for it and for this resource.";
    AlreadyThere, "already_there", Conflict, "There is one of this name already. Change that one, or choose another name.";
    AssertionExpired, "assertion_expired", InvalidGrant, "The assertion has expired. Get a new one from its issuer.";
    AssertionInvalid, "assertion_invalid", InvalidGrant, "The assertion is not a JWT that an issuer whom this server trusts has signed for it. Check its signature, typ, iss, aud, sub, exp, nbf and iat.";
    AssertionKeysUnavailable, "assertion_keys_unavailable", TemporarilyUnavailable, "The keys of the issuer cannot be fetched. Nothing was changed; try again after the time in Retry-After.";
    AssertionLivesTooLong, "assertion_lives_too_long", InvalidGrant, "The assertion lives longer than this server allows its issuer. Have exp set closer.";
    AssertionMissing, "assertion_missing", InvalidRequest, "assertion is missing. Send the JWT of the issuer.";
    AssertionNotAllowed, "assertion_not_allowed", InvalidGrant, "This client may not present the assertions of this issuer. Have it added to the clients of the trusted issuer.";
    AssertionReplayed, "assertion_replayed", InvalidGrant, "The assertion was used before. Get a new one from its issuer, with a new jti, for every request.";
    AssertionSubjectUnknown, "assertion_subject_unknown", InvalidGrant, "The subject of the assertion is no user of this server.";
    AssertionWithoutId, "assertion_without_id", InvalidGrant, "The assertion has no jti. Have its issuer write one, a new one each time.";
    AudienceMalformed, "audience_malformed", InvalidTarget, "audience is not an absolute URI without fragment, nor a registered name.";
    AuthenticationContextUnmet, "authentication_context_unmet", UnmetAuthenticationRequirements, "None of the authentication contexts that the claims parameter makes essential can be met here. See acr_values_supported of the metadata.";
    AuthorizationHeaderMalformed, "authorization_header_malformed", InvalidRequest, "The Authorization header is not of the form 'Basic base64(client_id:client_secret)' with both parts form-encoded first.";
    AuthorizationPending, "authorization_pending", AuthorizationPending, "Nobody has answered on the verification page yet. Ask again after the interval.";
    CallerUnauthenticated, "caller_unauthenticated", InvalidClient, "This endpoint wants to know who asks. Send client_id and client_secret by HTTP Basic or in the form.";
    ChangedMeanwhile, "changed_meanwhile", PreconditionFailed, "Somebody else has changed it since it was read. Read it again, and send the new ETag in If-Match.";
    ClaimsMalformed, "claims_malformed", InvalidRequest, "claims is not a JSON object with the members userinfo and id_token, each with at most 64 claims that are null or objects. See OpenID Connect Core section 5.5.";
    ClientAssertionAlgorithm, "client_assertion_algorithm", InvalidClient, "The client assertion is signed with an algorithm that is not taken from this client. See token_endpoint_auth_signing_alg of its registration and token_endpoint_auth_signing_alg_values_supported of the metadata.";
    ClientAssertionAudience, "client_assertion_audience", InvalidClient, "aud of the client assertion does not name this server. Write the issuer of the metadata, as a text and not as a list.";
    ClientAssertionExpired, "client_assertion_expired", InvalidClient, "exp of the client assertion has passed. Make a new one for every request, and check the clock.";
    ClientAssertionFromFuture, "client_assertion_from_future", InvalidClient, "iat or nbf of the client assertion is more than a minute ahead. Check the clock of the client.";
    ClientAssertionInvalid, "client_assertion_invalid", InvalidClient, "client_assertion is not a signed JWT of the form that RFC 7523 section 3 wants. It has no typ or client-authentication+jwt, and iss, sub, aud, exp and jti.";
    ClientAssertionLivesTooLong, "client_assertion_lives_too_long", InvalidClient, "exp of the client assertion is more than an hour ahead. Have it end within a minute or two.";
    ClientAssertionMissing, "client_assertion_missing", InvalidClient, "client_assertion_type was sent without client_assertion. Send the JWT that the client has signed.";
    ClientAssertionReplayed, "client_assertion_replayed", InvalidClient, "The client assertion was used before. Make a new one, with a new jti, for every request.";
    ClientAssertionSubject, "client_assertion_subject", InvalidClient, "iss and sub of the client assertion have both to be the client_id, and so has client_id where it is sent.";
    ClientAssertionTypeUnsupported, "client_assertion_type_unsupported", InvalidClient, "client_assertion_type has to be urn:ietf:params:oauth:client-assertion-type:jwt-bearer.";
    ClientAssertionUnverified, "client_assertion_unverified", InvalidClient, "Client authentication failed. The assertion has to be signed with a registered key, or with the secret, of the client that its iss names; check iss, kid and alg.";
    ClientAssertionWithoutExpiry, "client_assertion_without_expiry", InvalidClient, "The client assertion has no exp. Have it end within a minute or two.";
    ClientAssertionWithoutId, "client_assertion_without_id", InvalidClient, "The client assertion has no jti. Write one, a new one each time.";
    ClientAuthenticationMethod, "client_authentication_method", InvalidClient, "The client is not registered for this authentication method. See token_endpoint_auth_method of its registration.";
    ClientAuthenticationMissing, "client_authentication_missing", InvalidClient, "This client has to authenticate and did not. Send its secret by HTTP Basic or as client_secret in the form, or a client_assertion, as it is registered.";
    ClientAuthenticationMultiple, "client_authentication_multiple", InvalidRequest, "The client authenticated in more than one way. Use one of the Authorization header, client_secret in the form and client_assertion.";
    ClientDisabled, "client_disabled", InvalidClient, "This client is switched off. Ask the administrator of the authorization server.";
    ClientEncryptionKeyMissing, "client_encryption_key_missing", InvalidRequest, "The client is registered for encrypted answers, and its keys hold none for that algorithm.";
    ClientIdMalformed, "client_id_malformed", InvalidRequest, "client_id is not 1 to 255 printable ASCII characters.";
    ClientIdMissing, "client_id_missing", InvalidRequest, "client_id is missing. Send the id that the client was registered with.";
    ClientKeysUnavailable, "client_keys_unavailable", TemporarilyUnavailable, "The keys at the jwks_uri of the client cannot be fetched. Nothing was changed; check that it can be reached from here, and try again after the time in Retry-After.";
    ClientSecretWrong, "client_secret_wrong", InvalidClient, "Client authentication failed. Check client_id and client_secret.";
    ClientUnknown, "client_unknown", InvalidClient, "Client authentication failed. Check client_id and client_secret.";
    ClientUnknownAtAuthorize, "client_unknown_at_authorize", InvalidRequest, "No client is registered under this client_id.";
    CodeChallengeMalformed, "code_challenge_malformed", InvalidRequest, "code_challenge is not the base64url of a SHA-256 digest: 43 characters.";
    CodeChallengeMethodUnsupported, "code_challenge_method_unsupported", InvalidRequest, "code_challenge_method has to be S256; plain is not supported.";
    CodeChallengeMissing, "code_challenge_missing", InvalidRequest, "PKCE code_challenge is required";
    CodeExpired, "code_expired", InvalidGrant, "The authorization code has expired. Start the authorization again.";
    CodeMissing, "code_missing", InvalidRequest, "code is missing. Send the authorization code of the callback.";
    CodeOfAnotherClient, "code_of_another_client", InvalidGrant, "The authorization code is unknown. Start the authorization again.";
    CodeReplayed, "code_replayed", InvalidGrant, "The authorization code was used before. Everything that was issued for it is revoked; start the authorization again.";
    CodeUnknown, "code_unknown", InvalidGrant, "The authorization code is unknown. Start the authorization again.";
    CodeVerifierMalformed, "code_verifier_malformed", InvalidRequest, "code_verifier is not 43 to 128 characters of A-Z a-z 0-9 - . _ ~.";
    CodeVerifierMissing, "code_verifier_missing", InvalidGrant, "code_verifier is missing, and the authorization request had a code_challenge.";
    CodeVerifierUnexpected, "code_verifier_unexpected", InvalidGrant, "code_verifier was sent, but the authorization request had no code_challenge.";
    CodeVerifierWrong, "code_verifier_wrong", InvalidGrant, "code_verifier does not match the code_challenge of the authorization request.";
    ConsentDenied, "consent_denied", AccessDenied, "The user denied the request.";
    ConsentRequired, "consent_required", ConsentRequired, "The user has to consent, and prompt=none forbids asking. Send the request again without prompt=none.";
    ContentTypeUnsupported, "content_type_unsupported", UnsupportedMediaType, "The body has to be application/x-www-form-urlencoded.";
    DeviceCodeExpired, "device_code_expired", ExpiredToken, "The device code has expired. Start the device authorization again.";
    DeviceCodeMissing, "device_code_missing", InvalidRequest, "device_code is missing. Send the one of the device authorization response.";
    DeviceCodeOfAnotherClient, "device_code_of_another_client", InvalidGrant, "The device code is unknown. Start the device authorization again.";
    DeviceCodeUnknown, "device_code_unknown", InvalidGrant, "The device code is unknown. Start the device authorization again.";
    DeviceCodeUsed, "device_code_used", InvalidGrant, "The device code was used before. Start the device authorization again.";
    DeviceDenied, "device_denied", DeviceDenied, "The user did not allow the device.";
    DisplayUnknown, "display_unknown", InvalidRequest, "display is not one of page, popup, touch, wap.";
    DpopAlgorithmUnsupported, "dpop_algorithm_unsupported", InvalidDpopProof, "The DPoP proof is signed with an algorithm that is not taken here. See dpop_signing_alg_values_supported in the metadata.";
    DpopJktMalformed, "dpop_jkt_malformed", InvalidRequest, "dpop_jkt is not the base64url of a SHA-256 thumbprint: 43 characters.";
    DpopJktMismatch, "dpop_jkt_mismatch", InvalidRequest, "dpop_jkt is not the thumbprint of the key that the DPoP proof is signed with.";
    DpopKeyMismatch, "dpop_key_mismatch", InvalidGrant, "The DPoP proof is signed with another key than the one that the code or refresh token is bound to.";
    DpopMethodMismatch, "dpop_method_mismatch", InvalidDpopProof, "htm in the DPoP proof is not the HTTP method of this request.";
    DpopNonceRequired, "dpop_nonce_required", UseDpopNonce, "The DPoP proof needs the nonce in the DPoP-Nonce header. Make a new proof with it and send the request again.";
    DpopProofExpired, "dpop_proof_expired", InvalidDpopProof, "iat in the DPoP proof is more than two minutes ago. Make a new proof for every request, and check the clock.";
    DpopProofFromFuture, "dpop_proof_from_future", InvalidDpopProof, "iat in the DPoP proof is more than a minute ahead. Check the clock of the client.";
    DpopProofInvalid, "dpop_proof_invalid", InvalidDpopProof, "The DPoP proof is malformed or its signature is wrong. It is a JWT with typ dpop+jwt and the public key as jwk in its header, and with jti, htm, htu and iat.";
    DpopProofMissing, "dpop_proof_missing", InvalidDpopProof, "A DPoP proof is required, and the request has none. Send one in the DPoP header.";
    DpopProofMultiple, "dpop_proof_multiple", InvalidDpopProof, "The request has more than one DPoP header.";
    DpopProofReplayed, "dpop_proof_replayed", InvalidDpopProof, "The DPoP proof was used before. Make a new one, with a new jti, for every request.";
    DpopTokenHashMismatch, "dpop_token_hash_mismatch", InvalidDpopProof, "ath in the DPoP proof is missing or is not the base64url of the SHA-256 of the access token.";
    DpopUriMismatch, "dpop_uri_mismatch", InvalidDpopProof, "htu in the DPoP proof is not the address of this endpoint as the metadata has it.";
    ExchangeScopeWidened, "exchange_scope_widened", InvalidScope, "An exchange may narrow the scope of the subject token and never widen it.";
    ExchangedTooOften, "exchanged_too_often", InvalidRequest, "The subject token has been exchanged too often. Exchange one that it came from.";
    FormTokenInvalid, "form_token_invalid", AccessDenied, "The form was not sent from this browser, or it is too old. Go back to the application and try again.";
    GrantTypeMissing, "grant_type_missing", InvalidRequest, "grant_type is missing.";
    GrantTypeNotAllowed, "grant_type_not_allowed", UnauthorizedClient, "The client is not registered for this grant type.";
    GrantTypeUnsupported, "grant_type_unsupported", UnsupportedGrantType, "This grant_type is not supported. See grant_types_supported in the metadata.";
    IdTokenHintInvalid, "id_token_hint_invalid", InvalidRequest, "id_token_hint is not an ID token that this server issued.";
    IfMatchMissing, "if_match_missing", PreconditionRequired, "A replacement has to say what it replaces. Read it, and send the ETag of the answer in If-Match.";
    InteractionExpired, "interaction_expired", AccessDenied, "The page was open for too long, or its address is damaged. Go back to the application and try again.";
    InternalError, "internal_error", ServerError, "The server failed. The request can be tried again; the request id finds the reason in the server log.";
    JsonExpected, "json_expected", UnsupportedMediaType, "The body has to be application/json.";
    JsonMalformed, "json_malformed", InvalidRequest, "The JSON is not one flat object of texts and numbers. Better send application/x-www-form-urlencoded.";
    LoginRequired, "login_required", LoginRequired, "The user has to log in, and prompt=none forbids asking. Send the request again without prompt=none.";
    LogoutClientMismatch, "logout_client_mismatch", InvalidRequest, "client_id is not the client that id_token_hint was issued to. Leave client_id out, or send an ID token of this client.";
    MaxAgeMalformed, "max_age_malformed", InvalidRequest, "max_age is not a whole number of seconds.";
    MemberInvalid, "member_invalid", UnprocessableContent, "The body has a member that cannot be so. See errors.";
    MethodNotAllowed, "method_not_allowed", MethodNotAllowed, "This HTTP method is not one of the endpoint. See the Allow header.";
    NotFound, "not_found", NotFound, "There is nothing at this address.";
    Overloaded, "overloaded", TemporarilyUnavailable, "The server has more work than it can do. Try again after the time in Retry-After.";
    ParameterEncoding, "parameter_encoding", InvalidRequest, "A parameter is not UTF-8 after percent-decoding.";
    ParameterRepeated, "parameter_repeated", InvalidRequest, "A parameter was sent more than once.";
    ParameterTooLong, "parameter_too_long", InvalidRequest, "A parameter is longer than the server reads.";
    ParameterTooMany, "parameter_too_many", InvalidRequest, "More than 64 parameters were sent.";
    PayloadTooLarge, "payload_too_large", PayloadTooLarge, "The request is larger than the server reads.";
    PersonalTokenClient, "personal_token_client", UnauthorizedClient, "The client is not registered to make personal access tokens. Make one on the account page, or register it with personal_access_tokens.";
    PersonalTokenJson, "personal_token_json", InvalidRequest, "The body has to be a JSON object with name, scopes (a list) and, if you like, expires_in (seconds).";
    PersonalTokenLifetime, "personal_token_lifetime", InvalidRequest, "expires_in is not a number of seconds from 1 to the longest life that the server allows.";
    PersonalTokenName, "personal_token_name", InvalidRequest, "The name of a personal access token has 1 to 100 characters.";
    PersonalTokenPresented, "personal_token_presented", InvalidToken, "A personal access token cannot make or manage others. Use an access token that the user granted.";
    PersonalTokenScope, "personal_token_scope", InvalidScope, "Name at least one scope, and only scopes that the server knows.";
    PersonalTokenTooMany, "personal_token_too_many", InvalidRequest, "There are 100 personal access tokens already. Delete one that is not needed any more.";
    PersonalTokenWidened, "personal_token_widened", InvalidScope, "A personal access token cannot allow more than the access token that it is made with.";
    PersonalTokenWithoutUser, "personal_token_without_user", AccessDenied, "Personal access tokens belong to a user. This access token acts for the client itself or was exchanged for somebody else to act.";
    PollTooEarly, "poll_too_early", SlowDown, "The device asks too often. Wait 5 seconds longer before each request from now on.";
    PostLogoutRedirectUriUnregistered, "post_logout_redirect_uri_unregistered", InvalidRequest, "post_logout_redirect_uri is not registered for this client, so nobody was signed out. It has to be one of its post_logout_redirect_uris, character by character.";
    PostLogoutRedirectUriWithoutClient, "post_logout_redirect_uri_without_client", InvalidRequest, "post_logout_redirect_uri was sent without saying whose it is, so nobody was signed out. Send an id_token_hint or a client_id with it.";
    PresentedTokenBound, "presented_token_bound", InvalidRequest, "The subject or actor token is bound to a key. Send a DPoP proof of that key.";
    PromptCreateClosed, "prompt_create_closed", InvalidRequest, "The prompt value create is not supported: people cannot make accounts here. See prompt_values_supported in the metadata, and leave it out.";
    PromptCreateCombined, "prompt_create_combined", InvalidRequest, "prompt holds create together with another value. Send create alone.";
    PromptMalformed, "prompt_malformed", InvalidRequest, "prompt holds an unknown value, or none together with another value.";
    QueryInvalid, "query_invalid", InvalidRequest, "The query has a parameter that cannot be so. See errors.";
    RedirectUriMismatch, "redirect_uri_mismatch", InvalidGrant, "redirect_uri is not the one of the authorization request.";
    RedirectUriMissing, "redirect_uri_missing", InvalidRequest, "redirect_uri is missing. It may be left out only when the client has exactly one and openid is not asked for.";
    RedirectUriUnregistered, "redirect_uri_unregistered", InvalidRequest, "redirect_uri is not registered for this client. It has to be the same text, character by character.";
    RefreshTokenExpired, "refresh_token_expired", InvalidGrant, "The refresh token has expired. Start the authorization again.";
    RefreshTokenMissing, "refresh_token_missing", InvalidRequest, "refresh_token is missing.";
    RefreshTokenNotAllowed, "refresh_token_not_allowed", InvalidRequest, "A refresh token is not issued here: the subject has to be a user's token of this server, the client registered for refresh_token, and its token_exchange rules have to allow it.";
    RefreshTokenOfAnotherClient, "refresh_token_of_another_client", InvalidGrant, "The refresh token is unknown. Start the authorization again.";
    RefreshTokenReplayed, "refresh_token_replayed", InvalidGrant, "The refresh token was used before. Its grant is revoked; start the authorization again.";
    RefreshTokenRevoked, "refresh_token_revoked", InvalidGrant, "The refresh token was revoked. Start the authorization again.";
    RefreshTokenUnknown, "refresh_token_unknown", InvalidGrant, "The refresh token is unknown. Start the authorization again.";
    RegistrationAlgorithmMissing, "registration_algorithm_missing", InvalidClientMetadata, "Encryption is asked for by half: the member that ends in _alg is missing beside this one. Send both, or neither.";
    RegistrationBodyMalformed, "registration_body_malformed", InvalidClientMetadata, "The body has to be one JSON object in which no member stands twice.";
    RegistrationClientDisabled, "registration_client_disabled", AccessDenied, "This client is switched off. Ask the administrator of the authorization server.";
    RegistrationClientIdMismatch, "registration_client_id_mismatch", InvalidClientMetadata, "An update has to name the client that it is for, as it was registered.";
    RegistrationClosed, "registration_closed", AccessDenied, "Clients cannot register themselves here. Ask the administrator of the authorization server.";
    RegistrationEncryptionMissing, "registration_encryption_missing", InvalidClientMetadata, "The member that ends in _enc is missing beside this one, and its default A128CBC-HS256 is none that this server has. Send A128GCM or A256GCM.";
    RegistrationFrontchannelOrigin, "registration_frontchannel_origin", InvalidClientMetadata, "This has to be at the scheme, host and port of one of the redirect_uris.";
    RegistrationGrantTypeNotAllowed, "registration_grant_type_not_allowed", InvalidClientMetadata, "Clients that register themselves may not use this grant type here. Leave it out, or ask the administrator.";
    RegistrationKeysMalformed, "registration_keys_malformed", InvalidClientMetadata, "This has to be a JWK set of 1 to 32 public keys of type EC, RSA or OKP, each whole and strong enough (2048 bits for RSA), and each with another kid if it has one.";
    RegistrationKeysMissing, "registration_keys_missing", InvalidClientMetadata, "This needs the public keys of the client. Send jwks or jwks_uri.";
    RegistrationKeysPrivate, "registration_keys_private", InvalidClientMetadata, "This holds a private or symmetric key. Treat it as lost, and send the public half of a new one.";
    RegistrationKeysTwice, "registration_keys_twice", InvalidClientMetadata, "jwks and jwks_uri were both sent. Send one of them.";
    RegistrationLanguageMalformed, "registration_language_malformed", InvalidClientMetadata, "What follows # in the name of a member is not a language tag of BCP 47, or is there twice. Write client_name#de or client_name#fr-CA, each once.";
    RegistrationMemberForbidden, "registration_member_forbidden", InvalidClientMetadata, "An update cannot hold what the server alone says. Leave this member out.";
    RegistrationMemberNotBoolean, "registration_member_not_boolean", InvalidClientMetadata, "This has to be true or false.";
    RegistrationMemberNotList, "registration_member_not_list", InvalidClientMetadata, "This has to be a list of texts.";
    RegistrationMemberNotNumber, "registration_member_not_number", InvalidClientMetadata, "This has to be a whole number of seconds, of ten years at most.";
    RegistrationMemberNotText, "registration_member_not_text", InvalidClientMetadata, "This has to be a text without control characters.";
    RegistrationMemberTooLong, "registration_member_too_long", InvalidClientMetadata, "This is longer than the server keeps.";
    RegistrationMemberTooMany, "registration_member_too_many", InvalidClientMetadata, "This has more entries than the server keeps.";
    RegistrationMemberUnsupported, "registration_member_unsupported", InvalidClientMetadata, "This is none of the values that the server has. Its metadata list them.";
    RegistrationPostLogoutUri, "registration_post_logout_uri", InvalidClientMetadata, "This has to be absolute, without fragment and user information, and of the schemes that the application_type allows for redirect_uris.";
    RegistrationPublicGrant, "registration_public_grant", InvalidClientMetadata, "client_credentials and token exchange are for clients that authenticate, and token_endpoint_auth_method is none.";
    RegistrationQuota, "registration_quota", TooManyRequests, "As many clients as this server takes have registered themselves. Try again later, or ask the administrator.";
    RegistrationRedirectUriForbidden, "registration_redirect_uri_forbidden", InvalidRedirectUri, "Browsers run or open this scheme by themselves, or use it without TLS. Use https, or for a native application loopback http or a scheme of its own.";
    RegistrationRedirectUriFragment, "registration_redirect_uri_fragment", InvalidRedirectUri, "A redirect URI has no fragment. Leave out the # and what follows.";
    RegistrationRedirectUriMalformed, "registration_redirect_uri_malformed", InvalidRedirectUri, "A redirect URI is absolute, of printable ASCII, no longer than 2048 bytes and without user information.";
    RegistrationRedirectUriMissing, "registration_redirect_uri_missing", InvalidRedirectUri, "A client of the authorization code grant needs at least one redirect URI.";
    RegistrationRedirectUriOfNative, "registration_redirect_uri_of_native", InvalidRedirectUri, "The redirect URI of a native application is https, http on loopback, or of a scheme that is a domain name of its maker in reverse, such as com.example.app.";
    RegistrationRedirectUriOfWeb, "registration_redirect_uri_of_web", InvalidRedirectUri, "The redirect URI of a web application has to be https. A native application says so by application_type native.";
    RegistrationRefreshAlone, "registration_refresh_alone", InvalidClientMetadata, "refresh_token needs a grant that refresh tokens come from: authorization_code or the device code.";
    RegistrationResponseTypes, "registration_response_types", InvalidClientMetadata, "code in response_types and authorization_code in grant_types go together. Send both, or neither.";
    RegistrationScopeNotAllowed, "registration_scope_not_allowed", InvalidClientMetadata, "This holds a scope that clients which register themselves may not have here.";
    RegistrationSecretMismatch, "registration_secret_mismatch", InvalidClientMetadata, "This is not the secret of the client, and only the server makes secrets. Leave it out.";
    RegistrationSectorHosts, "registration_sector_hosts", InvalidClientMetadata, "With pairwise subjects, redirect URIs on more than one host or on none need a sector_identifier_uri.";
    RegistrationSectorMismatch, "registration_sector_mismatch", InvalidClientMetadata, "The document there does not list every one of the redirect_uris.";
    RegistrationSectorUnavailable, "registration_sector_unavailable", InvalidClientMetadata, "The document there cannot be fetched as a JSON list of texts.";
    RegistrationSoftwareStatementInvalid, "registration_software_statement_invalid", InvalidSoftwareStatement, "The software statement is not a JWT with iss whose signature and times are right.";
    RegistrationSoftwareStatementUnapproved, "registration_software_statement_unapproved", UnapprovedSoftwareStatement, "The issuer of the software statement is none whose statements this server takes.";
    RegistrationTokenInvalid, "registration_token_invalid", InvalidToken, "The token is not one that this address takes, or it has ended or been used up.";
    RegistrationTokenMissing, "registration_token_missing", Unauthenticated, "A token is needed here. Send it in the header as Authorization: Bearer.";
    RegistrationTooFast, "registration_too_fast", TooManyRequests, "There were too many registrations from this address. Wait a minute.";
    RegistrationUriFragment, "registration_uri_fragment", InvalidClientMetadata, "This may not have a fragment (#...). Leave that part out.";
    RegistrationUriInsecure, "registration_uri_insecure", InvalidClientMetadata, "This has to be an https URI without user information, no longer than 2048 bytes.";
    RegistrationUnsupported, "registration_unsupported", RegistrationNotSupported, "The registration parameter is not supported. Register the client first.";
    RequestNotPushed, "request_not_pushed", InvalidRequest, "This client's authorization requests have to be pushed first. Send the parameters to the pushed_authorization_request_endpoint of the metadata.";
    RequestObjectExpired, "request_object_expired", InvalidRequestObject, "The request object has expired. Make a new one.";
    RequestObjectForAnother, "request_object_for_another", InvalidRequestObject, "The aud of the request object does not name this issuer.";
    RequestObjectInvalid, "request_object_invalid", InvalidRequestObject, "The request object is not a JWT that the client has signed with a key and an algorithm of its registration. alg none is never accepted.";
    RequestObjectMalformed, "request_object_malformed", InvalidRequestObject, "A parameter in the request object is not of the JSON type that it has to be: text or a number, an object for claims, a list of texts for resource.";
    RequestObjectMissing, "request_object_missing", InvalidRequest, "This client is registered to send its authorization requests as signed request objects.";
    RequestObjectNested, "request_object_nested", InvalidRequestObject, "request and request_uri do not belong in a request object.";
    RequestObjectOfAnotherClient, "request_object_of_another_client", InvalidRequestObject, "iss or client_id in the request object names another client.";
    RequestObjectTwice, "request_object_twice", InvalidRequest, "request and request_uri were both sent. Send one of them.";
    RequestObjectUnavailable, "request_object_unavailable", InvalidRequestUri, "The request object could not be fetched from request_uri.";
    RequestUriExpired, "request_uri_expired", InvalidRequestUri, "The pushed request has expired. Push it again and send the browser at once.";
    RequestUriPushed, "request_uri_pushed", InvalidRequest, "request_uri cannot be pushed. Send the parameters themselves.";
    RequestUriUnknown, "request_uri_unknown", InvalidRequestUri, "No request was pushed under this request_uri for this client. Push the request and use the request_uri of the answer.";
    RequestUriUnregistered, "request_uri_unregistered", InvalidRequestUri, "request_uri is neither one that was pushed here nor registered in request_uris.";
    RequestUriUsed, "request_uri_used", InvalidRequestUri, "The pushed request has been answered. Start the login again in the application.";
    RequestedTokenTypeNotAllowed, "requested_token_type_not_allowed", InvalidRequest, "A token of the requested_token_type is not issued here: the service takes opaque tokens only. Leave requested_token_type out.";
    RequestedTokenTypeUnsupported, "requested_token_type_unsupported", InvalidRequest, "requested_token_type has to be the access_token, refresh_token or jwt of RFC 8693 section 3.";
    ResourceMalformed, "resource_malformed", InvalidTarget, "resource is not an absolute URI without fragment, nor a registered name.";
    ResourceNotAllowed, "resource_not_allowed", InvalidTarget, "The client may not ask for tokens for this resource.";
    ResourceNotGranted, "resource_not_granted", InvalidTarget, "This resource was not part of the authorization.";
    ResponseModeUnsupported, "response_mode_unsupported", InvalidRequest, "response_mode is not one of query, fragment, form_post; form_post needs an http or https redirect_uri.";
    ResponseTypeMissing, "response_type_missing", InvalidRequest, "response_type is missing. It has to be code.";
    ResponseTypeUnsupported, "response_type_unsupported", UnsupportedResponseType, "response_type has to be code.";
    ScopeMalformed, "scope_malformed", InvalidScope, "scope is not a list of scope tokens separated by spaces.";
    ScopeNotAllowed, "scope_not_allowed", InvalidScope, "The client is not registered for a scope that it asks for.";
    ScopeWidened, "scope_widened", InvalidScope, "A refresh may narrow the scope and never widen it.";
    ServerNotReady, "server_not_ready", TemporarilyUnavailable, "The server cannot serve yet. Try again after the time in Retry-After.";
    StoreUnavailable, "store_unavailable", TemporarilyUnavailable, "The database does not answer. Nothing was changed; try again after the time in Retry-After.";
    SubjectTokenExpired, "subject_token_expired", InvalidRequest, "The subject token has expired. Get a new one.";
    SubjectTokenInvalid, "subject_token_invalid", InvalidRequest, "The subject token is not a live token of the kind that subject_token_type says. Check both, and get a new one.";
    SubjectTokenMissing, "subject_token_missing", InvalidRequest, "subject_token is missing. Send the token that is to be exchanged.";
    SubjectTokenNotAllowed, "subject_token_not_allowed", InvalidRequest, "The client may not exchange this token. Which kinds of token of which clients it may, its token_exchange rules say.";
    SubjectTokenTypeMissing, "subject_token_type_missing", InvalidRequest, "subject_token_type is missing.";
    SubjectTokenTypeUnsupported, "subject_token_type_unsupported", InvalidRequest, "subject_token_type has to be the access_token, refresh_token, id_token or jwt of RFC 8693 section 3.";
    TargetMissing, "target_missing", InvalidTarget, "Say with audience or resource which service the token is for.";
    TargetNotAllowed, "target_not_allowed", InvalidTarget, "The client may not exchange this token for one for this service. See the audiences of its token_exchange rules.";
    TokenBoundToKey, "token_bound_to_key", InvalidToken, "The access token is bound to a key. Present it with the DPoP scheme and a proof.";
    TokenDisabledUser, "token_disabled_user", InvalidToken, "The access token is not valid any more. Start the authorization again.";
    TokenExpired, "token_expired", InvalidToken, "The access token has expired. Refresh it.";
    TokenInQuery, "token_in_query", InvalidRequest, "Access tokens in the query are refused. Send it in the Authorization header.";
    TokenInvalid, "token_invalid", InvalidToken, "The access token is not one of this server.";
    TokenLacksScope, "token_lacks_scope", InsufficientScope, "The access token lacks a scope that is needed here.";
    TokenMissing, "token_missing", Unauthenticated, "An access token is needed. Send it in the Authorization header.";
    TokenNotBoundToKey, "token_not_bound_to_key", InvalidToken, "The access token is not bound to the key that the DPoP proof is signed with.";
    TokenParameterMissing, "token_parameter_missing", InvalidRequest, "token is missing.";
    TokenPresentedTwice, "token_presented_twice", InvalidRequest, "The access token was sent in more than one way. Use the Authorization header alone.";
    TokenRevoked, "token_revoked", InvalidToken, "The access token was revoked. Start the authorization again.";
    TooManyLoginAttempts, "too_many_login_attempts", TooManyRequests, "Too many attempts. Wait a little and try again.";
    UserDisabled, "user_disabled", InvalidGrant, "The account is switched off.";
    UserinfoWithoutUser, "userinfo_without_user", InvalidToken, "The access token belongs to a client, not to a user.";
    WrongPassword, "wrong_password", AccessDenied, "The user name or the password is wrong.";
}

#[cfg(test)]
mod tests {
    use super::Cause;

    #[test]
    fn ids_are_unique_and_sentences_fit_rfc_6749() {
        let mut ids = std::collections::BTreeSet::new();
        for cause in Cause::ALL {
            assert!(ids.insert(cause.id()), "{cause:?}");
            // error_description: %x20-21 / %x23-5B / %x5D-7E (RFC 6749 A.8)
            let fits = |b: u8| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
            assert!(cause.description().bytes().all(fits), "{cause:?}");
        }
    }
}
