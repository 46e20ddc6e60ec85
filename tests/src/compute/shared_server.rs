//! What can be read of a server, from one that all these tests share.

use serde_json::{Value, json};
use squall::compute::{Compute, types::Server};
use squall::context::Made;
use squall::model::{Microversion, Operation, VersionRange};
use squall::scenario::servers::{self, boot};
use squall::{Case, Context, Result, ensure, ensure_eq};

/// Reads of a server that no test changes.
#[squall::suite(
    id = "compute.shared-server",
    needs(compute >= "2.37", image, network),
    fixture = shared
)]
pub(crate) struct SharedServer;

/// The server.
type Shared = Made<Server>;

async fn shared(ctx: &Context) -> Result<Shared> {
    boot(ctx, json!({ "metadata": { "shared": "yes" } })).await
}

/// A list can be filtered by name.
#[squall::test(id = "compute.servers.list-by-name")]
async fn listed_by_name(ctx: &Context) -> Result {
    let server = ctx.fixture::<Shared>()?;
    let listed = ctx.compute().servers().list().query("name", &server.name).send().await?;
    ensure_eq!(listed.body.at("/servers/0/id"), Some(&json!(server.id)));
    ensure_eq!(listed.body.at("/servers/1"), None);
    Ok(())
}

/// A detailed list shows a server as a single request does.
#[squall::test(id = "compute.servers.list-detail", tags(smoke))]
async fn the_list_agrees_with_the_server(ctx: &Context) -> Result {
    let server = ctx.fixture::<Shared>()?;
    let servers = ctx.compute().servers();
    let listed = servers.list_detail().send().await?;
    let shown = servers.show(&server.id).send().await?;
    let listed = listed.body.at("/servers").and_then(Value::as_array).cloned().unwrap_or_default();
    let own = listed.iter().find(|one| one["id"] == *server.id);
    for field in ["name", "status", "flavor", "image", "tenant_id", "metadata", "created"] {
        let pointer = format!("/server/{field}");
        ensure_eq!(own.and_then(|own| own.get(field)), shown.body.at(&pointer), "{field}");
    }
    Ok(())
}

/// A list can be filtered by status, image and flavor.
#[squall::test(id = "compute.servers.list-filters", cases = filters)]
async fn a_filter_narrows_the_list(ctx: &Context, filter: &Filter) -> Result {
    let server = ctx.fixture::<Shared>()?;
    let servers = ctx.compute().servers();
    let (key, value) = match *filter {
        Filter::Status(status) => ("status", status.to_owned()),
        Filter::Image => {
            let shown = servers.show(&server.id).send().await?;
            let image = shown.body.at("/server/image/id").and_then(Value::as_str);
            ("image", image.unwrap_or_default().to_owned())
        }
        Filter::Flavor => ("flavor", servers::smallest_flavor(ctx).await?),
    };
    let listed = servers.list().query(key, &value).send().await?.value;
    let found = listed.iter().any(|one| one.id == server.id);
    ensure_eq!(found, !matches!(filter, Filter::Status("SHUTOFF")), "{key}={value}");
    Ok(())
}

/// A filter of a list.
enum Filter {
    Status(&'static str),
    Image,
    Flavor,
}

fn filters() -> [Case<Filter>; 4] {
    [
        Case::new("active", Filter::Status("ACTIVE")),
        Case::new("stopped", Filter::Status("SHUTOFF"))
            .with_summary("Other statuses are left out."),
        Case::new("image", Filter::Image),
        Case::new("flavor", Filter::Flavor),
    ]
}

/// A server is valid at each microversion that changes its schema.
#[squall::test(
    id = "compute.servers.version",
    kind = "microversion",
    identities(admin),
    cases = versions
)]
async fn valid_at_its_version(ctx: &Context, case: &(Show, Microversion)) -> Result {
    let server = ctx.fixture::<Shared>()?;
    let servers = ctx.compute().servers();
    let (show, version) = *case;
    let answered = match show {
        Show::One => servers.show(&server.id).at(version).send().await?.version,
        Show::List => {
            servers.list_detail().query("all_tenants", "1").at(version).send().await?.version
        }
    };
    ensure_eq!(answered, Some(version));
    Ok(())
}

/// How a server is shown.
#[derive(Clone, Copy)]
enum Show {
    One,
    List,
}

/// Returns a case for each version at which a response changes, as in `show@2.47`.
fn versions() -> Vec<Case<(Show, Microversion)>> {
    let mut cases = Vec::new();
    for (show, verb) in [(Show::One, "show"), (Show::List, "list_detail")] {
        let operation = Compute::SPEC.operation(&format!("compute.servers.{verb}"));
        let intervals = operation.map(Operation::response_intervals).unwrap_or_default();
        let starts = intervals
            .into_iter()
            .filter_map(|interval| interval.min.or(Compute::SPEC.versions.min));
        cases.extend(starts.map(|version| {
            Case::new(format!("{verb}@{version}"), (show, version))
                .with_need("compute", VersionRange::only(version))
        }));
    }
    cases
}

