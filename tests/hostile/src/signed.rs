//! One key that is known, another that is not, and every forgery that has ever passed somewhere.

use std::sync::LazyLock;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use grantor_jose::{Jwks, KeySet};
use serde_json::{Value, json};

use crate::lines;

/// The name of the known key.
pub(crate) const KID: &str = "known";
/// RFC 8032 7.1, test 1; its public half is in RFC 8037 A.2.
const KNOWN_SEED: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44,
    0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];

/// How deep lists lie in one another, in what is deep.
const DEPTH: usize = 2_000;

static KNOWN: LazyLock<Ed25519KeyPair> =
    LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&KNOWN_SEED).unwrap());
static STRANGE: LazyLock<Ed25519KeyPair> =
    LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&[0x42; 32]).unwrap());

fn jwk(pair: &Ed25519KeyPair, kid: &str) -> Value {
    let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x })
}

/// The public half of the known key, as it is registered and published.
pub(crate) fn public_keys() -> Jwks {
    serde_json::from_value(json!({ "keys": [jwk(&KNOWN, KID)] })).unwrap()
}

/// What tokens of our own are verified with.
pub(crate) static OWN_KEYS: LazyLock<KeySet> = LazyLock::new(|| KeySet::from_jwks(&public_keys()));
/// What tokens of the client are verified with; it need not name its key.
pub(crate) static CLIENT_KEYS: LazyLock<KeySet> =
    LazyLock::new(|| KeySet::from_jwks(&public_keys()).kid_optional());

/// Signs a header and claims, whatever they say, with the known key.
pub(crate) fn by_known_key(header: &str, claims: &str) -> String {
    signed(&KNOWN, header, claims)
}

/// The token that an input is: what the known key makes of a header and claims, or one that came as it is.
pub(crate) fn token(input: &[u8]) -> String {
    match lines(input) {
        Some((header, claims)) => by_known_key(header, claims),
        None => String::from_utf8_lossy(input).into_owned(),
    }
}

/// These claims signed by the known key, each time with one of them changed. One that becomes null is also left out.
pub(crate) fn altered<const N: usize>(
    typ: &str,
    claims: &Value,
    changes: [(&str, Value); N],
) -> Vec<Vec<u8>> {
    let header = header(typ).to_string();
    let mut tokens = Vec::new();
    for (name, value) in changes {
        let mut claims = claims.clone();
        let left_out = value.is_null();
        claims[name] = value;
        tokens.push(by_known_key(&header, &claims.to_string()).into_bytes());
        if left_out {
            claims.as_object_mut().unwrap().remove(name);
            tokens.push(by_known_key(&header, &claims.to_string()).into_bytes());
        }
    }
    tokens
}

fn signed(pair: &Ed25519KeyPair, header: &str, claims: &str) -> String {
    let input = input(header, claims);
    let signature = pair.sign(input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
}

/// What a signature is of: a header and claims, whatever they say.
pub(crate) fn input(header: &str, claims: &str) -> String {
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    )
}

/// The header that the known key signs under.
pub(crate) fn header(typ: &str) -> Value {
    json!({ "alg": "EdDSA", "kid": KID, "typ": typ })
}

/// Forgeries of these claims. The known key has signed none of them, or it has signed what may not be taken.
pub(crate) fn forgeries(typ: &str, claims: &Value) -> Vec<Vec<u8>> {
    let claims = claims.to_string();
    let mut tokens = without_signature(typ, &claims);
    tokens.extend(by_the_public_key(typ, &claims));
    tokens.extend(by_a_strange_key(typ, &claims));
    tokens.extend(under_headers_that_are_refused(typ, &claims));
    tokens.into_iter().map(String::into_bytes).collect()
}

fn with(typ: &str, changes: &Value) -> String {
    let mut header = header(typ);
    header
        .as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    header.to_string()
}

/// `none` in its spellings, with nothing or a good signature at the end; signatures that say nothing.
fn without_signature(typ: &str, claims: &str) -> Vec<String> {
    let good = by_known_key(&header(typ).to_string(), claims);
    let (good_input, signature) = good.rsplit_once('.').unwrap();
    let mut tokens = Vec::new();
    for none in ["none", "None", "NONE", "nOnE", "", " none", "null"] {
        let input = input(&with(typ, &json!({ "alg": none })), claims);
        tokens.push(format!("{input}."));
        tokens.push(format!("{input}.{signature}"));
        tokens.push(input);
    }
    for alg in [json!(null), json!(["EdDSA"]), json!({}), json!(0)] {
        tokens.push(format!(
            "{}.{signature}",
            input(&with(typ, &json!({ "alg": alg })), claims)
        ));
    }
    let zeros = URL_SAFE_NO_PAD.encode([0; 64]);
    for signature in [
        "",
        "AA",
        &zeros,
        &signature[..signature.len() - 1],
        &format!("{signature}="),
    ] {
        tokens.push(format!("{good_input}.{signature}"));
    }
    tokens.push(format!("{good}."));
    tokens.push(format!("{good_input}.{signature}.{signature}"));
    // A signature of nothing under an algorithm of another family.
    for alg in ["ES256", "RS256", "PS256", "ES384", "ES256K"] {
        tokens.push(format!(
            "{}.{zeros}",
            input(&with(typ, &json!({ "alg": alg })), claims)
        ));
        tokens.push(by_known_key(&with(typ, &json!({ "alg": alg })), claims));
    }
    tokens
}

