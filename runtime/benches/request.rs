//! What one validated request costs, beside a bare loop that decodes the same answer.
//!
//! Both ask an embedded cloud in a process of its own for the same server and end with the
//! same type: the one through the generated client, which negotiates, redacts, observes
//! and validates at the negotiated version; the other with `reqwest` and `serde_json`.
//! Counted is the CPU time of this process alone.
//!
//! `cargo bench -p squall --bench request`; the last line is the ratio, whose bar is 1.25.

#![expect(clippy::unwrap_used, reason = "what cannot be measured ends the measurement")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use criterion::Criterion;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use rustix::time::{ClockId, clock_gettime};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::json;
use squall::client::{Session, model::Microversion};
use squall::compute::Compute;
use squall::compute::types::Server;
use squall::embedded::Access;
use squall::registry::Manifest;
use tokio::runtime::Runtime;

/// The version that both ask for.
const VERSION: Microversion = Microversion::new(2, 96);

/// How many requests a round has, and how many rounds of each the ratio is of.
const ROUND: u32 = 200;
const ROUNDS: usize = 31;

fn main() -> ExitCode {
    if std::env::args().nth(1).is_some_and(|first| first == "cloud") {
        return squall::cli::main(&[Manifest { package: "", files: &[] }]);
    }
    let runtime = Runtime::new().unwrap();
    let subject = Subject::new(&runtime);
    let mut criterion = Criterion::default().with_measurement(CpuTime).configure_from_args();
    let mut group = criterion.benchmark_group("one request");
    group.bench_function("bare", |b| b.iter(|| runtime.block_on(subject.bare())));
    group.bench_function("validated", |b| b.iter(|| runtime.block_on(subject.validated())));
    group.finish();
    criterion.final_summary();
    println!("ratio of CPU time, validated to bare: {:.2} (bar 1.25)", subject.ratio(&runtime));
    ExitCode::SUCCESS
}

/// What both ask for.
struct Subject {
    /// Ends with its standard input.
    _cloud: Child,
    http: reqwest::Client,
    url: String,
    token: String,
    client: Compute,
    server: String,
}

#[derive(Deserialize)]
struct Envelope {
    server: Server,
}

impl Subject {
    fn new(runtime: &Runtime) -> Self {
        let mut cloud = Command::new(std::env::current_exe().unwrap())
            .args(["cloud", "serve", "--port", "0", "--handover"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(cloud.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let access: Access = serde_json::from_str(&line).unwrap();
        runtime.block_on(async {
            let session = Session::builder(access.config()).build().unwrap();
            let client = Compute::new(session.service(Compute::SPEC));
            let flavor = client.flavors().list().send().await.unwrap();
            let images = squall::image::Image::new(session.service(squall::image::Image::SPEC));
            let image = images.images().list().send().await.unwrap();
            let body = json!({
                "name": "measured",
                "flavorRef": flavor.body.at("/flavors/0/id"),
                "imageRef": image.body.at("/images/0/id"),
                "networks": "none",
                "metadata": { "colour": "blue", "shade": "dark" },
            });
            let made = client.servers().create(body).send().await.unwrap();
            let server = made.value.id.clone();
            let token = session.token().await.unwrap();
            let endpoint = token.catalog.endpoints().iter().find(|e| e.service_type == "compute");
            let url = format!(
                "{}/v2.1/servers/{server}",
                endpoint.unwrap().url.trim_end_matches("/v2.1")
            );
            Self {
                _cloud: cloud,
                http: reqwest::Client::builder().build().unwrap(),
                url,
                token: token.secret().expose_secret().to_owned(),
                client,
                server,
            }
        })
    }

    async fn bare(&self) -> Server {
        let request = self
            .http
            .get(&self.url)
            .header("x-auth-token", &self.token)
            .header("openstack-api-version", format!("compute {VERSION}"));
        let response = request.send().await.unwrap().error_for_status().unwrap();
        let bytes = response.bytes().await.unwrap();
        serde_json::from_slice::<Envelope>(&bytes).unwrap().server
    }

    async fn validated(&self) -> Server {
        self.client.servers().show(&self.server).at(VERSION).send().await.unwrap().value
    }

    /// Asks in turns, so that what else the machine does befalls both alike.
    fn ratio(&self, runtime: &Runtime) -> f64 {
        let cost = |validated: bool| {
            let start = cpu_time();
            for _ in 0..ROUND {
                runtime.block_on(async {
                    if validated { self.validated().await } else { self.bare().await }
                });
            }
            cpu_time().saturating_sub(start).as_secs_f64()
        };
        let mut ratios: Vec<f64> = (0..ROUNDS).map(|_| cost(true) / cost(false)).collect();
        ratios.sort_by(f64::total_cmp);
        ratios[ROUNDS / 2]
    }
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap())
}

/// The CPU time of this process, as criterion measures.
struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        cpu_time()
    }

    fn end(&self, start: Duration) -> Duration {
        cpu_time().saturating_sub(start)
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}
