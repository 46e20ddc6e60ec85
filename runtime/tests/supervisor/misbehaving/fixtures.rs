//! Fixtures that hold, and fixtures that do not.

use squall::serde_json::json;
use squall::{Context, Failure, Result};

/// A network that tests share.
pub(crate) struct Shared {
    pub(crate) id: String,
}

async fn network(ctx: &Context) -> Result<Shared> {
    let networks = ctx.network().networks();
    let made = ctx.create(networks.create(json!({}))).await?;
    Ok(Shared { id: made.id })
}

/// Says in whose project a test of the outer suite finds the network.
async fn found(ctx: &Context) -> Result {
    let id = &ctx.fixture::<Shared>()?.id;
    let network = ctx.network().networks().show(id).send().await?;
    let project = network.body.at("/network/project_id").and_then(|id| id.as_str());
    ctx.note("network", id.as_str());
    squall::ensure_eq!(project, ctx.actor().project_id());
    Ok(())
}

/// What holds.
mod holds {
    use super::{Context, Result, Shared, found, json, network};

    #[squall::suite(id = "fixtures.holds", tags(shared), fixture = network)]
    pub(crate) struct Holds;

    #[squall::test(id = "fixtures.holds.one")]
    async fn one(ctx: &Context) -> Result {
        found(ctx).await
    }

    #[squall::test(id = "fixtures.holds.two")]
    async fn two(ctx: &Context) -> Result {
        found(ctx).await
    }

    /// A test with an identity of its own has the fixture's beside it.
    #[squall::test(id = "fixtures.holds.stranger", identities(stranger = member))]
    async fn stranger(ctx: &Context) -> Result {
        let id = &ctx.fixture::<Shared>()?.id;
        ctx.network().networks().show(id).expect_error(404).await?;
        ctx.identity_named("member")?.network().networks().show(id).send().await?;
        Ok(())
    }

    #[squall::test(id = "fixtures.holds.wrong-type")]
    async fn wrong_type(ctx: &Context) -> Result {
        ctx.fixture::<String>()?;
        Ok(())
    }

    /// What stands on the outer fixture.
    mod inner {
        use super::{Context, Result, Shared, json};

        #[squall::suite(id = "fixtures.holds.inner", fixture = port)]
        pub(crate) struct Inner;

        struct Port(String);

        async fn port(ctx: &Context) -> Result<Port> {
            let network = &ctx.fixture::<Shared>()?.id;
            let ports = ctx.network().ports();
            let made = ctx.create(ports.create(json!({ "network_id": network }))).await?;
            Ok(Port(made.id))
        }

        #[squall::test(id = "fixtures.holds.inner.both")]
        async fn both(ctx: &Context) -> Result {
            let (port, network) = (&ctx.fixture::<Port>()?.0, &ctx.fixture::<Shared>()?.id);
            let shown = ctx.network().ports().show(port).send().await?;
            squall::ensure_eq!(shown.body.at("/port/network_id"), Some(&json!(network)));
            Ok(())
        }
    }
}

/// Makes what has to be undone, and does not come to its end.
mod fails {
    use super::{Context, Failure, Result, network};

    #[squall::suite(id = "fixtures.fails", tags(shared), fixture = half)]
    pub(crate) struct Fails;

    async fn half(ctx: &Context) -> Result<()> {
        network(ctx).await?;
        Err(Failure::new("the second half is missing"))
    }

    #[squall::test(id = "fixtures.fails.one")]
    async fn one(_ctx: &Context) -> Result {
        Ok(())
    }

    #[squall::test(id = "fixtures.fails.two")]
    async fn two(_ctx: &Context) -> Result {
        Ok(())
    }
}

/// Does not apply.
mod skips {
    use super::{Context, Result};

    #[squall::suite(id = "fixtures.skips", tags(shared), fixture = never)]
    pub(crate) struct Skips;

    #[expect(clippy::unused_async, reason = "a set-up is async")]
    async fn never(ctx: &Context) -> Result<()> {
        Err(ctx.skip("no hardware for it"))
    }

    #[squall::test(id = "fixtures.skips.one")]
    async fn one(_ctx: &Context) -> Result {
        Ok(())
    }
}

/// Takes the process down.
mod aborts {
    use super::{Context, Result};

    #[squall::suite(id = "fixtures.aborts", tags(shared), fixture = deadly)]
    pub(crate) struct Aborts;

    #[expect(clippy::unused_async, reason = "a set-up is async")]
    async fn deadly(_ctx: &Context) -> Result<()> {
        std::process::abort()
    }

    #[squall::test(id = "fixtures.aborts.one")]
    async fn one(_ctx: &Context) -> Result {
        Ok(())
    }

    #[squall::test(id = "fixtures.aborts.two")]
    async fn two(_ctx: &Context) -> Result {
        Ok(())
    }

    #[squall::test(id = "fixtures.aborts.three")]
    async fn three(_ctx: &Context) -> Result {
        Ok(())
    }
}

/// Holds on to its thread.
mod blocks {
    use super::{Context, Result};

    #[squall::suite(id = "fixtures.blocks", tags(shared), timeout = 1, fixture = blocking)]
    pub(crate) struct Blocks;

    #[expect(clippy::unused_async, reason = "a set-up is async")]
    async fn blocking(_ctx: &Context) -> Result<()> {
        loop {
            std::thread::park();
        }
    }

    #[squall::test(id = "fixtures.blocks.one")]
    async fn one(_ctx: &Context) -> Result {
        Ok(())
    }

    #[squall::test(id = "fixtures.blocks.two")]
    async fn two(_ctx: &Context) -> Result {
        Ok(())
    }
}
