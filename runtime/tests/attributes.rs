//! The attributes beside those of the compiler: with its path, `squall::test` is
//! no other test's rival, whatever a glob brings in.

#[allow(unused_imports, reason = "it is there to collide, and must not")]
use squall::*;

/// What the module's tests have in common.
#[squall::suite(id = "attributes.suite", tags(outer), needs(image >= "2.0"), timeout = 7)]
pub(crate) struct Suite;

/// A test of a cloud
#[squall::test(id = "attributes.one", needs("key-manager" == "1.1"), tags(own), identities(admin))]
async fn one(_ctx: &squall::Context) -> squall::Result {
    Ok(())
}

mod inner {
    #[squall::suite(id = "attributes.inner", kind = "scenario", needs(image <= "2.9"), tags(near))]
    pub(crate) struct Inner;

    #[squall::test(
        id = "attributes.three",
        identities(fresh member, other = fresh reader, keeper = "creator+member")
    )]
    async fn three(_ctx: &squall::Context) -> squall::Result {
        Ok(())
    }

    #[squall::test(id = "attributes.two")]
    async fn two(_ctx: &squall::Context) -> squall::Result {
        Ok(())
    }
}

#[core::prelude::v1::test]
fn a_test_takes_what_it_does_not_say_from_its_suites() {
    let registry = squall::registry::discover();
    let one = registry.find("attributes.one").unwrap();
    assert_eq!((one.kind, one.suite), ("api", Some("attributes.suite")));
    assert_eq!(one.tags, ["outer", "own"]);
    assert_eq!(one.timeout.as_secs(), 7);
    assert_eq!(one.identities[0].persona, "admin");
    assert_eq!(one.descriptor.summary, "A test of a cloud");
    let needs: Vec<String> =
        one.needs.iter().map(|need| format!("{} {}", need.service, need.versions)).collect();
    assert_eq!(needs, ["image 2.0 and later", "key-manager 1.1 only"]);

    let two = registry.find("attributes.two").unwrap();
    assert_eq!((two.kind, two.suite), ("scenario", Some("attributes.inner")));
    assert_eq!(two.tags, ["near", "outer"]);
    assert_eq!(two.identities[0].persona, "member");
    assert_eq!(two.needs[0].versions.to_string(), "2.0 to 2.9");
    assert!(registry.duplicates.is_empty());
}

#[core::prelude::v1::test]
fn identities_are_usual_personas_or_a_clouds_own_roles_and_fresh_where_that_is_said() {
    let registry = squall::registry::discover();
    let three = registry.find("attributes.three").unwrap();
    let wishes: Vec<_> =
        three.identities.iter().map(|wish| (wish.name, wish.persona, wish.fresh)).collect();
    assert_eq!(
        wishes,
        [
            ("member", "member", true),
            ("other", "reader", true),
            ("keeper", "creator+member", false)
        ]
    );
}
