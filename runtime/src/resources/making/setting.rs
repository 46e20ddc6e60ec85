//! Recording what a test changes of the cloud itself, so that it is put back.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::MakeError;
use super::maker::Maker;
use super::stack::{Step, Thing};
use crate::client::Session;
use crate::client::by_id::SessionApi;
use crate::kinds;
use crate::ledger::{Intent, LedgerEntry, Outstanding, Owner, RecordedChange, Restoration};

impl Maker {
    /// Records a request that restores what the next one may change of the cloud itself, and
    /// returns its number. It is sent at the end of the test.
    pub(crate) async fn restoring(
        &self,
        session: &Session,
        params: BTreeMap<String, String>,
        restoration: Restoration,
    ) -> Result<u64, MakeError> {
        let kind = &kinds::SETTING;
        let token = session.token().await?;
        let name = kinds::unique_name(kind, self.ledger.run());
        let owner = Owner::new(&token.user.id, token.project.as_ref().map(|p| p.id.as_str()));
        let change = Some(RecordedChange::Restored(Box::new(restoration)));
        let intent = Intent {
            test: self.test.clone(),
            params,
            change,
            ..Intent::create(kind.name, &name, owner)
        };
        let seq = self.ledger.append(LedgerEntry::Intent(intent.clone()))?;
        let thing = Thing {
            kind,
            outstanding: Outstanding { seq, intent, id: None },
            actor: Arc::new(SessionApi::new(session.clone())),
            answered: true,
        };
        self.stack.push(Step::Thing(Box::new(thing))).map_err(|_| MakeError::Over)?;
        Ok(seq)
    }

    /// Records that a request changed nothing, so that nothing is to be restored.
    pub(crate) fn unchanged(&self, seq: u64, why: &str) {
        // If this cannot be written, it is restored all the same.
        let _ = self.ledger.append(LedgerEntry::Refused { of: seq, why: why.to_owned() });
        self.stack.forget(seq);
    }
}
