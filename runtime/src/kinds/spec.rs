//! The tables that our kinds' operations stand in.

use squall_model::{ServiceSpec, VersionRange};

macro_rules! placeholder {
    ($($name:ident)+) => {$(
        pub(super) fn $name() -> &'static ServiceSpec {
            static SPEC: ServiceSpec = ServiceSpec {
                service_type: stringify!($name),
                name: stringify!($name),
                version_path: "",
                versions: VersionRange::ALL,
                source: "",
                history: &[],
                operations: &[],
            };
            &SPEC
        }
    )+};
}

placeholder! { compute identity image network object_storage placement volume }
