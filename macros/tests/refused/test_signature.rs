//! Mistakes in the signature of a test: all of them at once.

use squall_macros as squall;

struct Context;

#[squall::test]
fn boot<T>(_ctx: &mut Context, _more: T) {}

#[squall::test(id = "compute.servers.nothing")]
async fn nothing() {}

#[squall::test(id = "compute.servers.no_function")]
struct NoFunction;

fn main() {}
