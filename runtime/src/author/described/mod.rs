//! Requests as the descriptions of resources give them: placeholders filled, what they refer
//! to created, at any microversion.
//!
//! Contract suites are made of this, and a plugin's test may use it for what it only needs to
//! be there:
//!
//! ```no_run
//! # use squall::{Context, Result, described::Pool};
//! # async fn doc(ctx: &Context) -> Result {
//! let pool = Pool::new(ctx);
//! // Its volume is created first; both are deleted at the end of the test.
//! let snapshot = pool.instance("volume.snapshot").await?;
//! ctx.volume().snapshots().show(snapshot.id()).send().await?;
//! # Ok(())
//! # }
//! ```

mod cell;
mod exercise;
mod how;
mod instance;
mod needs;
mod pool;
mod ready;
mod refused;
mod request;
mod restoring;
mod sender;
mod words;

pub(crate) use exercise::{call, delete, perform_before, standard};
pub(crate) use how::{How, find};
pub(crate) use needs::Needs;
pub(crate) use ready::comes_after;
pub(crate) use refused::{by_service, no_behaviour};
pub(crate) use request::{Filled, FilledBody, Obtain, Purpose, Ready, prepare};
pub(crate) use restoring::{PutBack, undone_afterwards};
pub(crate) use sender::sender;

pub use cell::{DescribedCell, cells};
pub use exercise::exercise;
pub use instance::Instance;
pub use pool::Pool;
