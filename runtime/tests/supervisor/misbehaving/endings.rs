//! Tests that end, well or badly.

use std::sync::atomic::{AtomicU32, Ordering};

use squall::{Case, Context, Failure, kinds, serde_json};

/// What every test here has in common.
#[squall::suite(id = "misbehaving.endings", kind = "scenario", tags(fixture), timeout = 120)]
pub(crate) struct Endings;

#[squall::test(id = "misbehaving.passes")]
async fn passes(_ctx: &Context) -> squall::Result {
    Ok(())
}

#[squall::test(id = "misbehaving.fails")]
async fn fails(_ctx: &Context) -> squall::Result {
    squall::ensure_eq!(1 + 1, 3, "on purpose");
    Ok(())
}

/// How often the test below ran in this process.
static TRIES: AtomicU32 = AtomicU32::new(0);

#[squall::test(id = "misbehaving.wavers")]
async fn wavers(_ctx: &Context) -> squall::Result {
    squall::ensure!(TRIES.fetch_add(1, Ordering::Relaxed) > 0, "not the first time");
    Ok(())
}

#[squall::test(id = "misbehaving.known", known_bug = "launchpad 1")]
async fn known(_ctx: &Context) -> squall::Result {
    Err(Failure::new("as ever"))
}

#[squall::test(id = "misbehaving.mended", known_bug = "launchpad 2")]
async fn mended(_ctx: &Context) -> squall::Result {
    Ok(())
}

/// Its cases are others in each process.
#[squall::test(id = "misbehaving.shifts", cases = shifting)]
async fn shifts(_ctx: &Context, _process: &u32) -> squall::Result {
    Ok(())
}

fn shifting() -> [Case<u32>; 2] {
    let process = std::process::id();
    [Case::new("same", 0), Case::new(format!("process-{process}"), process)]
}

#[squall::test(id = "misbehaving.errs")]
async fn errs(_ctx: &Context) -> squall::Result {
    let number: u16 = "x".parse()?;
    squall::ensure!(number > 0);
    Ok(())
}

#[squall::test(id = "misbehaving.skips")]
async fn skips(_ctx: &Context) -> squall::Result {
    Err(Failure::skip("it is not the day for it"))
}

#[squall::test(id = "misbehaving.needs", needs("teleport" >= "9.9"))]
async fn needs(_ctx: &Context) -> squall::Result {
    Err(Failure::new("it ran where it should not"))
}

#[squall::test(id = "misbehaving.panics")]
async fn panics(_ctx: &Context) -> squall::Result {
    tokio::task::yield_now().await;
    std::hint::black_box(None::<u8>).expect("something");
    Ok(())
}

#[squall::test(id = "misbehaving.aborts")]
async fn aborts(_ctx: &Context) -> squall::Result {
    std::process::abort()
}

#[squall::test(id = "misbehaving.makes_and_aborts", identities(admin))]
async fn makes_and_aborts(ctx: &Context) -> squall::Result {
    let projects = ctx.admin().identity().projects();
    ctx.create_named(&kinds::identity::PROJECT, |name| {
        projects.create(serde_json::json!({ "name": name }))
    })
    .await?;
    std::process::abort()
}

#[squall::test(id = "misbehaving.exits")]
async fn exits(_ctx: &Context) -> squall::Result {
    std::process::exit(0)
}

#[squall::test(id = "misbehaving.overflows")]
async fn overflows(_ctx: &Context) -> squall::Result {
    let depth = deeper(std::hint::black_box(1));
    Err(Failure::new(format!("came back from a depth of {depth}")))
}

/// Takes a page of stack a call, and never comes back.
#[expect(unconditional_recursion, reason = "it is what the test is about")]
fn deeper(depth: u64) -> u64 {
    let page = std::hint::black_box([depth; 512]);
    deeper(depth + 1) + page[0]
}

#[squall::test(id = "misbehaving.prints")]
async fn prints(_ctx: &Context) -> squall::Result {
    println!("{{\"say\":\"done\"}}");
    println!("something printed");
    Ok(())
}
