//! Everything this room reaches, behind ports.

use std::sync::Arc;

use model::port::{
    AccessRoles, Bell, Blobs, Board, Certificates, Clock, Dice, Engine, Events, Gauge, ImageCopies, ImageTags, Images,
    InstanceRoles, LogLines, Manifests, Operations, PinnedImages, RemoteRegistry, Repositories, RepositoryImages, RevisionSecrets,
    Revisions, Services,
};

use crate::checkpoint::Checkpoints;
use crate::pin_dates::PinDates;
use crate::pump::PumpTurns;
use crate::routes::Routes;
use crate::service::{Copies, Surroundings};
use crate::spares::Spares;

/// The ports, and what keepers share: the route table, the checkpoints, what is being copied, and who has an instance made ahead.
#[derive(Clone)]
pub struct Ports {
    pub services: Arc<dyn Services>,
    pub operations: Arc<dyn Operations>,
    pub revisions: Arc<dyn Revisions>,
    pub events: Arc<dyn Events>,
    pub repositories: Arc<dyn Repositories>,
    pub repository_images: Arc<dyn RepositoryImages>,
    pub image_tags: Arc<dyn ImageTags>,
    pub manifests: Arc<dyn Manifests>,
    pub pinned_images: Arc<dyn PinnedImages>,
    pub pin_dates: Arc<PinDates>,
    pub blobs: Arc<dyn Blobs>,
    pub image_copies: Arc<dyn ImageCopies>,
    /// Registries that are not ours.
    pub remote: Arc<dyn RemoteRegistry>,
    pub copies: Arc<Copies>,
    pub lines: Arc<dyn LogLines>,
    /// To take over floods of them.
    pub pump_turns: Arc<PumpTurns>,
    pub certificates: Arc<dyn Certificates>,
    pub access_roles: Arc<dyn AccessRoles>,
    pub instance_roles: Arc<dyn InstanceRoles>,
    pub revision_secrets: Arc<dyn RevisionSecrets>,
    pub engine: Arc<dyn Engine>,
    pub images: Arc<dyn Images>,
    pub board: Arc<dyn Board>,
    pub gauge: Arc<dyn Gauge>,
    pub clock: Arc<dyn Clock>,
    pub dice: Arc<dyn Dice>,
    pub bell: Arc<dyn Bell>,
    pub routes: Arc<Routes>,
    pub spares: Arc<Spares>,
    pub checkpoints: Arc<Checkpoints>,
    /// What the variables of instances depend on.
    pub surroundings: Arc<Surroundings>,
}
