//! Connecting to a guest: tries the login until the guest runs commands.

use std::sync::{Arc, Mutex, PoisonError};

use super::error::{RemoteError, Trouble};
use super::master::Master;
use super::said::Refusal;
use super::{Guest, Login};
use crate::context::Context;
use crate::wait::{Poll, ProbeError};

impl Login {
    /// Waits until the login succeeds and the guest runs commands.
    ///
    /// A guest that refuses the connection, does not answer or denies the key may
    /// still be booting or have its key put in place (cloud-init does so late): each
    /// is reported and tried again. A missing `ssh` or a key that it cannot read ends the
    /// wait at once.
    pub async fn connect(&self, ctx: &Context) -> Result<Guest, RemoteError> {
        if let Err(why) = self.is_sound() {
            return Err(RemoteError::new(self, Trouble::Login(why)));
        }
        let last = Arc::new(Mutex::new(None));
        let wait = ctx.wait(format!("ssh to {self}")).within(self.within);
        let came = wait.until(|| self.look(&last)).await;
        match came {
            Ok(master) => Ok(Guest::new(self, ctx, master, self.console.clone())),
            Err(wait) => {
                let last = last.lock().unwrap_or_else(PoisonError::into_inner).take();
                let error = RemoteError::new(self, Trouble::Connect { wait, last });
                Err(error.with_console(self.console.as_ref(), ctx).await)
            }
        }
    }

    /// Tries once.
    async fn look(&self, last: &Mutex<Option<String>>) -> Result<Poll<Master>, ProbeError> {
        match Master::connect(self, self.within).await {
            Ok(master) => Ok(Poll::ready(master)),
            Err(Refusal { state, said, is_lasting }) => {
                if said.is_some() {
                    *last.lock().unwrap_or_else(PoisonError::into_inner) = said;
                }
                if is_lasting { Err(ProbeError::lasting(state)) } else { Ok(Poll::not_yet(state)) }
            }
        }
    }
}
