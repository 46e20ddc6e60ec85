//! Whose a resource is: all that the rules of most services ask of it.

use squall_policy::{Target, Value};

use crate::request::RequestContext;

/// The project and the user that a resource belongs to. What is absent is no attribute of the
/// target, so that a check of it fails.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Owner<'a> {
    project: Option<Value<'a>>,
    user: Option<Value<'a>>,
}

/// A resource that belongs to a user of a project.
pub(crate) trait Owned {
    /// Returns whose it is.
    fn owner(&self) -> Owner<'_>;
}

impl<'a> Owner<'a> {
    pub(crate) fn new(project: &'a str, user: &'a str) -> Self {
        Self { project: Some(project.into()), user: Some(user.into()) }
    }

    /// The owner of what belongs to no one: a target without attributes.
    pub(crate) fn nothing() -> Self {
        Self::default()
    }

    /// A project alone.
    pub(crate) fn project(id: &'a str) -> Self {
        Self { project: Some(id.into()), user: None }
    }

    /// A user alone.
    pub(crate) fn user(id: &'a str) -> Self {
        Self { project: None, user: Some(id.into()) }
    }

    /// The caller itself, and its project, if its token is for one.
    pub(crate) fn caller(context: &'a RequestContext) -> Self {
        let project = Some(context.project()).filter(|project| !project.is_empty());
        Self { project: Some(project.into()), user: Some(context.user().into()) }
    }
}

impl Target for Owner<'_> {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        match name {
            "project_id" => self.project,
            "user_id" => self.user,
            _ => None,
        }
    }
}
