//! Keystone's key repositories: numbered files, each with one Fernet key.

use std::path::Path;

use crate::driver::File;
use crate::site::Secret;

/// Returns a repository's files.
pub(super) fn repository(folder: &Path, keys: &[Secret; 2]) -> Vec<File> {
    let numbered = keys.iter().enumerate();
    numbered
        .map(|(number, key)| File {
            path: folder.join(number.to_string()),
            content: base64url(key.expose().as_bytes()).into_bytes(),
            mode: 0o600,
        })
        .collect()
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Encodes bytes as a Fernet key (RFC 4648, section 5): 32 bytes give 44 characters.
fn base64url(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let index = (word >> (18 - 6 * at)) & 63;
            let letter = ALPHABET.get(index as usize).copied().unwrap_or(b'=');
            text.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_rfc_4648() {
        let pairs = [("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (bytes, text) in pairs {
            assert_eq!(base64url(bytes.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8=");
    }
}
