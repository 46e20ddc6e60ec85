//! Choices of a cloud for all tests of a run.

use tokio::sync::OnceCell;

/// The flavor, image and external network that tests use where they name none: looked
/// for by the first test that needs one, and the same for all of a run.
#[derive(Debug, Default)]
pub(crate) struct Choices {
    pub(crate) flavor: OnceCell<String>,
    pub(crate) image: OnceCell<String>,
    pub(crate) external_network: OnceCell<Option<String>>,
}
