//! What clouds answered, kept by operation, version and status.
//!
//! `squall run --observe DIR` keeps answers, `cargo xtask observe DIR` compares them with the
//! specs. An answer is kept without what belongs to one cloud: ids, names, secrets, addresses and
//! times are placeholders ([`neutral`]), so that two runs give nearly the same files, and a file
//! can be passed on. A placeholder never changes whether a value matches its schema; where that
//! is impossible, the answer says which values it altered ([`KeptAnswer::altered`]).
//!
//! Each answer is a file of its own, whose name has a digest of its content. So processes write
//! beside each other without a lock, the same answer is one file however often it came, and
//! nothing is lost if a run is killed ([`AnswerStore`]).

mod answer;
mod condense;
pub mod neutral;
mod observer;
mod store;
mod vocabulary;

pub use answer::{KeptAnswer, KeptBody};
pub use condense::normal;
pub use observer::{AnswerKeeper, CloudUnderObservation};
pub use store::{AnswerStore, FiledAnswer, ReadError, read};
pub use vocabulary::Vocabulary;
