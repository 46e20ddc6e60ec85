//! Access lists: who else may read from a container, or write to it.

use std::fmt;
use std::str::FromStr;

use secrecy::ExposeSecret as _;

use super::StoreContainer;
use crate::actor::Actor;
use crate::client::{Call, Error};

/// One element of an access list: who may, or may not, have access.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grant {
    /// Requests whose `Referer` is this host: `*`, a name, or a domain with a dot before it.
    Referrer(String),
    /// Denies requests whose `Referer` is this host.
    NotReferrer(String),
    /// Allows listing to everyone whom a referrer element allows to read.
    Listings,
    /// A user of a project, by their ids; `*` stands for any.
    User {
        /// The project's id, or `*`.
        project: String,
        /// The user's id, or `*`.
        user: String,
    },
    /// Every user who has this role in their own project.
    Role(String),
}

impl Grant {
    /// Allows requests whose `Referer` is this host; `*` stands for any.
    ///
    /// ```
    /// assert_eq!(squall::object_storage::Grant::referrer("*").to_string(), ".r:*");
    /// ```
    pub fn referrer(host: &str) -> Self {
        Self::Referrer(host.to_owned())
    }

    /// Allows every user of a project.
    ///
    /// ```
    /// assert_eq!(squall::object_storage::Grant::project("77ac").to_string(), "77ac:*");
    /// ```
    pub fn project(project: &str) -> Self {
        Self::user(project, "*")
    }

    /// Allows one user of a project, by their ids.
    ///
    /// ```
    /// assert_eq!(squall::object_storage::Grant::user("77ac", "9b").to_string(), "77ac:9b");
    /// ```
    pub fn user(project: &str, user: &str) -> Self {
        Self::User { project: project.to_owned(), user: user.to_owned() }
    }

    /// Allows every user who has this role in their own project.
    ///
    /// ```
    /// assert_eq!(squall::object_storage::Grant::role("auditor").to_string(), "auditor");
    /// ```
    pub fn role(role: &str) -> Self {
        Self::Role(role.to_owned())
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Referrer(host) => write!(f, ".r:{host}"),
            Self::NotReferrer(host) => write!(f, ".r:-{host}"),
            Self::Listings => f.write_str(".rlistings"),
            Self::User { project, user } => write!(f, "{project}:{user}"),
            Self::Role(role) => f.write_str(role),
        }
    }
}

/// A text that is not an element of an access list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a valid element of an access list")]
pub struct AclError(String);

impl FromStr for Grant {
    type Err = AclError;

    /// Parses one element, in any of the spellings that swift accepts.
    fn from_str(text: &str) -> Result<Self, AclError> {
        let wrong = || AclError(text.to_owned());
        let referrer = [".r:", ".ref:", ".referer:", ".referrer:"]
            .into_iter()
            .find_map(|prefix| text.strip_prefix(prefix));
        match (referrer, text.split_once(':')) {
            (Some(host), _) => match host.strip_prefix('-') {
                Some("") => Err(wrong()),
                Some(host) => Ok(Self::NotReferrer(host.to_owned())),
                None if host.is_empty() => Err(wrong()),
                None => Ok(Self::Referrer(host.to_owned())),
            },
            (None, _) if text == ".rlistings" => Ok(Self::Listings),
            (None, _) if text.starts_with('.') || text.is_empty() => Err(wrong()),
            (None, Some((project, user))) => Ok(Self::user(project, user)),
            (None, None) => Ok(Self::role(text)),
        }
    }
}

/// An access list, in order: the last matching referrer decides.
///
/// ```
/// use squall::object_storage::{Acl, Grant};
///
/// let acl: Acl = ".r:*, .rlistings,77ac:9b,auditor".parse()?;
/// assert!(acl.has(&Grant::project("77ac")) == false);
/// assert!(acl.has(&Grant::user("77ac", "9b")));
/// assert_eq!(acl.to_string(), ".r:*,.rlistings,77ac:9b,auditor");
/// # Ok::<(), squall::object_storage::AclError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acl(Vec<Grant>);

impl Acl {
    /// Returns the list's elements.
    ///
    /// ```
    /// let acl: squall::object_storage::Acl = "77ac:*".parse()?;
    /// assert_eq!(acl.grants().len(), 1);
    /// # Ok::<(), squall::object_storage::AclError>(())
    /// ```
    pub fn grants(&self) -> &[Grant] {
        &self.0
    }

