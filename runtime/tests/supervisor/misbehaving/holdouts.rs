//! Tests that do not end by themselves.

use std::time::Duration;

use squall::Context;

/// Their deadline is short, and their end is not theirs.
#[squall::suite(id = "misbehaving.holdouts", timeout = 1)]
pub(crate) struct Holdouts;

#[squall::test(id = "misbehaving.loops")]
async fn loops(_ctx: &Context) -> squall::Result {
    loop {
        std::hint::spin_loop();
    }
}

#[squall::test(id = "misbehaving.blocks")]
async fn blocks(_ctx: &Context) -> squall::Result {
    // Woken from a wait, so that no other thread looks after timers.
    tokio::time::sleep(Duration::from_millis(50)).await;
    loop {
        std::thread::sleep(Duration::from_secs(60));
    }
}

#[squall::test(id = "misbehaving.waits")]
async fn waits(_ctx: &Context) -> squall::Result {
    std::future::pending().await
}

#[squall::test(id = "misbehaving.waits_long", tags(long), timeout = 600)]
async fn waits_long(_ctx: &Context) -> squall::Result {
    std::future::pending().await
}

#[squall::test(id = "misbehaving.blocks_long", tags(long), timeout = 600)]
async fn blocks_long(_ctx: &Context) -> squall::Result {
    loop {
        std::thread::sleep(Duration::from_secs(60));
    }
}
