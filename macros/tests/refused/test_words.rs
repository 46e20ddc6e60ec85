//! Mistakes in the words of a test: all of them at once.

use squall_macros as squall;

struct Context;
type Result = std::result::Result<(), ()>;

#[squall::test(
    id = "Boot",
    kind = "smoke",
    needs(computer >= "2.1", compute >= 2.10, image > "2.1", "key-manager" >= "one"),
    features("trunk", network.trunk, "compute.pause", "compute.pause"),
    identities(root, member, member),
    tags(Slow, bug-42),
    speed = 3,
    timeout = 0
)]
async fn boot(_ctx: &Context) -> Result {
    Ok(())
}

fn main() {}
