//! Runs the real backing services: Debian's database server, broker and load balancer, in
//! a temporary folder on free ports.

#![expect(clippy::unwrap_used, reason = "shared helpers of tests may panic")]

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use squall_topology::backing::balancer::Front;
use squall_topology::backing::{Balancer, Broker, Cache, Database, Folders, Ready};
use squall_topology::debian::{self, Package};
use squall_topology::driver::local::Local;
use squall_topology::driver::{Command, Daemon, Driver as _, State};
use squall_topology::progress::Silent;

const PATIENCE: Duration = Duration::from_secs(120);

fn folders(root: &Path) -> Folders {
    Folders {
        etc: root.join("etc"),
        state: root.join("state"),
        logs: root.join("logs"),
        run: root.join("run"),
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

async fn ground() -> (tempfile::TempDir, Folders, Local) {
    let root = tempfile::tempdir().unwrap();
    let folders = folders(root.path());
    let local = Local::new(&folders.run);
    let all = [&folders.etc, &folders.state, &folders.logs, &folders.run].map(Clone::clone);
    local.prepare(&all).await.unwrap();
    (root, folders, local)
}

async fn up(local: &Local, daemon: &Daemon, ready: &Ready) {
    local.start(daemon).await.unwrap();
    let log = local.logs(&daemon.command.log, 20).await;
    assert!(ready.wait(PATIENCE).await, "{} is not ready: {log:?}", daemon.id);
}

#[tokio::test]
#[ignore = "starts MariaDB"]
async fn a_database_is_made_dumped_loaded_and_outlives_a_kill() {
    let (_root, folders, local) = ground().await;
    let database = Database { folders, port: free_port() };
    local.run(&database.initialise().unwrap()).await.unwrap();
    assert!(database.initialise().is_none());
    let daemon = database.daemon("database");
    up(&local, &daemon, &database.ready()).await;
    database.create(&["one", "two"], "who", "it's \\secret").await.unwrap();
    assert_eq!(database.databases().await.unwrap(), ["one", "two"]);
    database.query("CREATE TABLE one.t (a INT); INSERT INTO one.t VALUES (7);").await.unwrap();

    // A commit has to survive a kill right after it.
    local.signal("database", squall_topology::driver::Signal::Kill).await.unwrap();
    assert_eq!(local.status("database").await.unwrap(), State::Died);
    up(&local, &daemon, &database.ready()).await;
    assert_eq!(database.query("SELECT a FROM one.t").await.unwrap(), "7\n");

    let file = database.folders.state.join("dump.sql");
    database.dump(&["one", "two"], &file).await.unwrap();
    database.drop(&["one", "two"]).await.unwrap();
    assert!(database.databases().await.unwrap().is_empty());
    database.load(&file).await.unwrap();
    assert_eq!(database.query("SELECT a FROM one.t").await.unwrap(), "7\n");
    let error = database.query("SELECT nothing").await.unwrap_err();
    assert!(error.help.as_deref().is_some_and(|said| said.contains("nothing")), "{error:?}");

    // Only the user it was created for may connect over the network.
    let login = |user: &str, password: &str| Command {
        program: debian::program("mariadb"),
        arguments: [
            "--no-defaults",
            "--host=127.0.0.1",
            &format!("--port={}", database.port),
            &format!("--user={user}"),
            &format!("--password={password}"),
            "--execute=SELECT 1",
        ]
        .map(str::to_owned)
        .to_vec(),
        environment: std::collections::BTreeMap::new(),
        directory: "/".into(),
        log: database.folders.logs.join("login.log"),
    };
    local.run(&login("who", "it's \\secret")).await.unwrap();
    local.run(&login("root", "")).await.unwrap_err();
    local.stop("database", daemon.grace).await.unwrap();
}

#[tokio::test]
#[ignore = "starts RabbitMQ"]
async fn a_broker_has_its_own_port_mapper_and_ends_when_asked() {
    let (_root, folders, local) = ground().await;
    let broker = Broker {
        folders: folders.clone(),
        node: "squall-test.one".to_owned(),
        port: free_port(),
        distribution: free_port(),
        mapper: free_port(),
        user: "squall".to_owned(),
        password: "secret".to_owned(),
        cookie: "cookie".to_owned(),
    };
    local.configure(&broker.files()).await.unwrap();
    let (mapper, daemon) = (broker.mapper_daemon("port-mapper"), broker.daemon("broker"));
    up(&local, &mapper, &broker.mapper_ready()).await;
    up(&local, &daemon, &broker.ready()).await;
    let control = |arguments: &[&str]| Command {
        program: debian::program("rabbitmqctl"),
        arguments: arguments.iter().map(|a| (*a).to_owned()).collect(),
        environment: broker.environment(),
        directory: folders.state.join("broker"),
        log: folders.logs.join("control.log"),
    };
    local.run(&control(&["authenticate_user", "squall", "secret"])).await.unwrap();
    local.run(&control(&["authenticate_user", "guest", "guest"])).await.unwrap_err();

    let asked = std::time::Instant::now();
    local.stop("broker", daemon.grace).await.unwrap();
    assert!(asked.elapsed() < daemon.grace, "it had to be killed");
    local.stop("port-mapper", mapper.grace).await.unwrap();

    let cache = Cache { folders, port: free_port() };
    up(&local, &cache.daemon("cache"), &cache.ready()).await;
    local.stop("cache", PATIENCE).await.unwrap();
}

#[tokio::test]
#[ignore = "installs and starts HAProxy"]
async fn a_process_behind_the_load_balancer_can_go_and_come() {
    debian::ensure(&[Package::Haproxy], &Silent).await.unwrap();
    let (_root, folders, local) = ground().await;
    let servers = vec![("api-1".to_owned(), free_port()), ("api-2".to_owned(), free_port())];
    let front = free_port();
    let balancer = Balancer {
        folders: folders.clone(),
        fronts: vec![Front {
            name: "api".to_owned(),
            port: front,
            check: "/".to_owned(),
            servers: servers.clone(),
        }],
        figures: free_port(),
    };
    let api = |index: usize| {
        let (id, port) = &servers[index];
        let arguments = ["-m", "http.server", "--bind", "127.0.0.1", &port.to_string()];
        let command = Command {
            program: "python3".into(),
            arguments: arguments.map(str::to_owned).to_vec(),
            environment: std::collections::BTreeMap::new(),
            directory: folders.run.clone(),
            log: folders.logs.join(id),
        };
        (Daemon { id: id.clone(), command, grace: PATIENCE }, Ready::Port(*port))
    };
    for (daemon, ready) in [api(0), api(1)] {
        up(&local, &daemon, &ready).await;
    }
    local.configure(&balancer.files()).await.unwrap();
    local.start(&balancer.daemon("load-balancer")).await.unwrap();
    for ready in balancer.ready() {
        assert!(ready.wait(PATIENCE).await);
    }
    let url = Ready::Http(format!("http://127.0.0.1:{front}/"), vec![200]);
    for (index, (id, _)) in servers.iter().enumerate() {
        let (daemon, ready) = api(index);
        // Without draining, as when a process dies.
        local.stop(id, daemon.grace).await.unwrap();
        for _ in 0..50 {
            assert!(url.holds().await, "a request was lost while {id} was away");
        }
        up(&local, &daemon, &ready).await;
        while !balancer.uses(id).await.unwrap() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(balancer.drain(id, PATIENCE).await.unwrap());
        assert!(!balancer.uses(id).await.unwrap());
        assert!(url.holds().await);
        balancer.undrain(id).await.unwrap();
        while !balancer.uses(id).await.unwrap() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    for id in local.known().unwrap() {
        local.stop(&id, PATIENCE).await.unwrap();
    }
}
