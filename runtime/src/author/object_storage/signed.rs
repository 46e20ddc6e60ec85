//! A signed temporary URL, and the calls that it permits without a token.

use std::fmt;

use super::{ObjectStorage, Store, TempUrl};
use crate::client::{Bytes, Call, Error};

/// A signed temporary URL; its calls carry no token.
#[derive(Clone)]
pub struct Signed {
    client: ObjectStorage,
    endpoint: String,
    url: TempUrl,
    signature: String,
    object: String,
}

impl Store {
    /// Signs a temporary URL in this account with a key.
    ///
    /// # Errors
    /// The account's endpoint cannot be found.
    ///
    /// ```no_run
    /// use squall::model::Method;
    /// use squall::object_storage::TempUrl;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let url = TempUrl::new(Method::Get, "pictures", "cat.jpg", 4_000_000_000);
    /// let bytes = ctx.store().sign(&url, "key").await?.get().send().await?.value;
    /// # let _ = bytes; Ok(())
    /// # }
    /// ```
    pub async fn sign(&self, url: &TempUrl, key: &str) -> Result<Signed, Error> {
        let client = self.client.client();
        let endpoint = client.session().endpoint(client.service()).await?;
        // A proxy's path prefix before the version is not part of what the service verifies.
        let start = endpoint.find("/v1/").unwrap_or(0);
        let account = endpoint.get(start..).unwrap_or_default().trim_end_matches('/');
        let signature = url.signature(account, key);
        Ok(Signed::new(self.client.clone(), endpoint, url.clone(), signature))
    }
}

impl Signed {
    fn new(client: ObjectStorage, endpoint: String, url: TempUrl, signature: String) -> Self {
        let object = url.object.clone();
        Self { client, endpoint, url, signature, object }
    }

    /// Returns the URL to hand on; everyone who has it has access.
    ///
    /// ```no_run
    /// # fn doc(signed: &squall::object_storage::Signed) {
    /// assert!(signed.to_url().contains("temp_url_sig="));
    /// # }
    /// ```
    pub fn to_url(&self) -> String {
        let path = super::bulk::encoded(&format!("{}/{}", self.url.container, self.object));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.query())
            .finish();
        format!("{}/{path}?{query}", self.endpoint.trim_end_matches('/'))
    }

    /// Returns the URL of another object, with the same signature: valid where a prefix was
    /// signed, refused with 401 otherwise.
    ///
    /// ```no_run
    /// # async fn doc(signed: &squall::object_storage::Signed) -> squall::Result {
    /// signed.for_object("public/cat.jpg").get().send().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn for_object(&self, name: &str) -> Self {
        Self { object: name.to_owned(), ..self.clone() }
    }

    /// Returns the URL with another signature, for tests of what the service refuses.
    ///
    /// ```no_run
    /// # async fn doc(signed: &squall::object_storage::Signed) -> squall::Result {
    /// signed.with_signature(&"0".repeat(64)).get().expect_error(401).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_signature(&self, signature: &str) -> Self {
        Self { signature: signature.to_owned(), ..self.clone() }
    }

    /// Downloads the object.
    ///
    /// `GET /{container}/{object}` without a token.
    ///
    /// ```no_run
    /// # async fn doc(signed: &squall::object_storage::Signed) -> squall::Result {
    /// let bytes = signed.get().send().await?.value;
    /// # let _ = bytes; Ok(())
    /// # }
    /// ```
    pub fn get(&self) -> Call<Bytes> {
        self.on(self.client.objects().show(&self.url.container, &self.object))
    }

    /// Reads the object's headers.
    ///
    /// `HEAD /{container}/{object}` without a token; a URL for `GET` or `PUT` allows it.
    ///
    /// ```no_run
    /// # async fn doc(signed: &squall::object_storage::Signed) -> squall::Result {
    /// signed.head().send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn head(&self) -> Call<()> {
        self.on(self.client.objects().check(&self.url.container, &self.object))
    }

    /// Uploads the object.
    ///
    /// `PUT /{container}/{object}` without a token.
    ///
    /// ```no_run
    /// # async fn doc(signed: &squall::object_storage::Signed) -> squall::Result {
    /// signed.put("hello").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn put(&self, bytes: impl Into<Bytes>) -> Call<()> {
        self.on(self.client.objects().create(&self.url.container, &self.object, bytes))
    }

    /// Deletes the object.
    ///
    /// `DELETE /{container}/{object}` without a token.
    ///
    /// ```no_run
    /// # async fn doc(signed: &squall::object_storage::Signed) -> squall::Result {
    /// signed.delete().send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete(&self) -> Call<()> {
        self.on(self.client.objects().delete(&self.url.container, &self.object))
    }

    fn on<T>(&self, call: Call<T>) -> Call<T> {
        let call = call.without_token();
        self.query().into_iter().fold(call, |call, (name, value)| call.query(name, value))
    }

    fn query(&self) -> Vec<(&'static str, String)> {
        let TempUrl { expires, prefix, filename, inline, ip_range, object, .. } = &self.url;
        let given = |name, value: &Option<String>| value.clone().map(|value| (name, value));
        [
            Some(("temp_url_sig", self.signature.clone())),
            Some(("temp_url_expires", expires.to_string())),
            prefix.then(|| ("temp_url_prefix", object.clone())),
            given("temp_url_ip_range", ip_range),
            given("filename", filename),
            inline.then(|| ("inline", String::new())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Omits the signature.
impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("url", &self.url)
            .field("object", &self.object)
            .finish_non_exhaustive()
    }
}
