//! What is accepted of released services, until a date.

squall::accepted_findings!("findings/compute.yaml");
squall::accepted_findings!("findings/embedded.yaml");
squall::accepted_findings!("findings/network.yaml");
