//! What a run may create: the kinds, each with how it is found again, deleted and seen to
//! be gone.
//!
//! Nothing can be created without a kind, because nothing can be created without the
//! ledger, and the ledger holds kinds. Each comes with the service that is its name's first
//! word: from the service's description, or from
//! [`Service::with_kinds`](crate::services::Service::with_kinds). Ours and a plugin's are
//! treated alike. Ours stand in `api-specs/<service>/resources.yaml`, and are statics in a
//! module for each service, as in [`compute::SERVER`].

mod catalogue;
mod check;
mod name;
mod order;

pub(crate) use catalogue::SETTING;
pub(crate) use catalogue::exempt;
pub(crate) use catalogue::goes_with_another;
pub use catalogue::{all, census, find, making};
pub(crate) use check::faults;
pub use name::unique_name;
pub(crate) use name::{begins_like_run, is_name_of_run, is_unique_name, run_prefix, words_of};
pub(crate) use order::depth;
pub(crate) use squall_model::kind::text_of;
pub use squall_model::kind::{
    Find, Gone, Id, Kind, KindState, Listed, Naming, OwnedBy, Step, Sweep,
};
pub use squall_services::kinds::*;
