//! Chooses the accounts that a test gets.

use super::file::Account;
use crate::client::auth::Scope;
use crate::credentials::Persona;

/// Returns a free account for each requested persona, in their order, to be used beside
/// those that are held; `None` if there are not enough.
///
/// - No account is used for two personas.
/// - Two accounts in the same project are never used together.
/// - Of several choices, the one with the first free accounts.
pub(super) fn choose(
    accounts: &[Account],
    free: &[bool],
    wanted: &[Persona],
    held: &[usize],
) -> Option<Vec<usize>> {
    let mut chosen = held.to_vec();
    let found = search(accounts, free, wanted, held.len(), &mut chosen);
    found.then(|| chosen.split_off(held.len()))
}

fn search(
    accounts: &[Account],
    free: &[bool],
    wanted: &[Persona],
    held: usize,
    chosen: &mut Vec<usize>,
) -> bool {
    let Some(persona) = wanted.get(chosen.len() - held) else { return true };
    for (at, account) in accounts.iter().enumerate() {
        let apart = |other: &usize| *other != at && are_apart(&accounts[*other], account);
        if free[at] && account.fits(persona) && chosen.iter().all(apart) {
            chosen.push(at);
            if search(accounts, free, wanted, held, chosen) {
                return true;
            }
            chosen.pop();
        }
    }
    false
}

fn are_apart(one: &Account, other: &Account) -> bool {
    match (one.credential.scope(), other.credential.scope()) {
        (Some(Scope::Project(one)), Some(Scope::Project(other))) => one != other,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::auth::Credential;
    use crate::credentials::PersonaScope;

    fn account(project: &str, roles: &[&str]) -> Account {
        Account {
            credential: Credential::password("user", "hush", project),
            scope: PersonaScope::Project,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            line: 1,
        }
    }

    fn wanted(personas: &[&str]) -> Vec<Persona> {
        personas.iter().map(|persona| persona.parse().unwrap()).collect()
    }

    #[test]
    fn each_persona_has_an_account_and_a_project_of_its_own() {
        let accounts = [
            account("a", &["member"]),
            account("a", &["member"]),
            account("b", &["member", "creator"]),
            account("c", &["creator"]),
        ];
        let free = [true; 4];
        assert_eq!(choose(&accounts, &free, &wanted(&["member", "member"]), &[]), Some(vec![0, 2]));
        assert_eq!(
            choose(&accounts, &free, &wanted(&["creator", "member", "creator"]), &[]),
            Some(vec![2, 0, 3])
        );
        assert_eq!(choose(&accounts, &free, &wanted(&["member"; 3]), &[]), None);
        assert_eq!(
            choose(&accounts, &[false, true, false, true], &wanted(&["member"]), &[]),
            Some(vec![1])
        );
        assert_eq!(
            choose(&accounts, &[false, true, true, true], &wanted(&["member"]), &[0]),
            Some(vec![2]),
            "not the one that holds in the project of the one that is held"
        );
    }
}
