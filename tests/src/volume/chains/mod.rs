//! What is made of a volume, what a volume is made of, and whose it is: its bytes are the same
//! all along.
//!
//! Nothing writes into a volume here but images and backups, so that no guest is needed. The
//! bytes are compared by [`volumes::content`].

mod backups;
mod copies;
mod dependencies;
mod images;
mod moves;
mod transfers;

use serde_json::json;
use squall::scenario::{images as data, quotas, volumes};
use squall::{Context, ensure};

/// Chains of volumes.
#[squall::suite(
    id = "suites.volume.chains",
    kind = "scenario",
    needs(volume, image),
    identities(member),
    timeout = 600,
    fixture = three
)]
pub(crate) struct Chains;

/// The bytes of the images, each its own. They are no system: nothing boots from them.
static BYTES: [[u8; SIZE]; 3] = [bytes(1), bytes(2), bytes(3)];

const SIZE: usize = 16 * 1024;

/// Returns bytes that do not repeat, so that none can be at another's place unnoticed.
const fn bytes(seed: u32) -> [u8; SIZE] {
    let mut out = [0; SIZE];
    let mut state = seed;
    let mut at = 0;
    while at < SIZE {
        // The generator of Numerical Recipes.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        out[at] = (state >> 24) as u8;
        at += 1;
    }
    out
}

/// An image that volumes are filled with, and the digest of a volume of 1 GiB with its bytes.
pub(crate) struct Filling {
    pub(crate) image: String,
    pub(crate) digest: String,
}

/// What volumes are filled with.
pub(crate) struct Fillings {
    pub(crate) first: Filling,
    pub(crate) second: Filling,
    pub(crate) third: Filling,
    /// The digest of a volume of 2 GiB with the first image's bytes.
    pub(crate) first_grown: String,
}

async fn three(ctx: &Context) -> squall::Result<Fillings> {
    quotas::lift(ctx).await?;
    let [first, second, third] = [0, 1, 2].map(|at| filling(ctx, &BYTES[at]));
    let (first, second, third) = (first.await?, second.await?, third.await?);
    ensure!(
        first.digest != second.digest
            && second.digest != third.digest
            && third.digest != first.digest,
        "volumes of different images have the same digest"
    );
    let grown = volumes::create(ctx, json!({ "imageRef": first.image, "size": 2 })).await?;
    let first_grown = volumes::content(ctx, &grown.id).await?;
    Ok(Fillings { first, second, third, first_grown })
}

async fn filling(ctx: &Context, bytes: &'static [u8]) -> squall::Result<Filling> {
    // Other projects' tests use it, too.
    let image = data::upload(ctx, bytes, json!({ "visibility": "community" })).await?;
    let volume = volumes::from_image(ctx, &image.id).await?;
    let digest = volumes::content(ctx, &volume.id).await?;
    Ok(Filling { image: image.id, digest })
}
