//! Waiting for images, their tasks, and the stores they are in.

use serde_json::Value;

use super::ProbeFuture;
use super::state::judged;
use crate::actor::Actor;
use crate::image::types::{Cache, Image, ImageTask};
use crate::wait::Poll;

/// Waits until every task of an image has succeeded (`GET /images/{id}/tasks`); one
/// that failed ends the wait, with its message.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the import to be done").until(ready::image_tasks_done(ctx.actor(), id)).await?;
/// # Ok(())
/// # }
/// ```
pub fn image_tasks_done(
    actor: &Actor,
    id: &str,
) -> impl FnMut() -> ProbeFuture<Vec<ImageTask>> + use<> {
    judged(actor.image().image_tasks().list(id), |response| {
        let tasks = response.body.at("/tasks").and_then(Value::as_array);
        let tasks: Vec<&Value> = tasks.into_iter().flatten().collect();
        let state = |task: &&Value| task["status"].as_str().unwrap_or("without a state").to_owned();
        if let Some(failed) = tasks.iter().find(|task| task["status"] == "failure") {
            let message = failed["message"].as_str().unwrap_or("no message");
            return Poll::dead_end(format!("failure ({message})"));
        }
        let open: Vec<String> =
            tasks.iter().filter(|task| task["status"] != "success").map(state).collect();
        match (tasks.is_empty(), open.is_empty()) {
            (true, _) => Poll::not_yet("no task"),
            (false, true) => Poll::ready(()),
            (false, false) => Poll::not_yet(open.join(", ")),
        }
    })
}

/// Waits until an image is in all of these stores (`GET /images/{id}`); a store that
/// it failed to be imported to ends the wait.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the image to be copied")
///     .until(ready::image_in_stores(ctx.actor(), id, &["near", "far"]))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn image_in_stores(
    actor: &Actor,
    id: &str,
    stores: &[&str],
) -> impl FnMut() -> ProbeFuture<Image> + use<> {
    let wanted: Vec<String> = stores.iter().map(|store| (*store).to_owned()).collect();
    judged(actor.image().images().show(id), move |response| {
        let stores = words(response.body.at("/stores"));
        let failed = words(response.body.at("/os_glance_failed_import"));
        let lacks: Vec<&str> =
            wanted.iter().map(String::as_str).filter(|store| !stores.contains(store)).collect();
        if let Some(store) = lacks.iter().find(|store| failed.contains(store)) {
            return Poll::dead_end(format!("not imported to {store}"));
        }
        let lacks = lacks.join(", ");
        if lacks.is_empty() { Poll::ready(()) } else { Poll::not_yet(format!("not in {lacks}")) }
    })
}

/// Waits until an image is not in a store any more (`GET /images/{id}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the copy to be gone")
///     .until(ready::image_not_in_store(ctx.actor(), id, "far"))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn image_not_in_store(
    actor: &Actor,
    id: &str,
    store: &str,
) -> impl FnMut() -> ProbeFuture<Image> + use<> {
    let store = store.to_owned();
    judged(actor.image().images().show(id), move |response| {
        let stores = words(response.body.at("/stores"));
        if stores.contains(&store.as_str()) {
            Poll::not_yet(format!("in {}", stores.join(", ")))
        } else {
            Poll::ready(())
        }
    })
}

/// Waits until an image is in the cache of the service (`GET /cache`); an admin alone
/// sees it.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the image to be cached").until(ready::image_cached(ctx.admin(), id)).await?;
/// # Ok(())
/// # }
/// ```
pub fn image_cached(actor: &Actor, id: &str) -> impl FnMut() -> ProbeFuture<Cache> + use<> {
    let id = id.to_owned();
    judged(actor.image().cache().list(), move |response| {
        let holds = |pointer: &str, key: Option<&str>| {
            let listed = response.body.at(pointer).and_then(Value::as_array);
            listed.is_some_and(|all| {
                all.iter().any(|one| key.map_or(one, |key| &one[key]) == id.as_str())
            })
        };
        if holds("/cached_images", Some("image_id")) {
            Poll::ready(())
        } else if holds("/queued_images", None) {
            Poll::not_yet("queued")
        } else {
            Poll::not_yet("not cached")
        }
    })
}

/// Returns the words of a list that is written with commas.
fn words(value: Option<&Value>) -> Vec<&str> {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect()
}
