//! Secrets that a process of the tests and the test that looks into its memory both know, without one telling the other.

/// As long as a token of a provider with 256 random bits.
const LENGTH: usize = 43;
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The secret of this name. It is written where it stays: the buffer does not grow.
pub fn secret(name: &str) -> String {
    // FNV-1a, then a generator of Knuth's: nothing but a text that is nowhere else.
    let mut state = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut text = String::with_capacity(LENGTH);
    for _ in 0..LENGTH {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let letter = usize::try_from(state >> 58)
            .ok()
            .and_then(|index| LETTERS.get(index));
        text.extend(letter.map(|letter| char::from(*letter)));
    }
    text
}
