//! Installs real environments from the package index, by digest, once.

use squall_topology::component::Service;
use squall_topology::progress::Silent;
use squall_topology::release::{Bundle, Environments, Release, install};

/// Installs every bundle of the release, in `SQUALL_HOME` where that is set, so that the
/// result can be inspected.
#[tokio::test]
#[ignore = "downloads packages"]
async fn every_bundle_installs_and_a_second_time_nothing_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let home = std::env::var_os("SQUALL_HOME").map_or(folder.path().to_owned(), Into::into);
    let all = Service::ALL.into_iter().map(Bundle::Service).chain([Bundle::Client]);
    let all: Vec<Bundle> = all.collect();
    let wanted: Vec<(Bundle, String)> = Release::names()
        .into_iter()
        .flat_map(|name| all.iter().map(move |bundle| (*bundle, name.to_owned())))
        .collect();
    let since = std::time::Instant::now();
    // Two at the same time, as when two clouds are brought up.
    let (one, other) =
        tokio::join!(install(&wanted, &home, &Silent), install(&wanted, &home, &Silent));
    println!("installed in {:?}", since.elapsed());
    assert_eq!(one.unwrap(), other.unwrap());
    let since = std::time::Instant::now();
    let environments = install(&wanted, &home, &Silent).await.unwrap();
    println!("found in {:?}", since.elapsed());
    assert_eq!(environments, Environments::installed(&wanted, &home).unwrap());
    for (bundle, release) in &wanted {
        let place = environments.path(*bundle, release).unwrap();
        assert!(place.join("bin/python").exists(), "{}", place.display());
    }
}
