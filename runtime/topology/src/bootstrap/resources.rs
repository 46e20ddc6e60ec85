//! The initial flavors, volume types, images and networks. Names and sizes are those of
//! the embedded cloud where both have them.

use serde_json::{Value, json};
use squall_client::Error;

use super::ensure::{Kind, text};
use super::identity::DEMO;
use super::rest::Rest;
use crate::component::Service;
use crate::recipe::BACK_ENDS;

const FLAVORS: Kind =
    Kind { service: Service::Nova, path: "/flavors", collection: "flavors", one: "flavor" };
const VOLUME_TYPES: Kind = Kind {
    service: Service::Cinder,
    path: "/types",
    collection: "volume_types",
    one: "volume_type",
};
const IMAGES: Kind =
    Kind { service: Service::Glance, path: "/images", collection: "images", one: "" };
const NETWORKS: Kind =
    Kind { service: Service::Neutron, path: "/networks", collection: "networks", one: "network" };
const SUBNETS: Kind =
    Kind { service: Service::Neutron, path: "/subnets", collection: "subnets", one: "subnet" };
const PROJECTS: Kind = Kind::identity("/projects", "projects", "project");

/// Id, name, MiB of memory, processors, GiB of disk.
const SIZES: [(&str, &str, u32, u32, u32); 4] = [
    ("1", "m1.nano", 64, 1, 1),
    ("2", "m1.micro", 128, 1, 1),
    ("3", "m1.small", 512, 2, 5),
    ("4", "m1.tiny", 64, 1, 2),
];

/// The data of an image, which no hypervisor will boot.
const IMAGE_SIZE: usize = 64 * 1024;

/// Creates the missing flavors.
pub async fn flavors(rest: &Rest) -> Result<(), Error> {
    let there = FLAVORS.all(rest).await?;
    for (id, name, ram, vcpus, disk) in SIZES {
        if !there.iter().any(|flavor| text(flavor, "name") == name) {
            let body = json!({ "id": id, "name": name, "ram": ram, "vcpus": vcpus, "disk": disk });
            FLAVORS.make(rest, body).await?;
        }
    }
    Ok(())
}

/// Creates the missing volume types: one for any back end, and one for each.
pub async fn volume_types(rest: &Rest) -> Result<(), Error> {
    VOLUME_TYPES.ensure(rest, "default", json!({ "extra_specs": {} })).await?;
    for name in BACK_ENDS {
        let body = json!({ "extra_specs": { "volume_backend_name": name } });
        VOLUME_TYPES.ensure(rest, name, body).await?;
    }
    Ok(())
}

/// Creates the missing images, and uploads the data of those that have none.
pub async fn images(rest: &Rest) -> Result<(), Error> {
    for (number, name) in (1_u8..).zip(["cirros", "cirros-alt"]) {
        let body = json!({
            "disk_format": "raw", "container_format": "bare", "visibility": "public",
            "min_disk": 1, "min_ram": 64, "os_distro": "cirros",
        });
        let (image, _) = IMAGES.ensure(rest, name, body).await?;
        if text(&image, "status") == "queued" {
            let path = format!("/images/{}/file", text(&image, "id"));
            rest.upload(Service::Glance, &path, vec![number; IMAGE_SIZE]).await?;
        }
    }
    Ok(())
}

/// Creates the missing networks: an external one, and one of the demo project.
pub async fn networks(rest: &Rest) -> Result<(), Error> {
    let outside = json!({
        "router:external": true, "is_default": true,
        "provider:network_type": "flat", "provider:physical_network": "public",
    });
    let subnet = json!({ "cidr": "203.0.113.0/24", "enable_dhcp": false });
    network(rest, "public", outside, subnet).await?;
    let projects = PROJECTS.all(rest).await?;
    if let Some(demo) = projects.iter().find(|project| text(project, "name") == DEMO) {
        let id = demo.get("id");
        let subnet = json!({ "cidr": "10.11.12.0/24", "project_id": id });
        network(rest, "private", json!({ "project_id": id }), subnet).await?;
    }
    Ok(())
}

async fn network(rest: &Rest, name: &str, body: Value, mut subnet: Value) -> Result<(), Error> {
    let (network, _) = NETWORKS.ensure(rest, name, body).await?;
    if let Some(fields) = subnet.as_object_mut() {
        fields.insert("network_id".to_owned(), json!(text(&network, "id")));
        fields.insert("ip_version".to_owned(), json!(4));
    }
    SUBNETS.ensure(rest, &format!("{name}-subnet"), subnet).await?;
    Ok(())
}
