//! A kind: how resources of one sort are created, found again ([`Find`]), deleted
//! ([`Step`]), and seen to be gone ([`Gone`]). It is data alone; the runtime's cleanup does
//! what it says.

mod find;
mod gone;
mod state;

pub use find::{Find, Id, Listed, Naming, text_of};
pub use gone::{Gone, Step, Sweep};
use serde_json::Value;
pub use state::KindState;

/// A sort of resource that a run may create, or of change that it may make.
///
/// Our own come from the descriptions of the services, a plugin's from a description or from
/// a `static`:
///
/// ```
/// use squall_model::kind::{Find, Gone, Kind, Step};
///
/// /// A share of a file system.
/// pub static SHARE: Kind = Kind::new("shares.share")
///     .made_by(&["shares.shares.create"])
///     .named_at(&["/share/name"])
///     .with_id("share_id", &["/share/id"])
///     .found_by(Find::listed("shares.shares.list", "/shares").with_query(&[("name", "{name}")]))
///     .undone_by(&[Step::of("shares.shares.delete")])
///     .gone_when(Gone::NotFound("shares.shares.show"))
///     .standing_on(&["shares.share_network"]);
/// ```
#[derive(Debug)]
pub struct Kind {
    /// `service.thing`, as in `compute.server`.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    /// The kinds that it needs while it exists: it is undone before them.
    pub stands_on: &'static [&'static str],
    /// Who owns one.
    pub owner: OwnedBy,
    /// The operations that make one; the guard lets them pass in the ledger's hand only.
    pub made_by: &'static [&'static str],
    /// What its name looks like.
    pub naming: Naming,
    /// Where a request that makes one has its name: JSON pointers into the body. The
    /// name goes to the deepest whose parent exists.
    pub name_at: &'static [&'static str],
    /// Its states, if it has any that a test waits for.
    pub state: Option<KindState>,
    /// The path parameter that addresses one.
    pub id_param: &'static str,
    /// Where its id comes from.
    pub id: Id,
    /// More that undoing needs: a parameter, and where the request's body has it.
    pub body_params: &'static [(&'static str, &'static str)],
    /// How it is found by its name alone.
    pub find: Find,
    /// What takes it away, in order.
    pub undo: &'static [Step],
    /// What lets go of one that is refused to be taken away as in conflict (409), as the
    /// lock of a server does.
    pub freed_by: &'static [Step],
    /// The operation that no longer finds it once it is gone.
    pub gone: Gone,
    /// What a service puts into it by itself, and leaves behind.
    pub sweep: &'static [Sweep],
    /// Where a request says that it makes several of one name, as JSON pointers into its
    /// body.
    pub several: &'static [&'static str],
    /// Whether only its owner can address one: an admin's request for it would
    /// find nothing, or something else.
    pub private: bool,
    /// For one that is addressed by its name: the list that shows every one to an admin.
    pub census: Option<Listed>,
    /// For a change whose path names nothing that the run made: an operation and a JSON
    /// pointer to an object in its answer, whose keys are ids that the run made.
    pub shown_by: Option<(&'static str, &'static str)>,
    /// Whether one may also be made without a mark in a thing of this run, which takes
    /// it along when it goes.
    pub within_ours: bool,
}

