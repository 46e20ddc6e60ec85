//! Pretending: an operation is answered as if it had worked, and nothing has happened.
//!
//! The request is served as any other, and then the state of before is put back. So it is refused
//! if it would be refused, and its answer is the real one; but what it created does not exist,
//! what it changed is as it was, and what it started does not go on. Ids stay used: what is
//! created next does not get the id of something that was only pretended.
//!
//! Taking and comparing the state costs some milliseconds, and only requests that are pretended
//! pay for it.

use std::collections::BTreeSet;
use std::fmt;

use http::HeaderMap;
use squall_model::service::{HAD_EFFECT, HAD_NO_EFFECT, PRETEND_HEADER, PRETENDED_HEADER};
use squall_model::suggest::did_you_mean;

use crate::cloud::Cloud;
use crate::mount::Mount;
use crate::outcome::Outcome;
use crate::world::World;

/// An operation is to be pretended that the cloud does not serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownOperation {
    /// The id as given.
    pub id: String,
    similar: Option<String>,
}

impl fmt::Display for UnknownOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the embedded cloud has no operation `{}`", self.id)?;
        self.similar.iter().try_for_each(|similar| write!(f, "; {similar}"))
    }
}

impl std::error::Error for UnknownOperation {}

impl Cloud {
    /// Pretends these operations from now on, and no others: a request is answered as if it had
    /// worked, and changes nothing. A request with the header [`PRETEND_HEADER`] is pretended
    /// whatever its operation.
    ///
    /// ```
    /// let cloud = squall_cloud::Cloud::new(squall_cloud::Options::default());
    /// assert!(cloud.pretend(["compute.servers.resize"]).is_ok());
    /// let error = cloud.pretend(["compute.server.resize"]).unwrap_err();
    /// assert!(error.to_string().contains("`compute.servers.resize`"), "{error}");
    /// ```
    ///
    /// # Errors
    /// The first id that is not an operation of this cloud; nothing is changed then.
    pub fn pretend<'o>(
        &self,
        operations: impl IntoIterator<Item = &'o str>,
    ) -> Result<(), UnknownOperation> {
        let operations: BTreeSet<String> = operations.into_iter().map(str::to_owned).collect();
        let served = || {
            let operations = self.mounts().iter().flat_map(|mount| mount.spec.operations);
            operations.map(|operation| &*operation.id)
        };
        if let Some(id) = operations.iter().find(|id| !served().any(|known| known == *id)) {
            return Err(UnknownOperation { id: id.clone(), similar: did_you_mean(id, served()) });
        }
        *self.pretended() = operations;
        Ok(())
    }

    /// Whether a request is pretended.
    pub(crate) fn pretends(&self, operation: &str, headers: &HeaderMap) -> bool {
        headers.contains_key(PRETEND_HEADER) || self.pretended().contains(operation)
    }
}

/// Serves a request, and puts back the state of before.
pub(crate) fn serve(
    world: &mut World,
    mount: &Mount,
    perform: impl FnOnce(&mut World) -> Outcome,
) -> Outcome {
    let before = world.clone();
    let items = mount.engine.as_ref().map(|engine| (engine, engine.items().clone()));
    let outcome = perform(world);
    let after = std::mem::replace(world, before);
    let mut changed = !world.is_as(&after);
    world.ids = after.ids;
    if let Some((engine, before)) = items {
        let mut items = engine.items();
        changed |= !items.is_as(&before);
        items.put_back(before);
    }
    let mut reply = outcome?;
    let effect = if changed { HAD_EFFECT } else { HAD_NO_EFFECT };
    reply.headers.push((PRETENDED_HEADER.to_owned(), effect.to_owned()));
    Ok(reply)
}