/// What everybody knows as the secret of a MAC: the key as bytes, as a JWK, as a set, as SubjectPublicKeyInfo, and nothing.
fn by_the_public_key(typ: &str, claims: &str) -> Vec<String> {
    let raw = KNOWN.public_key().as_ref().to_vec();
    let info = [
        &[
            0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
        ][..],
        &raw,
    ]
    .concat();
    let set = json!({ "keys": [jwk(&KNOWN, KID)] });
    let secrets = [
        raw.clone(),
        URL_SAFE_NO_PAD.encode(&raw).into_bytes(),
        jwk(&KNOWN, KID).to_string().into_bytes(),
        set.to_string().into_bytes(),
        info,
        Vec::new(),
    ];
    let algorithms = [
        ("HS256", hmac::HMAC_SHA256),
        ("HS384", hmac::HMAC_SHA384),
        ("HS512", hmac::HMAC_SHA512),
    ];
    let mut tokens = Vec::new();
    for secret in secrets {
        for (alg, algorithm) in algorithms {
            let input = input(&with(typ, &json!({ "alg": alg })), claims);
            let tag = hmac::sign(&hmac::Key::new(algorithm, &secret), input.as_bytes());
            tokens.push(format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref())));
        }
    }
    tokens
}

/// A key that nobody knows, under the name of the known one, beside itself, or at an address of its own.
fn by_a_strange_key(typ: &str, claims: &str) -> Vec<String> {
    let own = jwk(&STRANGE, "strange");
    let under_the_name = jwk(&STRANGE, KID);
    let changes = [
        json!({}),
        json!({ "kid": "strange" }),
        json!({ "kid": null }),
        json!({ "jwk": own, "kid": "strange" }),
        json!({ "jwk": under_the_name }),
        json!({ "jku": "https://evil.example/jwks.json", "kid": "strange" }),
        json!({ "x5u": "https://evil.example/x5u.pem" }),
        json!({ "x5c": ["MIIB"], "x5t": "AAAA" }),
        json!({ "kid": "../../../../dev/null" }),
        json!({ "kid": "' OR 1=1 --" }),
        json!({ "kid": "known\u{0}" }),
        json!({ "kid": ["known"] }),
        json!({ "kid": { "$ne": null } }),
        json!({ "kid": "| cat /etc/passwd" }),
        json!({ "kid": "k".repeat(1000) }),
    ];
    let of_change = |change: &Value| signed(&STRANGE, &with(typ, change), claims);
    let mut tokens: Vec<String> = changes.iter().map(of_change).collect();
    let twice = format!("{{\"alg\":\"EdDSA\",\"alg\":\"none\",\"kid\":\"{KID}\",\"typ\":\"{typ}\"}}");
    tokens.push(format!("{}.", input(&twice, claims)));
    tokens.push(signed(&STRANGE, &twice, claims));
    let (header, claims) = deep(typ, claims);
    tokens.push(signed(&STRANGE, &header, &claims));
    tokens
}

/// Lists in lists, in a member that nobody knows of the header and of the claims. Whoever holds the key may send them; they
/// must do no harm.
pub(crate) fn deep(typ: &str, claims: &str) -> (String, String) {
    let lists = format!("{}1{}", "[".repeat(DEPTH), "]".repeat(DEPTH));
    let around = |object: &str| format!("{{\"deep\":{lists},{}", object.trim_start_matches('{'));
    (around(&header(typ).to_string()), around(claims))
}

/// Signed by the known key, and still not to be taken: what has to be understood and is not, what two readers read in two
/// ways, what is too much.
fn under_headers_that_are_refused(typ: &str, claims: &str) -> Vec<String> {
    let kid = KID;
    let changes = [
        json!({ "crit": ["exp"], "exp": 1 }),
        json!({ "crit": [] }),
        json!({ "crit": ["b64"], "b64": false }),
        json!({ "b64": false }),
        json!({ "typ": "secevent+jwt" }),
        json!({ "typ": "at+jwt" }),
        json!({ "kid": "unheard-of" }),
        json!({ "padding": "x".repeat(100_000) }),
    ];
    let mut headers: Vec<String> = changes.iter().map(|change| with(typ, change)).collect();
    headers.push(format!(
        "{{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\",\"kid\":\"{kid}\",\"typ\":\"{typ}\"}}"
    ));
    headers.push(format!(
        "{{\"alg\":\"EdDSA\",\"kid\":\"{kid}\",\"kid\":\"{kid}\",\"typ\":\"{typ}\"}}"
    ));
    headers.push("[]".to_owned());
    headers.push("null".to_owned());
    let mut tokens: Vec<String> = headers
        .iter()
        .map(|header| by_known_key(header, claims))
        .collect();
    let good = header(typ).to_string();
    let inside = claims.trim_start_matches('{');
    for claims in [
        "[]".to_owned(),
        "null".to_owned(),
        "{".to_owned(),
        format!("{{\"iss\":\"evil\",{inside}"),
        format!("{{\"x\":\"{}\",{inside}", "y".repeat(100_000)),
    ] {
        tokens.push(by_known_key(&good, &claims));
    }
    tokens
}
