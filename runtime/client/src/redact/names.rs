//! Which names stand for secrets: of JSON keys, headers, query parameters and
//! options in text.
//!
//! Services, drivers and users spell the same thing in many ways
//! (`adminPass`, `auth_password`, `X-Account-Meta-Temp-URL-Key-2`,
//! `OS-EXT-SRV-ATTR:user_data`), so a name is compared without case, separators
//! and a number at its end, and by how it ends.

use std::sync::LazyLock;

/// How sure a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secrecy {
    /// The value is a password, a token or a key, and is one wherever it appears.
    Credential,
    /// The value is hidden under this name, but may be ordinary text elsewhere.
    Content,
    /// The name is an ordinary word too: in running text, only a value that looks
    /// random is taken for a secret.
    Weak,
}

use Secrecy::{Content, Credential, Weak};

/// Endings of names, in lower case and without separators.
const SUFFIXES: &[(&str, Secrecy)] = &[
    ("accesskey", Credential),
    ("accesskeyid", Credential),
    ("accountkey", Credential),
    ("adminpass", Credential),
    ("apikey", Credential),
    ("authkey", Credential),
    ("authorization", Credential),
    ("authreceipt", Credential),
    ("clientkeydata", Credential),
    ("cookie", Credential),
    ("dbpass", Credential),
    ("devicecode", Credential),
    ("encryptionkey", Credential),
    ("keyring", Credential),
    ("keytab", Credential),
    ("kubeconfig", Credential),
    ("masterkey", Credential),
    ("newpass", Credential),
    ("oauthverifier", Credential),
    ("oldpass", Credential),
    ("passcode", Credential),
    ("passphrase", Credential),
    ("passwd", Credential),
    ("password", Credential),
    ("passwordhash", Credential),
    ("presharedkey", Credential),
    ("privatekey", Credential),
    ("privkey", Credential),
    ("psk", Credential),
    ("rescuepass", Credential),
    ("rndckey", Credential),
    ("rootpass", Credential),
    ("samlresponse", Credential),
    ("secret", Credential),
    ("secretkey", Credential),
    ("secretuuid", Credential),
    ("sessionkey", Credential),
    ("sharedkey", Credential),
    ("signature", Credential),
    ("signingkey", Credential),
    ("snmpcommunity", Credential),
    ("storagekey", Credential),
    ("storagepass", Credential),
    ("synckey", Credential),
    ("tempurlkey", Credential),
    ("tempurlsig", Credential),
    ("token", Credential),
    ("tsigkey", Credential),
    ("userdata", Content),
    ("userpass", Credential),
    ("xamzcredential", Credential),
];

/// Whole names, in lower case and without separators.
const WHOLE: &[(&str, Secrecy)] = &[
    ("access", Weak),
    ("assertion", Credential),
    ("blob", Content),
    ("configdrive", Content),
    ("contents", Content),
    ("credential", Weak),
    ("hmac", Credential),
    ("jwt", Credential),
    ("kek", Credential),
    ("key", Weak),
    ("otp", Credential),
    ("pass", Weak),
    ("payload", Content),
    ("pfx", Content),
    ("pkcs", Content),
    ("pwd", Credential),
    ("sig", Weak),
    ("totp", Credential),
];

/// The entries of both tables by their last byte: a name is compared with a few of them.
static BY_LAST: LazyLock<[Vec<Entry>; 128]> = LazyLock::new(|| {
    let mut by_last = [const { Vec::new() }; 128];
    let suffixes = SUFFIXES.iter().map(|entry| (entry, false));
    for (&(word, secrecy), whole) in suffixes.chain(WHOLE.iter().map(|entry| (entry, true))) {
        if let Some(last) = word.bytes().last() {
            by_last[usize::from(last & 0x7f)].push(Entry { word, secrecy, whole });
        }
    }
    by_last
});

/// An entry of one of the tables.
struct Entry {
    word: &'static str,
    secrecy: Secrecy,
    /// Whether it is a whole name.
    whole: bool,
}

/// The end of a name that is looked at; no entry of the tables is longer.
const LONGEST: usize = 24;

/// Returns how secret the value under a name is, if it is.
pub(super) fn secrecy(name: &str) -> Option<Secrecy> {
    let mut plain = Plain::of(name)?;
    plain.found().or_else(|| {
        // Lists are named in the plural.
        plain.drop_last_if(b's').then(|| plain.found()).flatten()
    })
}

/// Whether a header, in lower case, is object storage's metadata and holds a key of the
/// user's own.
pub(super) fn is_secret_metadata(name: &str) -> bool {
    let Some((_, own)) = name.strip_prefix("x-").and_then(|name| name.split_once("-meta-")) else {
        return false;
    };
    let own = own.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    own.ends_with("key") || own.ends_with("pass")
}

/// The end of a name, in lower case and without separators.
struct Plain {
    /// Filled from the end.
    bytes: [u8; LONGEST],
    start: usize,
    end: usize,
    /// Whether the name has no more than this.
    whole: bool,
}

