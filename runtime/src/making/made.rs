//! A thing that was made, with what is needed to speak of it.

use std::ops::Deref;

/// What [`create`](crate::Context::create) gives: the answer's value, the id and
/// the name; the thing goes at the end of the test.
#[derive(Debug, Clone)]
pub struct Made<T> {
    /// What the service answered.
    pub value: T,
    /// The id that it gave the thing, or the thing's name where that is its id.
    pub id: String,
    /// The name that no other thing has.
    pub name: String,
}

impl<T> Deref for Made<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
