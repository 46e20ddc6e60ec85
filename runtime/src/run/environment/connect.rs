//! Authenticates with a cloud before any test runs; a failure is reported as one cause.

use std::time::Duration;

use tokio::time::timeout;

use crate::client::auth::AuthErrorKind;
use crate::client::{Error, ErrorKind, Session};
use crate::credentials::{Pool, SetupError};
use crate::ledger::LedgerError;

/// How long authentication may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why tests cannot run on the cloud.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The identity service refused the credential.
    #[error("{0}")]
    Refused(#[from] Error),
    /// Authentication succeeded, but something essential is missing.
    #[error("{what}")]
    Useless {
        /// What is missing.
        what: String,
        /// What to do.
        help: String,
    },
    /// The run's ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl ConnectError {
    /// Returns the cause and the help, one line each.
    pub fn lines(&self) -> Vec<String> {
        let help = match self {
            Self::Useless { help, .. } => help.clone(),
            Self::Refused(error) => help(error).unwrap_or_default().to_owned(),
            Self::Ledger(_) => String::new(),
        };
        let cause = self.to_string();
        cause.lines().map(str::to_owned).chain((!help.is_empty()).then_some(help)).collect()
    }
}

/// Returns what to do about a cloud that gives no token; `None` for other errors.
pub(crate) fn help(error: &Error) -> Option<&'static str> {
    match error.kind() {
        ErrorKind::Auth(auth) => Some(match &auth.kind {
            AuthErrorKind::Unreachable(_) => {
                "check that the service is running and that `auth_url` in clouds.yaml points to it"
            }
            AuthErrorKind::Refused(response) if response.status == 401 => {
                "check the user, password and domains in clouds.yaml"
            }
            AuthErrorKind::Refused(_) => "check the log of the identity service",
            _ => "`auth_url` in clouds.yaml must point to version 3 of an identity service",
        }),
        _ => None,
    }
}

/// Authenticates and returns the ids of the user and the project.
pub(super) async fn enter(session: &Session) -> Result<(String, Option<String>), ConnectError> {
    let Ok(token) = timeout(PATIENCE, session.authenticate()).await else {
        return Err(ConnectError::Useless {
            what: format!(
                "the identity service at {} did not issue a token within {} s",
                session.cloud().auth_url,
                PATIENCE.as_secs()
            ),
            help: "check the network between this machine and the cloud".to_owned(),
        });
    };
    let token = token?;
    if token.catalog.endpoints().is_empty() {
        return Err(ConnectError::Useless {
            what: "the token has no service catalog, so no service can be found".to_owned(),
            help: "add a project to the credential in clouds.yaml".to_owned(),
        });
    }
    Ok((token.user.id.clone(), token.project.as_ref().map(|project| project.id.clone())))
}

/// Checks that the credential may create identities, with a request that needs an admin.
pub(super) async fn check_admin(session: &Session, pool: &Pool) -> Result<(), ConnectError> {
    match pool.roles.all(session).await {
        Ok(_) => Ok(()),
        Err(SetupError::Call(error)) if error.is_status(403) => {
            let has = session.authenticate().await?.roles.join(", ");
            Err(ConnectError::Useless {
                what: format!(
                    "the credential ({}) is not an admin's: it may not list roles, and has only {has}",
                    session.credential()
                ),
                help: "tests act as users that Squall creates, which needs an admin's credential; \
                       without one, use `--accounts FILE`"
                    .to_owned(),
            })
        }
        Err(SetupError::Call(error)) => Err(error.into()),
        Err(error) => Err(ConnectError::Useless { what: error.to_string(), help: String::new() }),
    }
}
