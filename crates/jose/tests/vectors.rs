//! The signed examples of the RFCs, which other implementations made.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use grantor_jose::{Expectation, Jwk, KeySet, Type, VerifyError, VerifyingKey, verify};
use serde_json::{Value, json};

/// `{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}`
const PAYLOAD: &str =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

fn keys(jwk: Value) -> KeySet {
    let jwk: Jwk = serde_json::from_value(jwk).unwrap();
    KeySet::from_keys([VerifyingKey::from_jwk(&jwk).unwrap()])
}

fn at(now: u64) -> Expectation<'static> {
    Expectation::for_any_audience(Type::Jwt, "joe", now)
}

#[test]
fn rs256_of_rfc_7515_a_2() {
    let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5ju\
        jGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_\
        eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIh\
        WkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-\
        SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7W\
        TBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kz\
        k2PAcDTW9gb54h4FRWyuXpoQ";
    let keys = keys(json!({"kty": "RSA", "n": n, "e": "AQAB"}));
    let token = format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}.{signature}");

    let verified = verify::<Value>(&token, &keys, &at(1_300_819_379)).unwrap();
    assert_eq!(verified.claims()["http://example.com/is_root"], true);
    assert_eq!(
        verify::<Value>(&token, &keys, &at(1_300_819_380)).unwrap_err(),
        VerifyError::Expired
    );

    // The same octets are no PS256 signature, though the key could verify one.
    let token = format!("eyJhbGciOiJQUzI1NiJ9.{PAYLOAD}.{signature}");
    assert_eq!(
        verify::<Value>(&token, &keys, &at(0)).unwrap_err(),
        VerifyError::BadSignature
    );
}

#[test]
fn es256_of_rfc_7515_a_3() {
    let keys = keys(json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }));
    let token = format!(
        "eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqP\
         P3-Kg6NU1Q"
    );
    let verified = verify::<Value>(&token, &keys, &at(1_300_819_379)).unwrap();
    assert_eq!(verified.into_claims()["iss"], "joe");
}

#[test]
fn ed25519_of_rfc_8037_a_4() {
    let keys = keys(json!({
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }));
    let signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    // The payload is a sentence and no claims; to be refused for that, the signature has to be right.
    let token = format!("{signed}.{signature}");
    assert_eq!(
        verify::<Value>(&token, &keys, &at(0)).unwrap_err(),
        VerifyError::ClaimsJson
    );
    let token = format!("{signed}.A{signature}", signature = &signature[1..]);
    assert_eq!(
        verify::<Value>(&token, &keys, &at(0)).unwrap_err(),
        VerifyError::BadSignature
    );
}

#[test]
fn hs256_of_rfc_7515_a_1_and_none_of_a_5() {
    let keys = KeySet::default();
    let hs256 = format!(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
    let none = format!("eyJhbGciOiJub25lIn0.{PAYLOAD}.");
    for token in [hs256, none] {
        assert_eq!(
            verify::<Value>(&token, &keys, &at(0)).unwrap_err(),
            VerifyError::UnsupportedAlgorithm
        );
    }
}