impl Plain {
    /// Reads a name backwards, up to the `:` behind an extension's alias.
    fn of(name: &str) -> Option<Self> {
        let mut plain = Self { bytes: [0; LONGEST], start: LONGEST, end: LONGEST, whole: true };
        for byte in name.bytes().rev() {
            match byte {
                b'_' | b'-' | b'.' | b' ' => {}
                b':' => break,
                b'0'..=b'9' if plain.start == LONGEST => {}
                _ if plain.start == 0 => {
                    plain.whole = false;
                    break;
                }
                _ => {
                    plain.start -= 1;
                    plain.bytes[plain.start] = byte.to_ascii_lowercase();
                }
            }
        }
        if plain.start == LONGEST {
            return None;
        }
        Some(plain)
    }

    fn text(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    fn drop_last_if(&mut self, last: u8) -> bool {
        let drop = self.text().last() == Some(&last);
        if drop {
            self.end -= 1;
        }
        drop
    }

    fn found(&self) -> Option<Secrecy> {
        let text = self.text();
        let last = text.last()?;
        let is = |entry: &&Entry| {
            if entry.whole {
                self.whole && text == entry.word.as_bytes()
            } else {
                text.ends_with(entry.word.as_bytes())
            }
        };
        BY_LAST[usize::from(last & 0x7f)].iter().find(is).map(|entry| entry.secrecy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_however_it_is_spelled() {
        for name in [
            "adminPass",
            "auth_password",
            "X-Account-Meta-Temp-URL-Key-2",
            "x-container-sync-key",
            "OS-EXT-SRV-ATTR:user_data",
            "X-Amz-Security-Token",
            "oauth_token_secret",
            "Password",
            "passwords",
            "client-key-data",
            "discovery_auth_password",
            "psk",
            "key",
            "X-Ext:blob",
        ] {
            assert!(secrecy(name).is_some(), "{name}");
        }
    }

    /// For each entry of the tables, a name of it that services, drivers or tools use.
    #[test]
    fn every_entry_is_the_end_of_a_name_in_use() {
        let names = [
            "secret_access_key",
            "AWSAccessKeyId",
            "azure_account_key",
            "adminPass",
            "X-API-Key",
            "X-Auth-Key",
            "Proxy-Authorization",
            "Openstack-Auth-Receipt",
            "client-key-data",
            "Set-Cookie",
            "NOVA_DBPASS",
            "device_code",
            "encryption_key",
            "rbd_keyring",
            "krb5_keytab",
            "kubeconfig",
            "master_key",
            "new_pass",
            "oauth_verifier",
            "old_pass",
            "passcode",
            "luks_passphrase",
            "san_passwd",
            "db_password",
            "password_hash",
            "pre_shared_key",
            "ca_private_key",
            "privkey",
            "ipsec_psk",
            "rescue_pass",
            "rndc_key",
            "root_pass",
            "SAMLResponse",
            "client_secret",
            "secret_key",
            "secret_uuid",
            "session_key",
            "shared_key",
            "oauth_signature",
            "signing_key",
            "snmp_community",
            "storage_key",
            "storage_pass",
            "X-Container-Sync-Key",
            "X-Account-Meta-Temp-URL-Key",
            "temp_url_sig",
            "X-Auth-Token",
            "tsig_key",
            "OS-EXT-SRV-ATTR:user_data",
            "user_pass",
            "X-Amz-Credential",
            "access",
            "assertion",
            "blob",
            "configdrive",
            "contents",
            "credential",
            "hmac",
            "jwt",
            "kek",
            "key",
            "otp",
            "pass",
            "payload",
            "pfx",
            "pkcs12",
            "pwd",
            "sig",
            "totp",
        ];
        for name in names {
            assert!(secrecy(name).is_some(), "{name}");
        }
        let plain = |name: &str| Plain::of(name).map(|plain| plain.text().to_vec());
        for (word, _) in SUFFIXES.iter().chain(WHOLE) {
            let is_used = |name: &&str| plain(name).is_some_and(|n| n.ends_with(word.as_bytes()));
            assert!(names.iter().any(is_used), "no name ends with `{word}`");
        }
    }

    #[test]
    fn names_that_only_contain_such_a_word_are_not_secret() {
        for name in [
            "key_name",
            "password_expires_at",
            "public_key",
            "secret_ref",
            "token_type",
            "access_rules",
            "contents_length",
            "x-container-bytes-used",
            "id",
            "",
            "123",
        ] {
            assert_eq!(secrecy(name), None, "{name}");
        }
    }

    #[test]
    fn metadata_of_users_may_hold_keys_of_their_own() {
        assert!(is_secret_metadata("x-container-meta-backup-key"));
        assert!(is_secret_metadata("x-object-meta-key-2"));
        assert!(!is_secret_metadata("x-container-meta-quota-bytes"));
        assert!(!is_secret_metadata("x-key"));
    }
}
