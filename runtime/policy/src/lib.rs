//! The policy language of OpenStack's services: reads rules, decides, and says why.
//!
//! A [`Policy`] is what one service enforces: its default rules, what a cloud's own files change
//! of them, and oslo.policy's settings. Everything is compiled when it is built, with all that is
//! wrong reported at once; a check allocates nothing. What a token means to a service is turned
//! into [`Credentials`] by [`Policy::credentials`], and what an operation is about is a
//! [`Target`].
//!
//! ```
//! use squall_model::PolicyRule;
//! use squall_policy::{Decision, Policy, personas};
//!
//! static RULES: [PolicyRule; 2] = [
//!     PolicyRule::new("admin_or_owner", "role:admin or project_id:%(project_id)s"),
//!     PolicyRule::new("os_compute_api:servers:show", "rule:admin_or_owner"),
//! ];
//! let policy = Policy::builder("compute").defaults(&RULES).build()?;
//! let show = policy.find("os_compute_api:servers:show")?;
//!
//! let places = personas::Places { domain_id: "d", project_id: "a", other_project_id: "b" };
//! let reader = personas::Persona::named("other-project-reader").expect("is in the list");
//! let reader = policy.credentials(&reader.caller("u", places));
//! let server = serde_json::json!({"project_id": "a"});
//! assert_eq!(policy.check(show, &reader, &server), Decision::Deny);
//! println!("{}", policy.explain(show, &reader, &server));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The reference is oslo.policy 6.0.1. Where that has odd cases, this has the same ones, and
//! names the function that they come from. A test asks both.
//!
//! This crate opens no files and sends no requests. A rule may ask a remote server with `http:`;
//! a caller that allows this passes a [`Remote`].

mod caller;
mod check;
mod circle;
mod compile;
mod credentials;
mod diff;
mod explain;
mod file;
mod known;
mod lint;
pub mod personas;
mod policy;
mod remote;
pub mod roles;
pub mod sample;
pub mod situation;
mod syntax;
mod target;
mod value;

pub use caller::{Caller, Scope};
pub use check::Decision;
pub use compile::RuleId;
pub use credentials::Credentials;
pub use diff::{Change, Reach, diff};
pub use explain::{Explanation, Outcome, Step};
pub use lint::{Remark, RemarkKind};
pub use policy::{Builder, Invalid, Policy, Rule, RuleSource, UnknownRule};
pub use remote::{Question, Remote};
pub use target::{Flat, Flattened, Target};
pub use value::Value;
