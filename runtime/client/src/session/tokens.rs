//! The token of a session, requested once for all calls that wait for it.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

use super::Session;
use crate::auth::{self, Token};
use crate::deliver::Renew;
use crate::error::Error;
use crate::transport::BoxFuture;

/// A token is not used any more from this many seconds before it expires.
const MARGIN: i64 = 30;

/// The token that the clones of a session share.
#[derive(Default)]
pub(super) struct Tokens {
    current: RwLock<Option<Arc<Token>>>,
    /// Held while a token is requested, so that others wait for it.
    request: Mutex<()>,
}

impl Tokens {
    fn get(&self) -> Option<Arc<Token>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, token: Option<Arc<Token>>) -> Option<Arc<Token>> {
        std::mem::replace(&mut *self.current.write().unwrap_or_else(PoisonError::into_inner), token)
    }
}

impl Session {
    /// Returns a valid token, and requests one if needed.
    pub async fn token(&self) -> Result<Arc<Token>, Error> {
        let tokens = &self.shared.tokens;
        if let Some(token) = self.valid() {
            return Ok(token);
        }
        let _held = tokens.request.lock().await;
        match self.valid() {
            Some(token) => Ok(token),
            None => self.request_token().await,
        }
    }

    /// Drops the token, so that the next call requests a new one.
    pub async fn forget_token(&self) {
        let _held = self.shared.tokens.request.lock().await;
        self.shared.tokens.set(None);
    }

    /// Revokes the token and drops it.
    pub async fn revoke_token(&self) -> Result<(), Error> {
        let _held = self.shared.tokens.request.lock().await;
        match self.shared.tokens.set(None) {
            Some(token) => auth::revoke(self.sender(), &self.cloud().auth_url, &token).await,
            None => Ok(()),
        }
    }

    /// Returns the token unless it is about to expire.
    fn valid(&self) -> Option<Arc<Token>> {
        let token = self.shared.tokens.get()?;
        let now = || self.sender().clock.now().as_second();
        let valid = token.expires.is_none_or(|end| end.as_second() - now() > MARGIN);
        valid.then_some(token)
    }

    async fn request_token(&self) -> Result<Arc<Token>, Error> {
        let cloud = self.cloud();
        let token = auth::authenticate(self.sender(), &cloud.auth_url, &cloud.credential).await?;
        let token = Arc::new(token);
        self.shared.tokens.set(Some(Arc::clone(&token)));
        Ok(token)
    }
}

impl Renew for Session {
    /// Requests a new token after a service refused the given one; if another call
    /// has done so meanwhile, its token is returned.
    fn renew<'a>(&'a self, refused: &'a Arc<Token>) -> BoxFuture<'a, Result<Arc<Token>, Error>> {
        Box::pin(async move {
            let _held = self.shared.tokens.request.lock().await;
            match self.shared.tokens.get() {
                Some(token) if !Arc::ptr_eq(&token, refused) => Ok(token),
                _ => self.request_token().await,
            }
        })
    }
}