    /// Whether the list contains exactly this element.
    ///
    /// ```
    /// use squall::object_storage::{Acl, Grant};
    /// assert!(Acl::from_iter([Grant::Listings]).has(&Grant::Listings));
    /// ```
    pub fn has(&self, grant: &Grant) -> bool {
        self.0.contains(grant)
    }
}

impl FromIterator<Grant> for Acl {
    fn from_iter<I: IntoIterator<Item = Grant>>(grants: I) -> Self {
        Self(grants.into_iter().collect())
    }
}

impl fmt::Display for Acl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grants: Vec<String> = self.0.iter().map(Grant::to_string).collect();
        f.write_str(&grants.join(","))
    }
}

impl FromStr for Acl {
    type Err = AclError;

    fn from_str(text: &str) -> Result<Self, AclError> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::parse).collect()
    }
}

/// The access lists of a container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acls {
    /// Who may read.
    pub read: Acl,
    /// Who may write.
    pub write: Acl,
}

/// Why the access lists of a container could not be read.
type Shown<T> = crate::Result<T>;

impl StoreContainer {
    /// Sets who may read; an empty list removes the setting.
    ///
    /// `POST /{container}` with `X-Container-Read`.
    ///
    /// ```no_run
    /// use squall::object_storage::{Acl, Grant};
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let everyone = Acl::from_iter([Grant::referrer("*")]);
    /// ctx.store().container("pictures").set_read_acl(&everyone).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_read_acl(&self, acl: &Acl) -> Call<()> {
        self.client.containers().update(&self.name).header("x-container-read", acl)
    }

    /// Sets who may write; an empty list removes the setting.
    ///
    /// `POST /{container}` with `X-Container-Write`. A referrer is refused with 400.
    ///
    /// ```no_run
    /// use squall::object_storage::{Acl, Grant};
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let friends = Acl::from_iter([Grant::project("77ac")]);
    /// ctx.store().container("pictures").set_write_acl(&friends).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_write_acl(&self, acl: &Acl) -> Call<()> {
        self.client.containers().update(&self.name).header("x-container-write", acl)
    }

    /// Reads both lists; only the owner sees them.
    ///
    /// `HEAD /{container}`.
    ///
    /// # Errors
    /// The request failed, or a list cannot be parsed.
    ///
    /// ```no_run
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let acls = ctx.store().container("pictures").acls().await?;
    /// println!("readers: {}", acls.read);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn acls(&self) -> Shown<Acls> {
        let shown: Result<_, Error> = self.client.containers().check(&self.name).send().await;
        let shown = shown?;
        let list = |header: &str| shown.header(header).unwrap_or_default().parse::<Acl>();
        Ok(Acls { read: list("x-container-read")?, write: list("x-container-write")? })
    }
}

/// Returns the call as another identity sends it: to the account of the first, with the
/// other's token.
///
/// # Errors
/// The other identity cannot authenticate.
///
/// ```no_run
/// use squall::object_storage::sent_as;
///
/// # async fn doc(ctx: &squall::Context) -> squall::Result {
/// let other = ctx.identity_named("other")?;
/// let show = ctx.object_storage().objects().show("pictures", "cat.jpg");
/// sent_as(other, show).await?.expect_error(403).await?;
/// # Ok(())
/// # }
/// ```
pub async fn sent_as<T>(actor: &Actor, call: Call<T>) -> Result<Call<T>, Error> {
    let token = actor.session().authenticate().await?;
    Ok(call.with_token(token.secret().expose_secret()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grant_is_read_as_it_is_written() {
        for grant in [
            Grant::referrer("*"),
            Grant::NotReferrer(".evil.test".to_owned()),
            Grant::Listings,
            Grant::user("p", "u"),
            Grant::project("p"),
            Grant::role("auditor"),
        ] {
            assert_eq!(grant.to_string().parse(), Ok(grant));
        }
    }

    #[test]
    fn what_swift_does_not_know_is_no_grant() {
        for text in [".r:", ".r:-", ".nonsense", ""] {
            assert_eq!(text.parse::<Grant>(), Err(AclError(text.to_owned())), "{text}");
        }
    }
}
