//! In which order kinds are undone: the highest rank first, and within a rank
//! the latest made first.
//!
//! A thing is undone before what it stands on. Ranks leave room, so that a
//! plugin can put its kinds between ours: `Rank(rank::SERVER.0 + 1)`.

/// A place in the order of undoing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(pub u16);

/// An address that is given to a port: network keeps a router's interface while a
/// floating IP needs it.
pub const ADDRESS: Rank = Rank(950);
/// What joins two things: a volume to a server, a subnet to a router.
pub const ATTACHMENT: Rank = Rank(900);
/// What runs on images, volumes and ports.
pub const SERVER: Rank = Rank(800);
/// A host in an aggregate: compute keeps it there while servers need the zone.
pub const HOST: Rank = Rank(790);
/// A copy that keeps its volume from going: snapshot, backup.
pub const COPY: Rank = Rank(700);
/// What servers use and copies are made of.
pub const VOLUME: Rank = Rank(650);
/// What volumes and servers are made from.
pub const IMAGE: Rank = Rank(600);
/// What holds ports together and keeps them.
pub const TRUNK: Rank = Rank(560);
/// A place in a subnet.
pub const PORT: Rank = Rank(550);
/// What joins networks.
pub const ROUTER: Rank = Rank(500);
/// A part of a network.
pub const SUBNET: Rank = Rank(450);
/// What ports and subnets are in.
pub const NETWORK: Rank = Rank(400);
/// What lies in a container.
pub const OBJECT: Rank = Rank(380);
/// What holds others: a container its objects, a provider its allocations.
pub const CONTAINER: Rank = Rank(370);
/// A part of a definition: a rule of a security group.
pub const PART: Rank = Rank(350);
/// What others only name: flavors, keypairs, groups, types, traits.
pub const DEFINITION: Rank = Rank(300);
/// A role that someone was given, a credential: its owner acts by it, so that it
/// goes after all that the owner made.
pub const GRANT: Rank = Rank(200);
/// A part of the catalog that points to another part.
pub const ENDPOINT: Rank = Rank(180);
/// A part of the catalog.
pub const CATALOG: Rank = Rank(170);
/// Someone, and what someone can be: a user, a group of users, a role.
pub const USER: Rank = Rank(150);
/// What things belong to.
pub const PROJECT: Rank = Rank(100);
/// What users and projects belong to.
pub const DOMAIN: Rank = Rank(50);
