//! The records of the ledger.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The record's number in its file, from 1.
    pub seq: u64,
    /// When it was written, as RFC 3339 in UTC.
    pub at: String,
    /// The run that wrote it.
    pub run: String,
    /// Its content.
    pub entry: LedgerEntry,
}

/// The content of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LedgerEntry {
    /// A request that creates or changes something is about to be sent.
    Intent(Intent),
    /// The request of record `of` succeeded: the resource exists and has this id.
    Made {
        /// The intent's number.
        of: u64,
        /// The id that the service returned.
        id: String,
    },
    /// The request of record `of` was refused or not sent: nothing was created.
    Refused {
        /// The intent's number.
        of: u64,
        /// The status of the refusal, or why it was not sent.
        why: String,
    },
    /// What record `of` created is verified to be gone, or its change undone.
    Gone {
        /// The intent's number.
        of: u64,
    },
}

/// A resource about to be created, or a change about to be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Intent {
    /// The test that creates it; `None` for the runner itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// Its kind, for example `compute.server`.
    pub kind: String,
    /// Its unique name, by which it is found if its id is not known.
    pub name: String,
    /// The user who creates it, and the project.
    pub owner: Owner,
    /// The path parameters of the request, needed to address it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// Whether the request creates several resources, whose names begin with this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several: bool,
    /// For a change: the previous state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<RecordedChange>,
    /// How it is named instead, if the request does not have the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Box<SentName>>,
}

/// The name in a request that was changed to test the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SentName {
    /// The name; none if the request has none.
    pub name: Option<String>,
    /// If the name does not begin with the unique one: the ids of those that had it before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<String>,
}

impl Intent {
    /// Creates the intent to create a resource.
    pub fn create(kind: &str, name: &str, owner: Owner) -> Self {
        Self {
            test: None,
            kind: kind.to_owned(),
            name: name.to_owned(),
            owner,
            params: BTreeMap::new(),
            several: false,
            change: None,
            sent: None,
        }
    }

    /// Returns the name by which it is found: the one that was sent, if it begins with the
    /// unique name.
    pub fn found_as(&self) -> &str {
        let sent = self.sent.as_deref().and_then(|sent| sent.name.as_deref());
        sent.filter(|sent| sent.starts_with(&self.name)).unwrap_or(&self.name)
    }

    /// Returns the name that was sent instead of the unique one, if that does not begin it.
    pub fn other_name(&self) -> Option<&SentName> {
        let begins = |name: &String| name.starts_with(&self.name);
        self.sent.as_deref().filter(|sent| !sent.name.as_ref().is_some_and(begins))
    }
}

/// The state before a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordedChange {
    /// It did not exist: undoing removes it.
    Added,
    /// It had this value: undoing restores it.
    Replaced(Value),
    /// It belongs to the cloud, not to the run: this request restores it.
    Restored(Box<Restoration>),
}

/// A request that restores what a test changed of the cloud itself: a service that it disabled,
/// the default of a quota. The parameters of its path are those of the intent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Restoration {
    /// The operation.
    pub operation: String,
    /// The whole body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// What was there before the first change of it in the run.
    pub was: Value,
}

/// A user and the project it acts in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Owner {
    /// The user's id.
    pub user_id: String,
    /// The project's id; `None` for a token without a project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
}

impl Owner {
    /// Creates an owner from the ids of its user and project.
    pub fn new(user_id: &str, project_id: Option<&str>) -> Self {
        Self { user_id: user_id.to_owned(), project_id: project_id.map(str::to_owned) }
    }
}
