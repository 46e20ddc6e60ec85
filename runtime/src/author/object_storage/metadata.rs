//! User metadata: names and values in headers.

use std::collections::BTreeMap;

use http::HeaderMap;

use super::{StoreAccount, StoreContainer, StoreObject};
use crate::client::{Call, Error, decode};

/// What metadata belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// An account.
    Account,
    /// A container.
    Container,
    /// An object.
    Object,
}

impl Of {
    /// Returns the prefix of the metadata's headers.
    ///
    /// ```
    /// assert_eq!(squall::object_storage::Of::Object.prefix(), "x-object-meta-");
    /// ```
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Account => "x-account-meta-",
            Self::Container => "x-container-meta-",
            Self::Object => "x-object-meta-",
        }
    }
}

/// Metadata by its name, in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata(BTreeMap<String, String>);

impl Metadata {
    /// Reads the metadata among the headers of a response.
    ///
    /// ```no_run
    /// use squall::object_storage::{Metadata, Of};
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let shown = ctx.object_storage().containers().check("pictures").send().await?;
    /// let colour = Metadata::read(Of::Container, &shown.headers).get("colour").map(str::to_owned);
    /// # let _ = colour; Ok(())
    /// # }
    /// ```
    pub fn read(of: Of, headers: &HeaderMap) -> Self {
        let entry = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            let name = name.as_str().strip_prefix(of.prefix())?;
            Some((name.to_owned(), value.to_str().ok()?.to_owned()))
        };
        Self(headers.iter().filter_map(entry).collect())
    }

    /// Returns the value of a name.
    ///
    /// ```
    /// use squall::object_storage::Metadata;
    /// assert_eq!(Metadata::from_iter([("Colour", "blue")]).get("colour"), Some("blue"));
    /// ```
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&name.to_ascii_lowercase()).map(String::as_str)
    }

    /// Adds the metadata to a call.
    ///
    /// ```no_run
    /// use squall::object_storage::{Metadata, Of};
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let put = ctx.object_storage().objects().create("pictures", "cat", "bytes");
    /// Metadata::from_iter([("colour", "blue")]).on(Of::Object, put).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on<T>(&self, of: Of, call: Call<T>) -> Call<T> {
        self.0
            .iter()
            .fold(call, |call, (name, value)| call.header(&format!("{}{name}", of.prefix()), value))
    }
}

impl<N: AsRef<str>, V: Into<String>> FromIterator<(N, V)> for Metadata {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let lower = |(name, value): (N, V)| (name.as_ref().to_ascii_lowercase(), value.into());
        Self(entries.into_iter().map(lower).collect())
    }
}

impl StoreAccount {
    /// Returns the account's metadata.
    ///
    /// `HEAD /`.
    ///
    /// # Errors
    /// The request failed.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let metadata = ctx.store().account().metadata().await?;
    /// # let _ = metadata; Ok(())
    /// # }
    /// ```
    pub async fn metadata(&self) -> Result<Metadata, Error> {
        let shown = self.client.accounts().check().send().await?;
        Ok(Metadata::read(Of::Account, &shown.headers))
    }

    /// Adds to the account's metadata; an empty value removes a name.
    ///
    /// `POST /`. It outlives the test: take away what you add, with `ctx.defer`.
    ///
    /// ```no_run
    /// use squall::object_storage::Metadata;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let account = ctx.store().account();
    /// account.set_metadata(&Metadata::from_iter([("colour", "blue")])).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_metadata(&self, metadata: &Metadata) -> Call<()> {
        metadata.on(Of::Account, self.client.accounts().update().decoded_by(decode::nothing))
    }
}

impl StoreContainer {
    /// Returns the container's metadata.
    ///
    /// `HEAD /{container}`.
    ///
    /// # Errors
    /// The request failed.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let metadata = ctx.store().container("pictures").metadata().await?;
    /// # let _ = metadata; Ok(())
    /// # }
    /// ```
    pub async fn metadata(&self) -> Result<Metadata, Error> {
        let shown = self.client.containers().check(&self.name).send().await?;
        Ok(Metadata::read(Of::Container, &shown.headers))
    }

    /// Adds to the container's metadata; an empty value removes a name.
    ///
    /// `POST /{container}`.
    ///
    /// ```no_run
    /// use squall::object_storage::Metadata;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let blue = Metadata::from_iter([("colour", "blue")]);
    /// ctx.store().container("pictures").set_metadata(&blue).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_metadata(&self, metadata: &Metadata) -> Call<()> {
        metadata.on(Of::Container, self.client.containers().update(&self.name))
    }
}

impl StoreObject {
    /// Returns the object's metadata.
    ///
    /// `HEAD /{container}/{object}`.
    ///
    /// # Errors
    /// The request failed.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let metadata = ctx.store().object("pictures", "cat.jpg").metadata().await?;
    /// # let _ = metadata; Ok(())
    /// # }
    /// ```
    pub async fn metadata(&self) -> Result<Metadata, Error> {
        let shown = self.client.objects().check(&self.container, &self.name).send().await?;
        Ok(Metadata::read(Of::Object, &shown.headers))
    }

    /// Replaces the object's metadata.
    ///
    /// `POST /{container}/{object}`; what is not named is gone, an expiry too.
    ///
    /// ```no_run
    /// use squall::object_storage::Metadata;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let blue = Metadata::from_iter([("colour", "blue")]);
    /// ctx.store().object("pictures", "cat.jpg").replace_metadata(&blue).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn replace_metadata(&self, metadata: &Metadata) -> Call<()> {
        metadata.on(Of::Object, self.client.objects().update(&self.container, &self.name))
    }
}
