//! What tests of the whole program share: [`Sandbox`] starts `squall` in a folder of its
//! own, [`ServedCloud`] serves an embedded cloud, and a [`Rule`] makes that cloud misbehave.
//!
//! ```ignore
//! let cloud = ServedCloud::start();
//! let sandbox = Sandbox::with_cloud(&cloud, "nightly");
//! cloud.on("GET /compute/v2.1/flavors", effect::answer(404, "<html>no such page</html>"));
//! let output = sandbox.run(["cleanup", "last"]).expect_code(1);
//! assert!(output.stdout.contains("1 left"), "{output}");
//! ```

mod cloud;
pub(crate) mod effect;
mod program;
mod sandbox;
mod selftest;

pub(crate) use cloud::{Rule, ServedCloud, block_on};
pub(crate) use effect::Effect;
pub(crate) use program::{Output, Started, clean};
pub(crate) use sandbox::Sandbox;
