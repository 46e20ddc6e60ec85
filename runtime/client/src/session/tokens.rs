//! The token of a session, requested once for all calls that wait for it.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::Session;
use crate::auth::{self, Token};
use crate::error::Error;

/// A token is not used any more from this many seconds before it expires.
const MARGIN: i64 = 30;

/// The token that the clones of a session share.
#[derive(Default)]
pub(super) struct Tokens {
    /// The lock is held while a token is requested, so that others wait for it.
    current: Mutex<Option<Arc<Token>>>,
}

impl Session {
    /// Returns a valid token, and requests one if needed.
    pub async fn token(&self) -> Result<Arc<Token>, Error> {
        let mut current = self.shared.tokens.current.lock().await;
        let now = self.clock().now();
        let held = current.as_ref().filter(|token| {
            token.expires.is_none_or(|end| end.as_second() - now.as_second() > MARGIN)
        });
        if let Some(token) = held {
            return Ok(Arc::clone(token));
        }
        let token = Arc::new(auth::authenticate(self).await?);
        *current = Some(Arc::clone(&token));
        Ok(token)
    }

    /// Requests a new token after a service refused the given one; if another call
    /// has done so meanwhile, its token is returned.
    pub(crate) async fn renew(&self, refused: &Arc<Token>) -> Result<Arc<Token>, Error> {
        let mut current = self.shared.tokens.current.lock().await;
        match current.as_ref() {
            Some(token) if !Arc::ptr_eq(token, refused) => Ok(Arc::clone(token)),
            _ => {
                let token = Arc::new(auth::authenticate(self).await?);
                *current = Some(Arc::clone(&token));
                Ok(token)
            }
        }
    }

    /// Drops the token, so that the next call requests a new one.
    pub async fn forget_token(&self) {
        self.shared.tokens.current.lock().await.take();
    }

    /// Revokes the token and drops it.
    pub async fn revoke_token(&self) -> Result<(), Error> {
        let held = self.shared.tokens.current.lock().await.take();
        match held {
            Some(token) => auth::revoke(self, &token).await,
            None => Ok(()),
        }
    }
}
