//! What a kind is made from: its resource, beside all that the file has.

use crate::call::CallDraft;
use crate::operations::Table;
use crate::resource::Draft;

/// What a kind is made from.
pub(crate) struct Source<'a, 'n, 'o> {
    pub(crate) draft: &'a Draft<'n, 'o>,
    /// All resources of the file.
    pub(crate) drafts: &'a [Draft<'n, 'o>],
    pub(crate) calls: &'a [CallDraft<'n, 'o>],
    pub(crate) table: &'a Table<'o>,
}
