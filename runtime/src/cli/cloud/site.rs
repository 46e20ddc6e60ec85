//! Finding the cloud, and in it the processes, that are meant.

use miette::Diagnostic;
use squall_topology::plan::Process;
use squall_topology::site::{Home, Site, SiteError, SiteErrorKind};

use super::super::complaint::Complaint;
use super::super::exit::Exit;
use super::arguments::Named;

/// The name of a cloud, and of the topology that it is made of, where none is given.
pub(super) const DEFAULT: &str = "all-in-one";

/// Gives the cloud that is named: the only one, or the one of the usual name, where
/// none is.
pub(super) fn named(home: &Home, named: &Named) -> Result<String, Complaint> {
    if let Some(name) = &named.name {
        return Ok(name.clone());
    }
    let names = home.names();
    match names.as_slice() {
        [only] => Ok(only.clone()),
        [] => Ok(DEFAULT.to_owned()),
        _ if names.iter().any(|name| name == DEFAULT) => Ok(DEFAULT.to_owned()),
        _ => Err(Complaint::bad_input(
            format!("nothing says which cloud is meant: there is {}", names.join(", ")),
            "name one with `--name`",
        )),
    }
}

/// Reads the cloud that is named.
pub(super) fn open(home: &Home, arguments: &Named) -> Result<Site, Complaint> {
    let name = named(home, arguments)?;
    let site = Site::open(home, &name).map_err(|error| wrong(Exit::BadInput, error))?;
    site.ok_or_else(|| {
        let kind = SiteErrorKind::Unknown { known: home.names() };
        wrong(Exit::BadInput, SiteError::new(&name, kind))
    })
}

/// Finds the home of all clouds.
pub(super) fn home() -> Result<Home, Complaint> {
    Home::find().map_err(|error| wrong(Exit::BadInput, error))
}

/// Gives the processes that a service or a process's name means.
pub(super) fn processes<'a>(site: &'a Site, of: &str) -> Result<Vec<&'a Process>, Complaint> {
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

/// Complains of an error that says itself what to do.
pub(super) fn wrong(exit: Exit, error: impl Diagnostic + Send + Sync + 'static) -> Complaint {
    Complaint::of(exit, vec![Box::new(error)])
}
