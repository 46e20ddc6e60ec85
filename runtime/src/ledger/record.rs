//! What stands on one line of the ledger.

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
    /// What it says.
    pub entry: Entry,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// A request is about to go out that makes or changes something.
    Intent(Intent),
    /// The request of record `of` was answered: the thing exists and has this id.
    Made {
        /// The intent's number.
        of: u64,
        /// The id that the service gave it.
        id: String,
    },
    /// The request of record `of` was refused: nothing was made.
    Refused {
        /// The intent's number.
        of: u64,
        /// The status of the refusal, or why it never went out.
        why: String,
    },
    /// What record `of` made was seen to be gone, or a change to be undone.
    Gone {
        /// The intent's number.
        of: u64,
    },
}

/// A thing that is about to be made, or a change about to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Intent {
    /// The test it is for; none where the runner makes it for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// The [kind](crate::kinds) it is of, as in `compute.server`.
    pub kind: String,
    /// The name that no other thing has, by which it is found without its id.
    pub name: String,
    /// Who makes it, and where.
    pub owner: Owner,
    /// What else is needed to address it: the path parameters of the request.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// Whether the request makes several things, whose names begin with this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several: bool,
    /// For a change: what it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

impl Intent {
    /// Makes the intent to create a thing.
    pub fn create(kind: &str, name: &str, owner: Owner) -> Self {
        Self {
            test: None,
            kind: kind.to_owned(),
            name: name.to_owned(),
            owner,
            params: BTreeMap::new(),
            several: false,
            change: None,
        }
    }
}

/// The state before a change: enough to put it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It was not there: undoing takes it away.
    Added,
    /// It had this value: undoing sends it back.
    Replaced(Value),
}

/// The identity that makes a thing, and the project it makes it in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Owner {
    /// The user's id.
    pub user_id: String,
    /// The project's id; none for a token without a project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
}

impl Owner {
    /// Names an identity by the ids of its user and project.
    pub fn new(user_id: &str, project_id: Option<&str>) -> Self {
        Self { user_id: user_id.to_owned(), project_id: project_id.map(str::to_owned) }
    }
}
