//! Whatever is requested, accounts are never shared and every request is served.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;

use super::*;
use crate::client::auth::Credential;
use crate::client::script::Script;
use crate::credentials::PersonaScope;

fn account(number: usize, role: &str) -> Account {
    Account {
        credential: Credential::password(&format!("user-{number}"), "hush", &format!("p{number}")),
        scope: PersonaScope::Project,
        roles: vec![role.to_owned()],
        line: number as u64 + 1,
    }
}

fn accounts(roles: &[&str], holds: &std::path::Path) -> Accounts {
    let mut script = Script::new();
    for number in 0..roles.len() * 4 {
        script = script.signed_in_as(&format!("token-{number}"), &[("compute", "http://x.test")]);
    }
    let accounts = roles.iter().enumerate().map(|(number, role)| account(number, role));
    Accounts::new(accounts.collect(), &script.session(), holds.to_owned())
}

fn wanted(personas: &[&str]) -> Vec<Persona> {
    personas.iter().map(|persona| persona.parse().unwrap()).collect()
}

#[tokio::test]
async fn a_persona_that_no_account_fits_is_a_skip_that_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let error =
        accounts(&["member"], dir.path()).lease(&wanted(&["admin"]), &[]).await.unwrap_err();
    assert!(error.is_skip());
    assert!(error.to_string().contains("`admin`, for which"), "{error}");
}

#[tokio::test]
async fn a_spoilt_account_is_not_lent_again() {
    let dir = tempfile::tempdir().unwrap();
    let accounts = accounts(&["member"], dir.path());
    drop(accounts.lease(&wanted(&["member"]), &[]).await.unwrap());
    let error = accounts.lease(&wanted(&["member"]), &[]).await.unwrap_err();
    assert!(error.to_string().contains("left something behind"), "{error}");
}

#[tokio::test]
async fn two_processes_do_not_have_one_account_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (accounts(&["member"], dir.path()), accounts(&["member"], dir.path()));
    let lease = one.lease(&wanted(&["member"]), &[]).await.unwrap().remove(0);
    assert!(matches!(other.0.take(&wanted(&["member"]), &[]).unwrap(), Taken::Later));
    lease.give_back();
    assert!(matches!(other.0.take(&wanted(&["member"]), &[]).unwrap(), Taken::All(_)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// However many workers request whatever, each is served, and no account is lent
    /// twice at a time.
    #[test]
    fn accounts_are_never_shared_and_every_request_is_served(
        count in 2usize..5,
        wants in prop::collection::vec(1usize..3, 1..24),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let accounts = Arc::new(accounts(&vec!["member"; count], dir.path()));
        let taken: Arc<Vec<AtomicBool>> =
            Arc::new((0..count).map(|_| AtomicBool::new(false)).collect());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut workers = tokio::task::JoinSet::new();
            for want in wants {
                let (accounts, taken) = (Arc::clone(&accounts), Arc::clone(&taken));
                workers.spawn(async move {
                    let leases = accounts.lease(&wanted(&["member"; 2][..want]), &[]).await.unwrap();
                    let mine: BTreeSet<String> =
                        leases.iter().map(|l| l.identity().session.credential().to_string()).collect();
                    assert_eq!(mine.len(), want);
                    let at = |name: &String| -> usize {
                        name["user `user-".len()..].split('`').next().unwrap().parse().unwrap()
                    };
                    for name in &mine {
                        assert!(!taken[at(name)].swap(true, Ordering::SeqCst), "{name} is shared");
                    }
                    tokio::task::yield_now().await;
                    for name in &mine {
                        taken[at(name)].store(false, Ordering::SeqCst);
                    }
                    leases.iter().for_each(Lease::give_back);
                });
            }
            while let Some(ended) = workers.join_next().await {
                ended.unwrap();
            }
        });
    }
}
