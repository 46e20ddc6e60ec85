//! Finds the cloud and the processes that the arguments name.

use miette::Diagnostic;
use squall_topology::plan::Process;
use squall_topology::site::{Home, Site, SiteError, SiteErrorKind};

use super::super::error::CliError;
use super::arguments::Named;
use crate::exit::Exit;

/// The default name of a cloud, and of its topology.
pub(super) const DEFAULT: &str = "all-in-one";

/// Returns the name of the cloud: the given one, the only one, or the default.
pub(super) fn named(home: &Home, named: &Named) -> Result<String, CliError> {
    if let Some(name) = &named.name {
        return Ok(name.clone());
    }
    let names = home.names();
    match names.as_slice() {
        [only] => Ok(only.clone()),
        [] => Ok(DEFAULT.to_owned()),
        _ if names.iter().any(|name| name == DEFAULT) => Ok(DEFAULT.to_owned()),
        _ => Err(CliError::bad_input(
            format!("there are several clouds: {}", names.join(", ")),
            "name one with `--name`",
        )),
    }
}

/// Opens the named cloud.
pub(super) fn open(home: &Home, arguments: &Named) -> Result<Site, CliError> {
    let name = named(home, arguments)?;
    let site = Site::open(home, &name).map_err(|error| wrong(Exit::BadInput, error))?;
    site.ok_or_else(|| {
        let kind = SiteErrorKind::Unknown { known: home.names() };
        wrong(Exit::BadInput, SiteError::new(&name, kind))
    })
}

/// Finds the directory of all clouds.
pub(super) fn home() -> Result<Home, CliError> {
    Home::find().map_err(|error| wrong(Exit::BadInput, error))
}

/// Returns the processes of a service, or the process of that name.
pub(super) fn processes<'a>(site: &'a Site, of: &str) -> Result<Vec<&'a Process>, CliError> {
    let all = &site.plan.processes;
    let fits = |process: &&Process| {
        process.id == of || process.component.service().is_some_and(|s| s.name() == of)
    };
    let found: Vec<&Process> = all.iter().filter(fits).collect();
    if found.is_empty() {
        let services = site.plan.services.iter().map(|plan| plan.service.to_string());
        let known = services.chain(all.iter().map(|process| process.id.clone())).collect();
        let kind = SiteErrorKind::UnknownProcess { process: of.to_owned(), known };
        return Err(wrong(Exit::BadInput, SiteError::new(&site.name, kind)));
    }
    Ok(found)
}

/// Wraps an error that brings its own help.
pub(super) fn wrong(exit: Exit, error: impl Diagnostic + Send + Sync + 'static) -> CliError {
    CliError::of(exit, vec![Box::new(error)])
}
