//! Signed tokens: `verify`, `hmac::verify`, DPoP proofs, and what is read before anything is verified.
//!
//! An input is a token as it came; or, with a line end in it, a header and claims, which are signed here with a secret,
//! so that what comes after the signature is reached as well.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use grantor_jose::digest::{HmacKey, hmac_sha256};
use grantor_jose::dpop::{PROOF_ALGORITHMS, ProofExpectation, verify_proof};
use grantor_jose::{
    Expectation, Jwks, KeySet, MAX_TOKEN_BYTES, Type, hmac, unverified_header, unverified_issuer, verify,
};
use grantor_types::{MacAlgorithm, Secret, SecretBytes};
use serde_json::{Value, json};

use crate::signed::{forgeries, input};
use crate::{Target, lines};

pub(crate) const TARGET: Target = Target {
    name: "jws",
    run,
    seeds,
    forged,
};

const SECRET: &str = "a secret of more than thirty-two octets";
const NOW: u64 = 1_000;
/// The token of RFC 7515 appendix A.3, and the claims in it.
const A_3: &str = concat!(
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf",
    "Q.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
);

/// The keys of RFC 7515 A.3 and of RFC 8032 7.1, test 2, without names, as clients register them.
static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let keys = json!({"keys": [
        {
            "kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
        {"kty": "OKP", "crv": "Ed25519", "x": "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"},
    ]});
    KeySet::from_jwks(&serde_json::from_value::<Jwks>(keys).unwrap()).kid_optional()
});

fn run(input: &[u8]) -> bool {
    match lines(input) {
        Some((header, claims)) => signed_by_a_secret(header, claims),
        None => std::str::from_utf8(input).is_ok_and(as_it_came),
    }
}

fn as_it_came(token: &str) -> bool {
    let _ = unverified_header(token);
    let _ = unverified_issuer(token);
    let expectation = Expectation::for_any_audience(Type::Jwt, "joe", NOW);
    let verified = verify::<Value>(token, &KEYS, &expectation);
    if let Ok(verified) = &verified {
        // Nobody can have made another one.
        assert_eq!(token.rsplit_once('.').unwrap().0, A_3.rsplit_once('.').unwrap().0);
        assert_eq!(verified.claims()["iss"], "joe");
    }
    let secret = Secret::new(SECRET);
    assert!(
        hmac::verify::<Value>(token, &secret, MacAlgorithm::ALL, &expectation).is_err(),
        "nobody knows the secret"
    );
    let proof = ProofExpectation {
        method: "POST",
        uri: "https://as.example/token",
        access_token: None,
        algorithms: &PROOF_ALGORITHMS,
        now: NOW,
    };
    if let Ok(proof) = verify_proof(token, &proof) {
        assert!(proof.remember_until() >= NOW);
    }
    verified.is_ok()
}

fn signed_by_a_secret(header: &str, claims: &str) -> bool {
    let input = input(header, claims);
    let key = HmacKey::from_bytes(&SecretBytes::new(SECRET.as_bytes()));
    let tag = URL_SAFE_NO_PAD.encode(hmac_sha256(&key, &[input.as_bytes()]));
    let token = format!("{input}.{tag}");

    let audiences = ["https://as.example", "https://as.example/token"];
    let expectation = Expectation::for_one_of(Type::ClientAuthentication, "client", &audiences, NOW)
        .clock_ahead(60)
        .max_lifetime(300);
    let secret = Secret::new(SECRET);
    let algorithms = [MacAlgorithm::Hs256];
    let verified = hmac::verify::<Value>(&token, &secret, &algorithms, &expectation);
    if let Ok(verified) = &verified {
        assert!(token.len() <= MAX_TOKEN_BYTES);
        assert_eq!(verified.header().algorithm(), MacAlgorithm::Hs256);
        let claims = verified.claims();
        assert_eq!(claims["iss"], "client");
        let seconds = |name: &str| claims[name].as_f64();
        assert!((NOW as f64..NOW as f64 + 361.0).contains(&seconds("exp").unwrap()));
        for name in ["nbf", "iat"] {
            assert!(seconds(name).is_none_or(|seconds| seconds < NOW as f64 + 61.0));
        }
        let names = |value: &Value| value.as_str().is_some_and(|name| audiences.contains(&name));
        let audience = &claims["aud"];
        assert!(names(audience) || audience.as_array().is_some_and(|all| all.iter().any(names)));
    }
    verified.is_ok()
}

fn seeds() -> Vec<Vec<u8>> {
    let header = r#"{"alg":"HS256","typ":"JWT","kid":"1"}"#;
    let claims =
        r#"{"iss":"client","sub":"client","aud":["https://as.example"],"exp":1060,"iat":1e3,"nbf":990}"#;
    [
        A_3.to_owned(),
        "eyJhbGciOiJub25lIn0.e30.".to_owned(),
        format!("{header}\n{claims}"),
        format!(
            r#"{{"alg":"HS256","crit":["b64"],"b64":false}}{}{{"iss":"\u0063lient"}}"#,
            "\n"
        ),
    ]
    .map(String::into_bytes)
    .into()
}

/// Tokens of the issuer that [`A_3`] is of.
fn forged() -> Vec<Vec<u8>> {
    forgeries("JWT", &json!({ "iss": "joe", "exp": 1_300_819_380 }))
}
