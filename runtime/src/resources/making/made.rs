//! A created resource.

use std::ops::Deref;

/// A resource created by [`create`](crate::Context::create), which is deleted at the end
/// of the test.
#[derive(Debug, Clone)]
pub struct Made<T> {
    /// The decoded response.
    pub value: T,
    /// The id from the response, or the name for a kind that is identified by it.
    pub id: String,
    /// The unique name.
    pub name: String,
}

impl<T> Deref for Made<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
