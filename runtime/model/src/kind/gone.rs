//! How a thing is taken away, and how it is seen to be gone.

use super::find::Listed;

/// One request on the way to taking a thing away.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The operation.
    pub operation: &'static str,
    /// Its body as JSON, with parameters in braces inside strings.
    pub body: Option<&'static str>,
}

impl Step {
    /// A request without a body.
    pub const fn of(operation: &'static str) -> Self {
        Self { operation, body: None }
    }

    /// Adds a body, as JSON.
    #[must_use]
    pub const fn with_body(mut self, body: &'static str) -> Self {
        self.body = Some(body);
        self
    }
}

/// How a thing is seen to be gone.
#[derive(Debug, Clone, Copy)]
pub enum Gone {
    /// The service accepts the last step, which is all there is to see.
    Accepted,
    /// The service deletes before it answers, so that its answer says so; unless that is
    /// 202, after which it is gone when this operation answers 404.
    Deleted(&'static str),
    /// This operation answers 404.
    NotFound(&'static str),
    /// It answers 404, or what stands at the pointer is this word: a service that
    /// keeps the record of a deleted thing for a while.
    NotFoundOr(&'static str, &'static str, &'static str),
}

/// What a service puts into a thing by itself and leaves behind when the thing
/// goes, as network does with a project's `default` security group.
#[derive(Debug, Clone, Copy)]
pub struct Sweep {
    /// How it is found; parameters in the query are the thing's.
    pub listed: Listed,
    /// A JSON pointer into an item and the parameter that has to equal it: a service that
    /// ignored the query would list what belongs to others.
    pub of: Option<(&'static str, &'static str)>,
    /// The operation that deletes one.
    pub delete: &'static str,
    /// Its path parameter.
    pub id_param: &'static str,
    /// The query that it takes: a parameter, and the JSON pointer to its value in the
    /// listed item; left out where the item has none.
    pub delete_query: &'static [(&'static str, &'static str)],
    /// Whether to list again until nothing is left, as a list of pages needs; not where
    /// the service puts a new one in the place of each.
    pub until_empty: bool,
}
