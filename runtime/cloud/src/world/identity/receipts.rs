//! Receipts: what a user of whom several methods are asked gets for the first.
//!
//! As in keystone: `keystone/auth/core.py`, `UserMFARulesValidator`, says when a user is let in,
//! and `keystone/receipt/handlers.py` what a receipt is.

use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use super::authenticate::Authenticated;
use crate::clock::{Stamp, stamp};
use crate::document::text;
use crate::fault::Fault;
use crate::ids;
use crate::outcome::Reply;
use crate::request::RequestContext;
use crate::world::World;

/// How long a receipt is good, in minutes (`[receipt] expiration`).
const MINUTES: i64 = 5;

/// The methods that there are; a rule with others is one without them.
const METHODS: [&str; 3] = ["password", "token", "application_credential"];

/// What a user has shown already.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Receipt {
    user: String,
    methods: Vec<String>,
    expires: Timestamp,
}

/// Adds what a receipt says, and answers with another where that is not enough yet.
pub(crate) fn unfinished(
    world: &mut World,
    context: &RequestContext,
    found: &mut Authenticated,
) -> Result<Option<Reply>, Fault> {
    let now = world.clock.now();
    let user = found.access.user_id.clone();
    if let Some(id) = context.header("openstack-auth-receipt") {
        let receipt = world.identity.receipts.get(id);
        let receipt = receipt.filter(|receipt| receipt.user == user && receipt.expires > now);
        let receipt = receipt.ok_or_else(Fault::unauthorized)?;
        let earlier: Vec<String> = receipt
            .methods
            .iter()
            .filter(|method| !found.methods.contains(method))
            .cloned()
            .collect();
        found.methods.extend(earlier);
    }
    let rules = rules(world, &user);
    let is_met = |rule: &Vec<String>| rule.iter().all(|method| found.methods.contains(method));
    if rules.is_empty() || rules.iter().any(is_met) {
        return Ok(None);
    }
    let expires = now.checked_add(MINUTES.minutes()).unwrap_or(now);
    let receipt = Receipt { user: user.clone(), methods: found.methods.clone(), expires };
    let state = &world.identity;
    let account = state.users.get(&user);
    let domain = account.map_or("", |user| text(user, "domain_id"));
    let body = json!({
        "receipt": {
            "methods": receipt.methods,
            "user": {
                "id": user,
                "name": account.map(|user| text(user, "name")),
                "domain": {
                    "id": domain,
                    "name": state.domains.get(domain).map(|domain| text(domain, "name")),
                },
            },
            "expires_at": stamp(expires, Stamp::MicrosZulu),
            "issued_at": stamp(now, Stamp::MicrosZulu),
        },
        "required_auth_methods": rules,
    });
    let id = format!("squall-{}", ids::secret());
    world.identity.receipts.insert(id.clone(), receipt);
    Ok(Some(Reply::json(401, body).header("openstack-auth-receipt", id)))
}

/// Returns the combinations of methods of which one is asked of a user.
fn rules(world: &World, user: &str) -> Vec<Vec<String>> {
    let options = world.identity.users.get(user).and_then(|user| user.get("options"));
    let Some(options) = options else { return Vec::new() };
    if options.get("multi_factor_auth_enabled") == Some(&json!(false)) {
        return Vec::new();
    }
    let rules = options.get("multi_factor_auth_rules").and_then(Value::as_array);
    let known = |rule: &Value| -> Vec<String> {
        let methods = rule.as_array().into_iter().flatten().filter_map(Value::as_str);
        methods.filter(|method| METHODS.contains(method)).map(str::to_owned).collect()
    };
    rules.into_iter().flatten().map(known).filter(|rule| !rule.is_empty()).collect()
}
