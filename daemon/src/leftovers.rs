//! What a platform that is gone has left outside its data dir, and how it is taken away. Works by the locks, whatever the ledger says.

use std::sync::Arc;

use control::closing::Closing;
use engine::local::LocalEngine;
use store::Store;

use crate::bell::Bells;
use crate::clock::{SystemClock, SystemDice};
use crate::closing::close_all;
use crate::failure::{Failure, while_doing};
use crate::first_run::master_key;
use crate::host::Place;
use crate::instance_door::InstanceDoors;
use crate::limit::EDGE_DRAIN;
use crate::{front_door, programs};

/// Ends the front door and the instances that have no platform, keeps what they printed last, and takes network and run folder away.
pub async fn remove(place: &Place, runtime: &str) -> Result<(), Failure> {
    let user = Some(front_door::user(place));
    edge::stop_left_behind(&place.run_dir(), user, EDGE_DRAIN).map_err(while_doing("ending the front door"))?;
    place.remove_doors()?;
    match programs::engine_settings(place, runtime) {
        Ok(settings) => {
            if let Err(failure) = close_instances(place, &settings).await {
                eprintln!("outrunner: instances are ended without their last output: {failure}");
            }
            LocalEngine::remove_everything(&settings, model::limit::STOP_GRACE).await?;
        }
        // A start that failed for want of a runtime has started nothing; instances without one cannot be ended.
        Err(failure) if place.is_inhabited() => return Err(failure),
        Err(_) => {}
    }
    place.remove_run_dir()
}

/// The orderly way, which keeps what the instances printed last. Needs the ledger and the engine to be in order.
async fn close_instances(place: &Place, settings: &engine::local::Settings) -> Result<(), Failure> {
    let left = std::fs::read_dir(place.run_dir().join("shims")).is_ok_and(|mut entries| entries.next().is_some());
    if !left {
        return Ok(());
    }
    let clock = Arc::new(SystemClock);
    let store = Store::open(&place.data_dir, clock.clone(), &master_key(place, &SystemDice)?)?;
    let bell = Arc::new(Bells::default());
    let ports = engine::local::Ports {
        blobs: Arc::new(store.clone()),
        clock: clock.clone(),
        bell: bell.clone(),
        hosts: crate::names::hosts()?,
        // Nobody answers at instances' doors any more: they end.
        doors: Arc::new(InstanceDoors::default()),
        dice: Arc::new(SystemDice),
    };
    let engine = Arc::new(LocalEngine::open(settings.clone(), ports).await?);
    let closing = Closing {
        services: Arc::new(store.clone()),
        engine: engine.clone(),
        lines: Arc::new(store),
        turns: Arc::default(),
        bell,
        clock,
    };
    close_all(&closing).await;
    // Everything is taken away next: what mends would bring it back.
    engine.close().await;
    Ok(())
}
