//! Which accounts a test gets: a pure function.

use super::file::Account;
use crate::client::auth::Scope;
use crate::credentials::Persona;

/// Gives an account for each wish, in their order, out of those that are free, to be
/// used beside those that are held; none where that cannot be.
///
/// - No account stands for two wishes.
/// - Two accounts that hold in the same project are never given together.
/// - Of several ways, the one that takes the first free accounts.
pub(super) fn choose(
    accounts: &[Account],
    free: &[bool],
    wishes: &[Persona],
    held: &[usize],
) -> Option<Vec<usize>> {
    let mut chosen = held.to_vec();
    let found = search(accounts, free, wishes, held.len(), &mut chosen);
    found.then(|| chosen.split_off(held.len()))
}

fn search(
    accounts: &[Account],
    free: &[bool],
    wishes: &[Persona],
    held: usize,
    chosen: &mut Vec<usize>,
) -> bool {
    let Some(wish) = wishes.get(chosen.len() - held) else { return true };
    for (at, account) in accounts.iter().enumerate() {
        let apart = |other: &usize| *other != at && are_apart(&accounts[*other], account);
        if free[at] && account.fits(wish) && chosen.iter().all(apart) {
            chosen.push(at);
            if search(accounts, free, wishes, held, chosen) {
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
    use crate::credentials::Scope as PersonaScope;

    fn account(project: &str, roles: &[&str]) -> Account {
        Account {
            credential: Credential::password("user", "hush", project),
            scope: PersonaScope::Project,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            line: 1,
        }
    }

    fn wishes(personas: &[&str]) -> Vec<Persona> {
        personas.iter().map(|persona| persona.parse().unwrap()).collect()
    }

    #[test]
    fn each_wish_has_an_account_and_a_project_of_its_own() {
        let accounts = [
            account("a", &["member"]),
            account("a", &["member"]),
            account("b", &["member", "creator"]),
            account("c", &["creator"]),
        ];
        let free = [true; 4];
        assert_eq!(choose(&accounts, &free, &wishes(&["member", "member"]), &[]), Some(vec![0, 2]));
        assert_eq!(
            choose(&accounts, &free, &wishes(&["creator", "member", "creator"]), &[]),
            Some(vec![2, 0, 3])
        );
        assert_eq!(choose(&accounts, &free, &wishes(&["member"; 3]), &[]), None);
        assert_eq!(
            choose(&accounts, &[false, true, false, true], &wishes(&["member"]), &[]),
            Some(vec![1])
        );
        assert_eq!(
            choose(&accounts, &[false, true, true, true], &wishes(&["member"]), &[0]),
            Some(vec![2]),
            "not the one that holds in the project of the one that is held"
        );
    }
}
