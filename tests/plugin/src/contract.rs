//! Every operation of the key ring is called as its description says, and answered as its
//! client's types say.

use squall::described::{DescribedCell, Pool, cells, exercise};
use squall::{Case, Context, Result};

/// Every operation, as described.
#[squall::suite(id = "key_ring.contract", kind = "contract", identities(member), fixture = pool)]
pub struct Contract;

/// What reads shares these rings and keys.
async fn pool(ctx: &Context) -> Result<Pool> {
    Ok(Pool::new(ctx))
}

/// An operation is answered as its types say.
#[squall::test(id = "contract", cases = every_cell)]
async fn answered_as_described(ctx: &Context, cell: &DescribedCell) -> Result {
    exercise(ctx, ctx.fixture()?, cell).await
}

fn every_cell() -> Vec<Case<DescribedCell>> {
    cells("key_ring")
}
