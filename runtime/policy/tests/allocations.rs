//! A check allocates nothing: it is asked for each request of a cloud, and for each cell of a
//! matrix.

#![expect(unsafe_code, reason = "an allocator that counts is one")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use serde_json::json;
use squall_policy::{Flattened, Policy, personas};

/// Counts what the current thread allocates.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is the system's allocator; counting touches only a thread-local cell that
// needs no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are those of the system's allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(act: impl FnOnce()) -> usize {
    let before = COUNT.with(Cell::get);
    act();
    COUNT.with(Cell::get) - before
}

#[test]
fn a_check_of_any_default_rule_allocates_nothing() {
    assert!(allocations(|| drop(vec![1_u8])) > 0, "the allocator counts");
    let places = personas::Places { domain_id: "d", project_id: "p", other_project_id: "q" };
    let target = json!({
        "project_id": "p",
        "user_id": 1.5,
        "network:project_id": ["p", {"a": null}],
        "ext_parent:project_id": true,
        "security_group:project_id": null,
        "shared": true,
        "device_owner": "network:dhcp",
        "target": {"user": {"domain_id": "d"}, "role": {"name": "member"}},
        "visibility": "public",
    });
    let mut checks = 0;
    for (spec, rules) in squall_services::ALL.iter().zip(squall_services::POLICY_RULES) {
        for new_defaults_only in [true, false] {
            let policy = Policy::builder(spec.name).defaults(rules);
            let policy = policy.new_defaults_only(new_defaults_only).build().expect("no errors");
            let ids: Vec<_> = policy.rules().map(|(id, _)| id).collect();
            for persona in personas::ALL {
                let credentials = policy.credentials(&persona.caller("u", places));
                let count = allocations(|| {
                    for id in &ids {
                        policy.check(*id, &credentials, &target);
                        policy.check(*id, &credentials, &Flattened(&target));
                    }
                });
                assert_eq!(count, 0, "{} as {persona}", spec.name);
                checks += ids.len();
            }
        }
    }
    assert_eq!(checks, 1_062 * 14 * 2);
}
