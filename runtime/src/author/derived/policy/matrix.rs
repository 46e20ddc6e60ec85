//! What all tests of the matrix share.

use std::sync::Arc;

use squall_policy::personas::Persona;

use super::expect::Policies;
use super::persona::{self, Acting};
use crate::described::Pool;
use crate::{Context, Failure, Result};

/// The identities of the personas, and the resources that they are tried on.
#[derive(Clone)]
pub struct Matrix(Arc<Inner>);

struct Inner {
    pool: Pool,
    personas: Vec<Acting>,
    missing: Vec<(Persona, String)>,
    policies: Policies,
}

impl Matrix {
    /// Makes the identities; everything is undone when this context ends. The first identity of
    /// the context owns the resources, and `other` is one of another project.
    ///
    /// # Errors
    /// The projects of these identities cannot be used.
    pub async fn new(ctx: &Context) -> Result<Self> {
        let pool = Pool::new(ctx);
        let (personas, missing) = persona::all(ctx).await?;
        for (persona, why) in &missing {
            ctx.note(&format!("without {}", persona.name), why.as_str());
        }
        Ok(Self(Arc::new(Inner {
            pool,
            personas,
            missing,
            policies: Policies::new(&ctx.facts().settings)?,
        })))
    }

    pub(super) fn pool(&self) -> &Pool {
        &self.0.pool
    }

    pub(super) fn personas(&self) -> &[Acting] {
        &self.0.personas
    }

    pub(super) fn policies(&self) -> &Policies {
        &self.0.policies
    }

    /// Returns the member that made what a project has.
    pub(super) fn maker(&self) -> Result<&Acting> {
        let is_maker = |one: &&Acting| one.persona.name == persona::MAKER;
        self.0.personas.iter().find(is_maker).ok_or_else(|| Failure::new("no member can act"))
    }

    /// Returns the personas that no identity acts as, and why.
    pub(super) fn missing(&self) -> &[(Persona, String)] {
        &self.0.missing
    }
}
