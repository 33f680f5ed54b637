//! Random bytes from the system's generator, by way of aws-lc-rs.

use grantor_types::SecretBytes;

use crate::{JoseError, base64url};

/// Fills the whole slice with bytes fit for keys and secrets.
///
/// # Errors
/// [`JoseError::Random`] when the generator fails; the slice is then not to be used.
pub fn fill(bytes: &mut [u8]) -> Result<(), JoseError> {
    aws_lc_rs::rand::fill(bytes).map_err(|_| JoseError::Random)
}

/// An array of random bytes.
///
/// # Errors
/// As [`fill`].
pub fn array<const LENGTH: usize>() -> Result<[u8; LENGTH], JoseError> {
    let mut bytes = [0; LENGTH];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// Random bytes to be kept secret: they are nowhere but in what is returned, and wiped with it.
///
/// # Errors
/// As [`fill`].
pub fn secret<const LENGTH: usize>() -> Result<SecretBytes, JoseError> {
    let mut bytes = vec![0; LENGTH];
    fill(&mut bytes)?;
    Ok(SecretBytes::new(bytes))
}

/// What nobody guesses: 256 random bits as base64url, 43 characters, which is also the form of a code verifier (RFC 7636
/// §4.1).
///
/// # Errors
/// As [`fill`].
pub fn text() -> Result<String, JoseError> {
    Ok(base64url::encode(secret::<32>()?.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        assert_ne!(array::<32>().unwrap(), array::<32>().unwrap());
        assert_eq!(secret::<32>().unwrap().expose().len(), 32);
        assert_ne!(secret::<32>().unwrap().expose(), secret::<32>().unwrap().expose());
        assert_ne!(text().unwrap(), text().unwrap());
        assert_eq!(text().unwrap().len(), 43);
    }
}
