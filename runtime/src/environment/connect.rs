//! Getting in: one cause where that is not possible, before any test runs.

use std::time::Duration;

use tokio::time::timeout;

use crate::client::auth::AuthErrorKind;
use crate::client::{Error, ErrorKind, Session};
use crate::credentials::{Pool, SetupError};
use crate::ledger::LedgerError;

/// How long the identity service may take to let us in.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why the cloud is no place to run tests at.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The identity service did not let us in.
    #[error("{0}")]
    Refused(#[from] Error),
    /// It let us in, and that is all.
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
    /// Gives the cause, and what to do about it, a line each.
    pub fn lines(&self) -> Vec<String> {
        let help = match self {
            Self::Useless { help, .. } => help.clone(),
            Self::Refused(error) => help_for(error).to_owned(),
            Self::Ledger(_) => String::new(),
        };
        let cause = self.to_string();
        cause.lines().map(str::to_owned).chain((!help.is_empty()).then_some(help)).collect()
    }
}

fn help_for(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Auth(auth) => match &auth.kind {
            AuthErrorKind::Unreachable(_) => {
                "see that the service runs and that `auth_url` in clouds.yaml leads to it"
            }
            AuthErrorKind::Refused(response) if response.status == 401 => {
                "see the user, password and domains in clouds.yaml"
            }
            AuthErrorKind::Refused(_) => "see what the service logged about it",
            _ => "`auth_url` in clouds.yaml has to lead to an identity service of version 3",
        },
        _ => "",
    }
}

/// Authenticates; gives the ids of the user and of the project.
pub(super) async fn enter(session: &Session) -> Result<(String, Option<String>), ConnectError> {
    let Ok(token) = timeout(PATIENCE, session.authenticate()).await else {
        return Err(ConnectError::Useless {
            what: format!(
                "the identity service at {} gave no token within {} s",
                session.cloud().auth_url,
                PATIENCE.as_secs()
            ),
            help: "see that nothing on the way swallows the requests".to_owned(),
        });
    };
    let token = token?;
    if token.catalog.endpoints().is_empty() {
        return Err(ConnectError::Useless {
            what: "the token came without a service catalog, so that no service can be found"
                .to_owned(),
            help: "give the credential in clouds.yaml a project".to_owned(),
        });
    }
    Ok((token.user.id.clone(), token.project.as_ref().map(|project| project.id.clone())))
}

/// Sees that the credential may make identities, by asking what only an admin may.
pub(super) async fn check_admin(session: &Session, pool: &Pool) -> Result<(), ConnectError> {
    match pool.roles.all(session).await {
        Ok(_) => Ok(()),
        Err(SetupError::Call(error)) if error.is_status(403) => {
            let has = session.authenticate().await?.roles.join(", ");
            Err(ConnectError::Useless {
                what: format!(
                    "the credential ({}) may not list roles: it has {has}, and is no admin's",
                    session.credential()
                ),
                help: "tests act as users that are made for them, which takes an admin: name a \
                       cloud with an admin's credential"
                    .to_owned(),
            })
        }
        Err(SetupError::Call(error)) => Err(error.into()),
        Err(error) => Err(ConnectError::Useless { what: error.to_string(), help: String::new() }),
    }
}
