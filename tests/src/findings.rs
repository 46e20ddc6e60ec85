//! What is accepted of released services, until a date.

squall::accepted_findings!("findings/compute.yaml");
squall::accepted_findings!("findings/embedded.yaml");
squall::accepted_findings!("findings/identity.yaml");
squall::accepted_findings!("findings/image.yaml");
squall::accepted_findings!("findings/network.yaml");
squall::accepted_findings!("findings/object_storage.yaml");
squall::accepted_findings!("findings/placement.yaml");
squall::accepted_findings!("findings/policy.yaml");
squall::accepted_findings!("findings/volume.yaml");
