//! Temporary URLs: what is signed, and with which key.

use hmac::Hmac;
use sha2::{Sha256, Sha512};

use super::{StoreAccount, StoreContainer};
use crate::client::{Call, decode};
use crate::model::Method;

/// The hash of a signature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-512.
    Sha512,
}

/// What a temporary URL permits, and until when.
///
/// ```
/// use squall::model::Method;
/// use squall::object_storage::{Digest, TempUrl};
///
/// let url = TempUrl::new(Method::Get, "pictures", "cat.jpg", 4_000_000_000)
///     .with_digest(Digest::Sha512)
///     .with_filename("my cat.jpg");
/// assert_eq!(url.signature("/v1/AUTH_77ac", "key").len(), 128);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TempUrl {
    pub(super) method: Method,
    pub(super) container: String,
    pub(super) object: String,
    pub(super) prefix: bool,
    pub(super) expires: i64,
    pub(super) filename: Option<String>,
    pub(super) inline: bool,
    pub(super) ip_range: Option<String>,
    digest: Digest,
}

impl TempUrl {
    /// Permits a method on an object until a time, in seconds since 1970.
    ///
    /// ```
    /// use squall::model::Method;
    /// let url = squall::object_storage::TempUrl::new(Method::Put, "inbox", "letter", 4_000_000_000);
    /// # let _ = url;
    /// ```
    pub fn new(method: Method, container: &str, object: &str, expires: i64) -> Self {
        Self {
            method,
            container: container.to_owned(),
            object: object.to_owned(),
            prefix: false,
            expires,
            filename: None,
            inline: false,
            ip_range: None,
            digest: Digest::default(),
        }
    }

    /// Permits a method on every object whose name starts with a prefix.
    ///
    /// ```
    /// use squall::model::Method;
    /// let url = squall::object_storage::TempUrl::prefix(Method::Get, "www", "public/", 4_000_000_000);
    /// # let _ = url;
    /// ```
    pub fn prefix(method: Method, container: &str, prefix: &str, expires: i64) -> Self {
        Self { prefix: true, ..Self::new(method, container, prefix, expires) }
    }

    /// Chooses the hash.
    ///
    /// ```
    /// # fn doc(url: squall::object_storage::TempUrl) {
    /// let url = url.with_digest(squall::object_storage::Digest::Sha512);
    /// # let _ = url;
    /// # }
    /// ```
    #[must_use]
    pub fn with_digest(self, digest: Digest) -> Self {
        Self { digest, ..self }
    }

    /// Sets the name under which the object is to be saved.
    ///
    /// ```
    /// # fn doc(url: squall::object_storage::TempUrl) {
    /// let url = url.with_filename("cat.jpg");
    /// # let _ = url;
    /// # }
    /// ```
    #[must_use]
    pub fn with_filename(self, name: &str) -> Self {
        Self { filename: Some(name.to_owned()), ..self }
    }

    /// Has browsers display the object instead of saving it.
    ///
    /// ```
    /// # fn doc(url: squall::object_storage::TempUrl) {
    /// let url = url.with_inline();
    /// # let _ = url;
    /// # }
    /// ```
    #[must_use]
    pub fn with_inline(self) -> Self {
        Self { inline: true, ..self }
    }

    /// Permits only these client addresses: one, or a range such as `10.0.0.0/8`.
    ///
    /// ```
    /// # fn doc(url: squall::object_storage::TempUrl) {
    /// let url = url.with_ip_range("10.0.0.0/8");
    /// # let _ = url;
    /// # }
    /// ```
    #[must_use]
    pub fn with_ip_range(self, range: &str) -> Self {
        Self { ip_range: Some(range.to_owned()), ..self }
    }

    /// Signs it for an account's path, as in `/v1/AUTH_77ac`, and returns the signature in
    /// hexadecimal.
    ///
    /// ```
    /// use squall::model::Method;
    /// use squall::object_storage::TempUrl;
    ///
    /// let url = TempUrl::new(Method::Get, "c", "o", 4_000_000_000);
    /// assert_ne!(url.signature("/v1/AUTH_a", "key"), url.signature("/v1/AUTH_b", "key"));
    /// ```
    pub fn signature(&self, account: &str, key: &str) -> String {
        let range = self.ip_range.as_ref().map(|range| format!("ip={range}\n"));
        let prefix = if self.prefix { "prefix:" } else { "" };
        let message = format!(
            "{}{}\n{}\n{prefix}{account}/{}/{}",
            range.unwrap_or_default(),
            self.method,
            self.expires,
            self.container,
            self.object
        );
        match self.digest {
            Digest::Sha256 => hex::encode(mac::<Hmac<Sha256>>(key, &message)),
            Digest::Sha512 => hex::encode(mac::<Hmac<Sha512>>(key, &message)),
        }
    }
}

/// HMAC takes keys of any length.
fn mac<M: hmac::Mac + hmac::digest::KeyInit>(key: &str, message: &str) -> Vec<u8> {
    let mac = <M as hmac::digest::KeyInit>::new_from_slice(key.as_bytes());
    mac.map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec()).unwrap_or_default()
}

impl StoreAccount {
    /// Sets the key that signs for the whole account; an empty one removes it.
    ///
    /// `POST /` with `X-Account-Meta-Temp-URL-Key`. It outlives the test: remove it
    /// with `ctx.defer`, or use a container's, which is removed with the container.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().account().set_temp_url_key("key").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_temp_url_key(&self, key: &str) -> Call<()> {
        let update = self.client.accounts().update().decoded_by(decode::nothing);
        update.header("x-account-meta-temp-url-key", key)
    }
}

impl StoreContainer {
    /// Sets the key that signs for this container; an empty one removes it.
    ///
    /// `POST /{container}` with `X-Container-Meta-Temp-URL-Key`.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// ctx.store().container("pictures").set_temp_url_key("key").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_temp_url_key(&self, key: &str) -> Call<()> {
        let update = self.client.containers().update(&self.name);
        update.header("x-container-meta-temp-url-key", key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected values were computed with Python's `hmac`, as in swift's documentation.
    #[test]
    fn a_signature_is_what_swifts_own_recipe_gives() {
        let url = TempUrl::new(Method::Get, "container", "object", 1_400_000_000);
        assert_eq!(
            url.signature("/v1/AUTH_account", "mykey"),
            "b3a03fd0b1412e268bc2310f89ca7fb52c86cba0a6395addaafb0f40d6852611"
        );
        let prefix = TempUrl::prefix(Method::Get, "container", "pre", 1_400_000_000);
        assert_eq!(
            prefix.with_ip_range("10.0.0.0/8").signature("/v1/AUTH_account", "mykey"),
            "e48ec7dc1b146c90f9f5d3cd1b75d2a131fed2fcd5df07518e6af011be3c2222"
        );
    }
}