/// A console log is read from its end: as many lines as are requested, and they are its last.
#[squall::test(id = "compute.servers.console-log", features("compute.console_log"))]
async fn the_console_has_lines(ctx: &Context) -> Result {
    let server = ctx.fixture::<Shared>()?;
    let longer = servers::console_log(ctx, &server.id, 4).await?;
    let longer: Vec<&str> = longer.lines().collect();
    ensure_eq!(longer.len(), 4, "a guest that runs writes more than that");
    let log = servers::console_log(ctx, &server.id, 3).await?;
    let log: Vec<&str> = log.lines().collect();
    ensure_eq!(log, longer[1..]);
    Ok(())
}

/// A server without networks has no address and no interface.
#[squall::test(id = "compute.servers.no-interface")]
async fn without_a_network_there_is_no_interface(ctx: &Context) -> Result {
    let server = ctx.fixture::<Shared>()?;
    ensure_eq!(servers::addresses(ctx, &server.id, None).await?, Vec::<String>::new());
    let interfaces = ctx.compute().server_interfaces().list(&server.id).send().await?.value;
    ensure_eq!(interfaces.len(), 0);
    Ok(())
}

/// An admin sees a server's host, its owner does not.
#[squall::test(id = "compute.servers.host-attributes", tags(negative))]
async fn the_host_is_an_admins_to_see(ctx: &Context) -> Result {
    let server = ctx.fixture::<Shared>()?;
    ensure!(!servers::host(ctx, &server.id).await?.is_empty(), "the host has no name");
    let shown = ctx.compute().servers().show(&server.id).send().await?;
    ensure_eq!(shown.value.host, None);
    Ok(())
}

/// A single metadata key is shown; an unknown one is not found.
#[squall::test(id = "compute.servers.metadata-key")]
async fn a_key_is_shown_alone(ctx: &Context) -> Result {
    let server = ctx.fixture::<Shared>()?;
    let metadata = ctx.compute().server_metadata();
    let shown = metadata.show(&server.id, "shared").send().await?;
    ensure_eq!(shown.body.at("/meta"), Some(&json!({ "shared": "yes" })));
    metadata.show(&server.id, "unheard-of").expect_error(404).await?;
    Ok(())
}

/// A reader of another project finds no server of the first.
#[squall::test(
    id = "compute.servers.stranger",
    tags(negative),
    identities(stranger = reader)
)]
async fn a_stranger_finds_nothing(ctx: &Context) -> Result {
    let server = ctx.fixture::<Shared>()?;
    let servers = ctx.compute().servers();
    servers.show(&server.id).expect_error(404).await?;
    let listed = servers.list().query("name", &server.name).send().await?.value;
    ensure_eq!(listed.len(), 0);
    ctx.identity_named("member")?.compute().servers().show(&server.id).send().await?;
    Ok(())
}

/// Another project neither finds the server nor deletes it.
#[squall::test(
    id = "compute.servers.wrong-project",
    tags(negative),
    identities(other = member)
)]
async fn another_project_does_not_see_it(ctx: &Context) -> Result {
    let server = ctx.fixture::<Shared>()?;
    let other = ctx.identity_named("other")?.compute().servers();
    other.show(&server.id).expect_error(404).await?;
    other.delete(&server.id).expect_error(404).await?;
    ctx.identity_named("member")?.compute().servers().show(&server.id).send().await?;
    Ok(())
}

/// A name is matched as a regular expression.
#[squall::test(id = "compute.servers.list-by-pattern", cases = patterns)]
async fn listed_by_pattern(ctx: &Context, pattern: &Pattern) -> Result {
    let server = ctx.fixture::<Shared>()?;
    let text = (pattern.of)(&server.name);
    let listed = ctx.compute().servers().list().query("name", &text).send().await?.value;
    let found = listed.iter().any(|one| one.id == server.id);
    ensure_eq!(found, pattern.finds, "{text}");
    Ok(())
}

/// A pattern made of a name, and whether it finds what has the name.
struct Pattern {
    of: fn(&str) -> String,
    finds: bool,
}

fn patterns() -> [Case<Pattern>; 5] {
    let case = |id: &'static str, finds, of| Case::new(id, Pattern { of, finds });
    [
        case("anchored", true, |name| {
            let (start, end) = name.split_at(name.len() / 2);
            format!("^{start}.*{end}$")
        }),
        case("class", true, |name| format!("[s]{}", &name[1..])),
        // Nova takes `|` as itself, since it means something to MySQL outside of its expressions.
        case("alternatives", false, |name| format!("^squall-never-created$|{name}")),
        case("end-alone", false, |name| format!("^{}$", &name[name.len() / 2..])),
        case("one-more", false, |name| format!("{name}.")),
    ]
}

/// A `changes-since` that is not a time is refused.
#[squall::test(id = "compute.servers.bad-since", tags(negative), cases = bad_times)]
async fn a_bad_time_is_refused(ctx: &Context, time: &&str) -> Result {
    let servers = ctx.compute().servers();
    servers.list().query("changes-since", *time).expect_error(400).await?;
    servers.list_detail().query("changes-since", *time).expect_error(400).await?;
    Ok(())
}

fn bad_times() -> [Case<&'static str>; 2] {
    [Case::new("word", "yesterday"), Case::new("month-13", "2026-13-01T00:00:00Z")]
}
