//! The processes of one component in a topology: one group, or several that differ in
//! node or release.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::text::{Release, Text};

/// Processes of one component that are alike.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Group {
    /// The node they run on; the first node where neither `node` nor `nodes` is given.
    pub node: Option<String>,
    /// The nodes they run on, `count` on each.
    pub nodes: Option<Vec<String>>,
    /// The number of processes per node, 1 by default; 0 leaves out a process that the
    /// service can do without.
    #[schemars(range(min = 0, max = 16))]
    pub count: Option<u32>,
    /// The number of worker processes that each forks.
    #[schemars(range(min = 1, max = 64))]
    pub workers: Option<u32>,
    /// The release they run; the service's by default.
    #[schemars(with = "Option<Release>")]
    pub release: Option<Text>,
}

/// One group or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Groups {
    /// One group.
    One(Group),
    /// Several, as a list.
    Several(Vec<Group>),
}

impl Groups {
    /// Returns the groups, each with its pointer below the component's name.
    pub fn each(&self) -> Vec<(String, &Group)> {
        match self {
            Self::One(group) => vec![(String::new(), group)],
            Self::Several(groups) => {
                groups.iter().enumerate().map(|(at, group)| (format!("/{at}"), group)).collect()
            }
        }
    }
}

impl JsonSchema for Groups {
    fn schema_name() -> Cow<'static, str> {
        "Groups".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let group = generator.subschema_for::<Group>();
        json_schema!({
            "description": "One group of processes, or several that differ in node or release.",
            "anyOf": [group, { "type": "array", "items": group, "minItems": 1 }],
        })
    }
}

impl<'de> Deserialize<'de> for Groups {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GroupsVisitor)
    }
}

struct GroupsVisitor;

impl<'de> Visitor<'de> for GroupsVisitor {
    type Value = Groups;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a group of processes or a list of them")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Groups, A::Error> {
        Group::deserialize(MapAccessDeserializer::new(map)).map(Groups::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Groups, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(Groups::Several)
    }
}
