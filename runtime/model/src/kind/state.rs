//! The states of a resource.

/// The states of a resource, as its service reports them.
///
/// A state that none of the lists has is one that passes.
#[derive(Debug, Clone, Copy)]
pub struct KindState {
    /// The JSON pointer to the state, in the object; into that of another resource if it
    /// begins with a kind that the request refers to, as `/volume.volume/status`.
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

    /// Returns the kind of the resource that has the state, with the states as that resource
    /// has them, if it is another one: a change may have the state of what it refers to.
    pub fn referred(self) -> Option<(&'static str, Self)> {
        let rest = self.at.strip_prefix('/')?;
        let (kind, at) = rest.split_at(rest.find('/')?);
        kind.contains('.').then_some((kind, Self { at, ..self }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_that_begins_with_a_kind_is_into_another_resource() {
        let referred = |at| {
            let (kind, state) = KindState::new(at, &["in-use"]).referred()?;
            Some((kind, state.at, state.ready))
        };
        let ready: &[&str] = &["in-use"];
        assert_eq!(referred("/volume.volume/status"), Some(("volume.volume", "/status", ready)));
        assert_eq!(referred("/status"), None);
        assert_eq!(referred("/OS-EXT-STS:task_state"), None);
    }
}
