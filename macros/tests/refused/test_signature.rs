//! Mistakes in the signature of a test: all of them at once.

use squall_macros as squall;

struct Context;

#[squall::test]
fn boot<T>(_ctx: &mut Context, _more: T) {}

#[squall::test(id = "compute.servers.nothing")]
async fn nothing() {}

#[squall::test(id = "compute.servers.sizes", cases = sizes)]
async fn sizes_without_case(_ctx: &Context) -> Result<(), ()> {
    Ok(())
}

#[squall::test(id = "compute.servers.owned", cases = sizes, cases = 3)]
async fn owned(_ctx: &Context, _case: u32, _more: u32) -> Result<(), ()> {
    Ok(())
}

#[squall::test(id = "compute.servers.no_cases")]
async fn no_cases(_ctx: &Context, _case: &u32) -> Result<(), ()> {
    Ok(())
}

#[squall::suite(id = "compute.servers", cases = sizes)]
struct Servers;

#[squall::test(id = "compute.servers.no_function")]
struct NoFunction;

fn main() {}
