//! Direct key agreement: ECDH-ES ([RFC 7518 §4.6]).
//!
//! [RFC 7518 §4.6]: https://www.rfc-editor.org/rfc/rfc7518#section-4.6

use aws_lc_rs::agreement::{
    Algorithm, ECDH_P256, ECDH_P384, ECDH_P521, ParsedPublicKey, PrivateKey, UnparsedPublicKey, agree,
};
use aws_lc_rs::digest;
use grantor_types::{ContentEncryptionAlgorithm, SecretBytes};

use super::content::key_len;
use crate::jwk::Curve;

/// The key that two parties derive for one content; `apu` and `apv` are what the header says about them, decoded.
/// `None` when the primitive fails.
pub(super) fn derive(
    private: &PrivateKey,
    public: &ParsedPublicKey,
    encryption: ContentEncryptionAlgorithm,
    (apu, apv): (&[u8], &[u8]),
) -> Option<SecretBytes> {
    agree(private, public.clone(), None, |shared| {
        concat_kdf(shared, encryption, apu, apv).ok_or(None::<SecretBytes>)
    })
    .ok()
}

/// Reads the uncompressed point of another party. The primitive checks that it lies on the curve, which RFC 7518 §4.6
/// leaves to SP 800-56A: a point of another curve would tell of the private key bit by bit.
pub(super) fn public_key(curve: Curve, point: &[u8]) -> Option<ParsedPublicKey> {
    UnparsedPublicKey::new(primitive(curve), point).try_into().ok()
}

pub(super) fn primitive(curve: Curve) -> &'static Algorithm {
    match curve {
        Curve::P256 => &ECDH_P256,
        Curve::P384 => &ECDH_P384,
        Curve::P521 => &ECDH_P521,
    }
}

/// The Concat KDF of NIST SP 800-56A with SHA-256, as [RFC 7518 §4.6.2] sets its parameters. Our keys are no longer
/// than one hash, so that there is one round.
///
/// [RFC 7518 §4.6.2]: https://www.rfc-editor.org/rfc/rfc7518#section-4.6.2
fn concat_kdf(
    shared: &[u8],
    encryption: ContentEncryptionAlgorithm,
    apu: &[u8],
    apv: &[u8],
) -> Option<SecretBytes> {
    let length = key_len(encryption);
    let bits = u32::try_from(length.checked_mul(8)?).ok()?;
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&1_u32.to_be_bytes());
    context.update(shared);
    // "In the Direct Key Agreement case, Data is set to the octets of the ASCII representation of the 'enc' Header
    // Parameter value." Each of the three is "a variable-length string of zero or more octets [with] a fixed-length,
    // big-endian 32-bit counter that indicates the length (in octets)".
    for part in [encryption.as_str().as_bytes(), apu, apv] {
        context.update(&u32::try_from(part.len()).ok()?.to_be_bytes());
        context.update(part);
    }
    context.update(&bits.to_be_bytes());
    let output = context.finish();
    output.as_ref().get(..length).map(SecretBytes::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64url;

    /// RFC 7518 appendix C: Alice's ephemeral private key, Bob's public key, and the key that they derive.
    #[test]
    fn ecdh_es_of_rfc_7518_c() {
        let decode = |text: &str| base64url::decode(text).unwrap();
        let alice = decode("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo");
        let alice = PrivateKey::from_private_key(&ECDH_P256, &alice).unwrap();
        let bob = [
            vec![4],
            decode("weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ"),
            decode("e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck"),
        ]
        .concat();
        let bob = public_key(Curve::P256, &bob).unwrap();
        let key = derive(
            &alice,
            &bob,
            ContentEncryptionAlgorithm::A128Gcm,
            (b"Alice", b"Bob"),
        )
        .unwrap();
        assert_eq!(base64url::encode(key.expose()), "VqqN6vgjbSBcIijNcacQGg");
    }

    #[test]
    fn both_sides_derive_the_same_on_every_curve() {
        for curve in Curve::ALL {
            let pair = || {
                let private = PrivateKey::generate(primitive(curve)).unwrap();
                let point = private.compute_public_key().unwrap();
                (private, public_key(curve, point.as_ref()).unwrap())
            };
            let ((ours, our_point), (theirs, their_point)) = (pair(), pair());
            let derive = |private, public, apu: &[u8]| {
                let key = derive(private, public, ContentEncryptionAlgorithm::A256Gcm, (apu, &[])).unwrap();
                key.expose().to_vec()
            };
            let key = derive(&ours, &their_point, &[]);
            assert_eq!(key, derive(&theirs, &our_point, &[]), "{curve:?}");
            assert_ne!(key, derive(&theirs, &our_point, b"apu"), "{curve:?}");
            assert_ne!(key, derive(&theirs, &their_point, &[]), "{curve:?}");
        }
    }

    #[test]
    fn a_point_off_its_curve_is_none() {
        for curve in Curve::ALL {
            let length = 2 * curve.coordinate_len();
            let mut point = vec![4; length + 1];
            assert!(public_key(curve, &point).is_none(), "{curve:?}");
            point.truncate(length);
            assert!(public_key(curve, &point).is_none(), "{curve:?}");
            assert!(public_key(curve, &[]).is_none());
            // The point at infinity.
            assert!(public_key(curve, &[0]).is_none());
        }
    }
}
