//! The ports of this room in memory: what a test does not say otherwise. Each test names the parts that it looks at, and keeps them.

use std::sync::Arc;

use control::checkpoint::Checkpoints;
use control::ports::Ports;
use control::routes::Routes;
use model::testbed::{
    JumpingBell, MemoryEdge, MemoryEngine, MemoryImages, MemoryLedger, MemoryLogs, MemoryRemote, MemoryRevisionSecrets,
    MemoryVault, OpenAccess, ScriptedRoles, SeededDice, TurnedClock,
};

/// A platform's ports over what outlives it. No registry is asked, every role may pull, and nothing is made ahead.
pub fn ports(
    ledger: &Arc<MemoryLedger>,
    images: &Arc<MemoryImages>,
    engine: &Arc<MemoryEngine>,
    edge: &Arc<MemoryEdge>,
    clock: &Arc<TurnedClock>,
) -> Ports {
    Ports {
        services: ledger.clone(),
        operations: ledger.clone(),
        revisions: ledger.clone(),
        events: ledger.clone(),
        repositories: images.clone(),
        repository_images: images.clone(),
        image_tags: images.clone(),
        manifests: images.clone(),
        pinned_images: images.clone(),
        pin_dates: Arc::default(),
        blobs: images.clone(),
        image_copies: images.clone(),
        remote: Arc::new(MemoryRemote::new(|_, _| panic!("no registry is asked here"))),
        copies: Arc::default(),
        pump_turns: Arc::default(),
        lines: Arc::new(MemoryLogs::default()),
        certificates: Arc::new(MemoryVault::default()),
        access_roles: Arc::new(OpenAccess::default()),
        instance_roles: Arc::new(ScriptedRoles::default()),
        revision_secrets: Arc::new(MemoryRevisionSecrets::default()),
        engine: engine.clone(),
        images: engine.clone(),
        board: edge.clone(),
        gauge: edge.clone(),
        clock: clock.clone(),
        dice: Arc::new(SeededDice::new(7)),
        bell: Arc::new(JumpingBell::new(clock.clone())),
        routes: Arc::new(Routes::new(edge.clone(), clock.clone(), Vec::new(), 1)),
        spares: Arc::default(),
        checkpoints: Arc::new(Checkpoints::default()),
        surroundings: Arc::default(),
    }
}
