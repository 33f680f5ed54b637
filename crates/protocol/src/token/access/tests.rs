//! Audience, form, algorithm and lifetime: which declaration comes before which.

use grantor_types::{Audience, Seconds, SigningAlgorithm, TokenFormat, TokenId};

use super::{AccessTokenFor, UnsignedAccessToken, access_token};
use crate::fixture::{API, FILES, NOW, RANDOM, World, active_grant, confidential, resource, scope};
use crate::record::{Client, Grant, ResourceServer};

const ISSUER: &str = "https://id.example";

/// The token of a client for these resources, with what policy, client and the two resource servers declare.
fn token(
    world: &World,
    client: &Client,
    grant: Option<&Grant>,
    (text, resources): (&str, &[&str]),
) -> UnsignedAccessToken {
    let resources: Vec<_> = resources.iter().map(|id| resource(id)).collect();
    let wanted = AccessTokenFor {
        client,
        grant,
        scope: &scope(text),
        resources: &resources,
        until: None,
        dpop_key: None,
    };
    access_token(&world.cx(), &RANDOM, &wanted)
}

fn one(value: &str) -> Audience {
    Audience::One(value.to_owned())
}

fn many(values: &[&str]) -> Audience {
    Audience::Many(values.iter().map(|value| (*value).to_owned()).collect())
}

/// "the authorization server MUST use a default resource indicator in the "aud" claim" (RFC 9068 3)
#[test]
fn audiences() {
    #[rustfmt::skip]
    let rows: &[(Option<&str>, &str, &[&str], Audience)] = &[
        // the policy's default, scope, resources
        (None, "read", &[], one(ISSUER)),
        (None, "openid read", &[], one(ISSUER)),
        (None, "read", &[API], one(API)),
        (None, "openid", &[API], many(&[API, ISSUER])),
        (None, "read", &[FILES, API], many(&[FILES, API])),
        (None, "openid", &[FILES, API], many(&[FILES, API, ISSUER])),
        (Some("default"), "read", &[], one("default")),
        (Some("default"), "openid", &[], many(&["default", ISSUER])),
        (Some("default"), "read", &[API], one(API)),
        (Some("default"), "openid", &[API], many(&[API, ISSUER])),
        // Not declared, and still asked for by a client that is registered for it.
        (None, "read", &["https://undeclared.example"], one("https://undeclared.example")),
        // With openid the issuer is an audience; once is enough.
        (Some(ISSUER), "openid", &[], one(ISSUER)),
        (None, "openid", &[ISSUER], one(ISSUER)),
    ];
    for (default, text, resources, expected) in rows {
        let mut world = World::new();
        world.policy.default_audience = default.map(resource);
        let found = token(&world, &confidential(), None, (text, resources));
        assert_eq!(found.claims.aud, *expected, "{default:?} {text} {resources:?}");
    }
}

/// What one row declares: policy, client, the API, the file server.
fn declare<T: Copy>(
    row: (T, Option<T>, Option<T>, Option<T>),
    policy: impl Fn(&mut World, T),
    client: impl Fn(&mut Client, Option<T>),
    server: impl Fn(&mut ResourceServer, Option<T>),
) -> (World, Client) {
    let (mut world, mut registered) = (World::new(), confidential());
    policy(&mut world, row.0);
    client(&mut registered, row.1);
    server(&mut world.catalogue.resources[0], row.2);
    server(&mut world.catalogue.resources[1], row.3);
    (world, registered)
}

#[test]
fn formats() {
    use TokenFormat::{Jwt, Opaque};
    let both: &[&str] = &[API, FILES];
    #[rustfmt::skip]
    let rows: &[(_, &[&str], TokenFormat)] = &[
        ((Jwt, None, None, None), &[], Jwt),
        ((Opaque, None, None, None), &[], Opaque),
        ((Opaque, Some(Jwt), None, None), &[API], Jwt),
        ((Jwt, Some(Opaque), None, None), &[API], Opaque),
        ((Jwt, Some(Opaque), Some(Jwt), None), &[API], Jwt),
        ((Jwt, Some(Opaque), Some(Jwt), None), &[FILES], Opaque),
        ((Jwt, Some(Opaque), Some(Jwt), None), &[], Opaque),
        ((Jwt, None, Some(Opaque), None), &[API], Opaque),
        ((Jwt, None, Some(Opaque), None), &[FILES], Jwt),
        // The strictest counts: what one server must not read, none reads.
        ((Jwt, None, Some(Jwt), Some(Opaque)), both, Opaque),
        ((Jwt, None, Some(Opaque), Some(Jwt)), both, Opaque),
        ((Opaque, None, Some(Jwt), None), both, Jwt),
    ];
    for (row, resources, expected) in rows {
        let (world, client) = declare(
            *row,
            |world, format| world.policy.access_token_format = format,
            |client, format| client.access_token_format = format,
            |server, format| server.access_token_format = format,
        );
        let found = token(&world, &client, None, ("read", resources));
        assert_eq!(found.format, *expected, "{row:?} {resources:?}");
    }
}

