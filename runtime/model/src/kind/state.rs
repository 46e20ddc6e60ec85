//! The states of a resource.

/// The states of a resource, as its service reports them.
///
/// A state that none of the lists has is one that passes.
#[derive(Debug, Clone, Copy)]
pub struct KindState {
    /// The JSON pointer to the state, in the object.
    pub at: &'static str,
    /// The states in which it can be used; what creates one waits for one of these.
    pub ready: &'static [&'static str],
    /// The states that it leaves by itself.
    pub passing: &'static [&'static str],
    /// The states that it does not leave by itself, and that mean that something failed.
    pub dead: &'static [&'static str],
    /// JSON pointers to what tells more, such as why it failed.
    pub tell: &'static [&'static str],
}

impl KindState {
    /// States at a JSON pointer, of which these are ready.
    pub const fn new(at: &'static str, ready: &'static [&'static str]) -> Self {
        Self { at, ready, passing: &[], dead: &[], tell: &[] }
    }
}