impl Kind {
    /// Starts a kind; each `…_by` adds what is known of it.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            summary: "",
            stands_on: &[],
            owner: OwnedBy::Project,
            made_by: &[],
            naming: Naming::Dashed,
            name_at: &[],
            state: None,
            id_param: "",
            id: Id::Coordinates,
            body_params: &[],
            find: Find::Coordinates,
            undo: &[],
            freed_by: &[],
            gone: Gone::Accepted,
            sweep: &[],
            several: &[],
            private: false,
            census: None,
            shown_by: None,
            within_ours: false,
        }
    }

    /// Names the kinds that it needs while it exists, before which it is undone.
    #[must_use]
    pub const fn standing_on(mut self, kinds: &'static [&'static str]) -> Self {
        self.stands_on = kinds;
        self
    }

    /// Sets who owns one.
    #[must_use]
    pub const fn owned_by(mut self, owner: OwnedBy) -> Self {
        self.owner = owner;
        self
    }

    /// Sets where in the body of a creating request its name stands.
    #[must_use]
    pub const fn named_at(mut self, pointers: &'static [&'static str]) -> Self {
        self.name_at = pointers;
        self
    }

    /// Sets its states.
    #[must_use]
    pub const fn with_state(mut self, state: KindState) -> Self {
        self.state = Some(state);
        self
    }

    /// Names the operations that make one, or do the change.
    #[must_use]
    pub const fn made_by(mut self, operations: &'static [&'static str]) -> Self {
        self.made_by = operations;
        self
    }

    /// Sets how one is addressed: the path parameter, and the JSON pointers to its
    /// id in the answers to the requests that make it, the first that leads
    /// anywhere.
    #[must_use]
    pub const fn with_id(mut self, param: &'static str, pointers: &'static [&'static str]) -> Self {
        (self.id_param, self.id) = (param, Id::Answer(pointers));
        self
    }

    /// Declares that one is addressed by its name.
    #[must_use]
    pub const fn with_name_as_id(mut self, param: &'static str) -> Self {
        (self.id_param, self.id, self.find) = (param, Id::Name, Find::Name);
        self
    }

    /// Sets what its name looks like.
    #[must_use]
    pub const fn named(mut self, naming: Naming) -> Self {
        self.naming = naming;
        self
    }

    /// Takes parameters from the request's body, by JSON pointer.
    #[must_use]
    pub const fn with_body_params(
        mut self,
        params: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.body_params = params;
        self
    }

    /// Sets how one is found when its id is not known.
    #[must_use]
    pub const fn found_by(mut self, find: Find) -> Self {
        self.find = find;
        self
    }

    /// Sets what takes it away, in order.
    #[must_use]
    pub const fn undone_by(mut self, steps: &'static [Step]) -> Self {
        self.undo = steps;
        self
    }

    /// Sets what lets go of one that is refused to be taken away; each is tried once, and
    /// may be refused in turn.
    #[must_use]
    pub const fn freed_by(mut self, steps: &'static [Step]) -> Self {
        self.freed_by = steps;
        self
    }

    /// Sets how it is seen to be gone.
    #[must_use]
    pub const fn gone_when(mut self, gone: Gone) -> Self {
        self.gone = gone;
        self
    }

    /// Sets what to look for inside it before it is taken away.
    #[must_use]
    pub const fn sweeping(mut self, sweep: &'static [Sweep]) -> Self {
        self.sweep = sweep;
        self
    }

    /// Sets where in the body of a request it stands that it makes several, whose names
    /// all begin with the one that was given.
    #[must_use]
    pub const fn several_with(mut self, pointers: &'static [&'static str]) -> Self {
        self.several = pointers;
        self
    }

    /// Whether a request with this body makes several.
    pub fn makes_several(&self, body: &Value) -> bool {
        self.several.iter().any(|pointer| body.pointer(pointer).is_some())
    }

    /// Declares that only its owner can address one.
    #[must_use]
    pub const fn private(mut self) -> Self {
        self.private = true;
        self
    }

    /// Declares that a request which makes one needs no mark where its URL names a thing of
    /// this run: that thing's own undoing takes it along ([`sweeping`](Self::sweeping)).
    #[must_use]
    pub const fn or_within_ours(mut self) -> Self {
        self.within_ours = true;
        self
    }

    /// Sets the list that shows every one to an admin, for one addressed by its name.
    #[must_use]
    pub const fn counted_in(mut self, listed: Listed) -> Self {
        self.census = Some(listed);
        self
    }

    /// Sets how a change whose path names nothing of the run shows that it is the run's.
    #[must_use]
    pub const fn shown_by(mut self, operation: &'static str, pointer: &'static str) -> Self {
        self.shown_by = Some((operation, pointer));
        self
    }

    /// Returns the list to count these resources in, if there is one.
    pub fn list(&self) -> Option<Listed> {
        match self.find {
            Find::Listed(listed) => Some(listed),
            Find::Name | Find::Coordinates => self.census,
        }
    }

    /// Returns the operation that shows one, if there is one.
    pub fn show(&self) -> Option<&'static str> {
        match self.gone {
            Gone::Accepted => None,
            Gone::Deleted(show) | Gone::NotFound(show) | Gone::NotFoundOr(show, ..) => Some(show),
        }
    }

    /// Returns the service's name: the part of the kind's before the dot.
    pub fn service(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(service, _)| service)
    }
}

/// Who owns a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnedBy {
    /// A project.
    Project,
    /// A user.
    User,
    /// A domain.
    Domain,
    /// The cloud itself: an administrator makes one.
    System,
}