#[test]
fn algorithms() {
    use SigningAlgorithm::{EdDsa, Es256, Ps256, Rs256};
    #[rustfmt::skip]
    let rows: &[(_, &[&str], SigningAlgorithm)] = &[
        ((Es256, None, None, None), &[], Es256),
        ((Rs256, None, None, None), &[API], Rs256),
        ((Es256, Some(Ps256), None, None), &[API], Ps256),
        ((Es256, Some(Ps256), Some(EdDsa), None), &[API], EdDsa),
        ((Es256, Some(Ps256), Some(EdDsa), None), &[FILES], Ps256),
        ((Es256, None, Some(EdDsa), Some(Rs256)), &[API, FILES], EdDsa),
        ((Es256, None, None, Some(Rs256)), &[API, FILES], Rs256),
    ];
    for (row, resources, expected) in rows {
        let (world, client) = declare(
            *row,
            |world, algorithm| world.policy.access_token_algorithm = algorithm,
            |client, algorithm| client.access_token_algorithm = algorithm,
            |server, algorithm| server.access_token_algorithm = algorithm,
        );
        let found = token(&world, &client, None, ("read", resources));
        assert_eq!(found.algorithm, *expected, "{row:?} {resources:?}");
    }
}

#[test]
fn lifetimes() {
    let (short, middle, long) = (Seconds(60), Seconds(600), Seconds(6000));
    #[rustfmt::skip]
    let rows: &[(_, &[&str], Seconds)] = &[
        ((middle, None, None, None), &[], middle),
        ((middle, Some(long), None, None), &[], long),
        ((middle, Some(long), Some(short), None), &[API], short),
        ((short, Some(short), Some(long), None), &[API], long),
        ((middle, Some(long), Some(short), None), &[FILES], long),
        // The shortest of several servers.
        ((middle, None, Some(long), Some(short)), &[API, FILES], short),
        ((middle, None, Some(short), Some(long)), &[API, FILES], short),
        ((middle, None, None, Some(long)), &[API, FILES], long),
    ];
    for (row, resources, expected) in rows {
        let (world, client) = declare(
            *row,
            |world, lifetime| world.policy.access_token_lifetime = lifetime,
            |client, lifetime| client.lifetimes.access_token = lifetime,
            |server, lifetime| server.access_token_lifetime = lifetime,
        );
        let found = token(&world, &client, None, ("read", resources));
        assert_eq!(found.expires_in(), expected.0, "{row:?} {resources:?}");
        assert_eq!(found.expires_at(), NOW.plus(*expected));
    }
}

#[test]
fn no_token_outlives_its_grant() {
    let (world, client, grant) = (World::new(), confidential(), active_grant(0));
    for (until, expected) in [(7200, 3600), (3600, 3600), (3599, 3599), (1, 1), (0, 0)] {
        let wanted = AccessTokenFor {
            client: &client,
            grant: Some(&grant),
            scope: &scope("read"),
            resources: &[],
            until: Some(NOW.plus(Seconds(until))),
            dpop_key: None,
        };
        assert_eq!(access_token(&world.cx(), &RANDOM, &wanted).expires_in(), expected);
    }
}

#[test]
fn claims_of_a_users_and_of_a_clients_token() {
    let (world, client, grant) = (World::new(), confidential(), active_grant(0));
    let users = token(&world, &client, Some(&grant), ("openid read", &[])).claims;
    let own = token(&world, &client, None, ("read", &[])).claims;
    for claims in [&users, &own] {
        assert_eq!(claims.iss, ISSUER);
        assert_eq!(claims.client_id, client.id);
        assert_eq!(claims.iat, NOW.as_seconds());
        assert_eq!(claims.jti, TokenId::new(NOW, [2; 10]));
        assert_eq!(claims.acr, None);
    }
    assert_eq!(users.sub, grant.user.to_string());
    assert_eq!(users.auth_time, Some(grant.auth_time.as_seconds()));
    assert_eq!(users.grant, Some(grant.id));
    assert_eq!(users.scope, scope("openid read"));
    assert_eq!((own.sub.as_str(), own.auth_time, own.grant), ("app", None, None));
}
