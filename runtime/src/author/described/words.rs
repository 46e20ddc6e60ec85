//! The words among the placeholders: of the identity, of the cloud, and new each time.

use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::sender::identity;
use crate::actor::Actor;
use crate::client::auth::{Credential, Token};
use crate::scenario::{networks, servers};
use crate::{Context, Failure, Result};

/// Returns the value of a word for an identity; `service` is the one whose request it is in.
///
/// # Errors
/// No such word, the identity has none (as a project, in another scope), or the cloud has no
/// such resource, which skips the test.
pub(super) async fn value_of(
    word: &str,
    ctx: &Context,
    actor: &Actor,
    service: &str,
) -> Result<Value> {
    let of = |actor: &Actor| actor.session().clone();
    Ok(match word {
        "project" => json!(project(actor)?),
        "user" => json!(actor.user_id()),
        "admin_project" => json!(project(ctx.admin())?),
        "admin_user" => json!(ctx.admin().user_id()),
        "other_project" => json!(project(identity(ctx, "other")?)?),
        "other_user" => json!(identity(ctx, "other")?.user_id()),
        "domain" => json!(of(actor).token().await?.user_domain),
        "user_name" => json!(of(actor).token().await?.user.name),
        "project_name" => {
            let token = of(actor).token().await?;
            json!(token.project.as_ref().map(|project| project.name.clone()))
        }
        "password" => json!(password(actor)?),
        "token" => json!(secret_of(&*of(actor).token().await?)),
        // Of a new session: a test may revoke it, and the others keep theirs.
        "other_token" => {
            let session = of(actor);
            let session = session.with_credential(session.credential().clone());
            json!(secret_of(&*session.token().await?))
        }
        "image" => json!(servers::public_image(ctx).await?),
        "flavor" => json!(servers::smallest_flavor(ctx).await?),
        "other_flavor" => json!(servers::another_flavor(ctx).await?),
        "external_network" => json!(networks::external(ctx).await?),
        "region" => json!(of(actor).region()),
        "endpoint" => {
            let spec = crate::services::named(service)
                .ok_or_else(|| Failure::new(format!("no service `{service}` is registered")))?;
            json!(of(actor).endpoint(&spec.into()).await?)
        }
        "timestamp" => json!(Timestamp::now().as_second()),
        "now" => json!(time(Timestamp::now())),
        "later" => json!(time(Timestamp::now() + SignedDuration::from_hours(1))),
        "uuid" => json!(uuid::Uuid::new_v4().to_string()),
        "secret" => json!(format!("Aa1-{}", uuid::Uuid::new_v4().simple())),
        "mac" => json!(mac()),
        other => return Err(Failure::new(format!("`${{{other}}}` has no value here"))),
    })
}

fn project(actor: &Actor) -> Result<&str> {
    actor
        .project_id()
        .ok_or_else(|| Failure::new(format!("the identity `{}` has no project", actor.name())))
}

fn password(actor: &Actor) -> Result<String> {
    match actor.session().credential() {
        Credential::Password { password, .. } => Ok(password.expose_secret().to_owned()),
        _ => Err(Failure::skip(format!(
            "the identity `{}` has no password: it authenticates in another way",
            actor.name()
        ))),
    }
}

fn secret_of(token: &Token) -> String {
    token.secret().expose_secret().to_owned()
}

/// A time as OpenStack services take it: to the second, in UTC.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A locally administered address, as neutron gives.
fn mac() -> String {
    let [a, b, c, _] = fastrand::u32(..).to_be_bytes();
    format!("fa:16:3e:{a:02x}:{b:02x}:{c:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_to_the_second_and_end_in_z() {
        let at: Timestamp = "2026-11-29T22:00:00.123456Z".parse().unwrap();
        assert_eq!(time(at), "2026-11-29T22:00:00Z");
    }

    #[test]
    fn an_address_is_unicast_and_of_six_bytes() {
        let mac = mac();
        assert!(mac.starts_with("fa:16:3e:"), "{mac}");
        assert_eq!(mac.split(':').filter(|part| part.len() == 2).count(), 6, "{mac}");
    }
}
