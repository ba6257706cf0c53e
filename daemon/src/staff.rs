//! Runs the tasks that `control` hands out: a keeper with its pump for each service, the watch over pushes, the care for certificates.
//!
//! Owns every one of them: dropping the future ends them all, between two awaits. A task that panics is reported and hired anew.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use api::TokenIssuer;
use control::access_log::{AccessWriter, Fetched};
use control::auto_deploy::AutoDeploy;
use control::certificates::LocalCertificates;
use control::ports::Ports;
use control::roster::{Roster, Staff};
use control::service::Turn;
use engine::local::LocalEngine;
use model::service::ServiceId;
use tokio::task::{Id, JoinError, JoinSet};

use crate::limit::{
    ACCESS_FETCHED, BREAKDOWN_PAUSE, CERTIFICATES_LOOKED_AT, IMAGES_EXPIRED, IMAGES_SWEPT, LAST_ACCESS_FETCHED, LAST_EVENTS_COPIED,
    PUMP_REST, TOKENS_RENEWED,
};

/// Keeps every service until the future is dropped.
pub async fn keep_services(mut roster: Roster) {
    let mut tasks = JoinSet::new();
    let mut keeps: HashMap<Id, ServiceId> = HashMap::new();
    loop {
        // Hired first: an orphan that cannot be ended keeps nobody waiting.
        match roster.newcomers().await {
            Ok(newcomers) => {
                for staff in newcomers {
                    let service = staff.keeper.service().clone();
                    keeps.insert(tasks.spawn(keep(staff)).id(), service);
                }
            }
            Err(trouble) => tracing::warn!(cause = %trouble.chain(), "looking for services failed; it will be tried again"),
        }
        if let Err(trouble) = roster.end_orphans().await {
            tracing::warn!(cause = %trouble.chain(), "looking for orphans failed; it will be tried again");
        }
        tokio::select! {
            () = roster.wait() => {}
            Some(ended) = tasks.join_next_with_id() => {
                if let Some(service) = keeps.remove(&id_of(&ended)) {
                    roster.dismiss(&service);
                }
            }
        }
    }
}

/// Runs one service's staff; after a breakdown it rests a little before it is hired anew.
async fn keep(staff: Staff) {
    let service = staff.keeper.service().clone();
    // Open as long as the keeper lives: so many there are.
    let _life = tracing::info_span!("keeper");
    let mut one = JoinSet::new();
    one.spawn(work(staff));
    if let Some(Err(error)) = one.join_next().await {
        tracing::error!(service = %service, cause = %error, "a keeper broke down; it is hired anew");
        tokio::time::sleep(BREAKDOWN_PAUSE).await;
    }
}

/// Keeper and pump of one service are one task: both end, or are hired anew, together.
async fn work(staff: Staff) {
    let Staff { mut keeper, mut pump } = staff;
    let keeping = async { while keeper.step().await == Turn::Again {} };
    let pumping = async {
        while pump.step().await == Turn::Again {
            tokio::time::sleep(PUMP_REST).await;
        }
    };
    tokio::join!(keeping, pumping);
}

fn id_of(ended: &Result<(Id, ()), JoinError>) -> Id {
    match ended {
        Ok((id, ())) => *id,
        Err(error) => error.id(),
    }
}

/// Watches pushes until the future is dropped.
pub async fn watch_pushes(mut watch: AutoDeploy) {
    loop {
        watch.step().await;
    }
}

/// Sees to it that the last events of deleted services reach their log groups, until the future is dropped.
pub async fn copy_last_events(ports: Ports) {
    loop {
        if let Err(trouble) = control::event::copy_of_the_gone(&ports).await {
            tracing::warn!(cause = %trouble.chain(), "events of deleted services could not be copied; it will be tried again");
        }
        tokio::time::sleep(LAST_EVENTS_COPIED).await;
    }
}

/// Writes down what the front door carried, until the future is dropped.
pub async fn write_access_log(mut writer: AccessWriter) {
    loop {
        match writer.step().await {
            // A flood leaves room for others' lines too.
            Fetched::Some => tokio::time::sleep(PUMP_REST).await,
            Fetched::All | Fetched::Nothing => tokio::time::sleep(ACCESS_FETCHED).await,
        }
    }
}

/// The same while the front door drains, until it has ended. What is being written then is written to its end.
pub async fn write_last_requests(mut writer: AccessWriter, draining: impl Future<Output = ()>) {
    let has_ended = Cell::new(false);
    let draining = async {
        draining.await;
        has_ended.set(true);
    };
    let writing = async {
        loop {
            let fetched = writer.step().await;
            if has_ended.get() {
                return fetched;
            }
            match fetched {
                Fetched::Some => {}
                Fetched::All | Fetched::Nothing => tokio::time::sleep(LAST_ACCESS_FETCHED).await,
            }
        }
    };
    let ((), last) = tokio::join!(draining, writing);
    if last == Fetched::Nothing {
        writer.finish().await;
    }
}

/// Tells store and engine which images they must keep, at once and then again and again, until the future is dropped.
async fn sweep_images(ports: Ports) {
    loop {
        if let Err(trouble) = control::image_sweep::sweep_images(&ports).await {
            tracing::warn!(cause = %trouble.chain(), "images that nobody needs could not be removed; it will be tried again");
        }
        tokio::time::sleep(IMAGES_SWEPT).await;
    }
}

/// Both: what nobody needs goes, and what lifecycle policies no longer keep.
pub async fn tidy_images(ports: Ports) {
    tokio::join!(sweep_images(ports.clone()), expire_images(ports));
}

/// Lets images go that lifecycle policies no longer keep, at once and then again and again, until the future is dropped.
async fn expire_images(ports: Ports) {
    loop {
        if let Err(trouble) = control::image_expiry::expire_images(&ports).await {
            tracing::warn!(cause = %trouble.chain(), "lifecycle policies could not be carried out; it will be tried again");
        }
        tokio::time::sleep(IMAGES_EXPIRED).await;
    }
}

/// Renews the identity tokens of instances and the keys that sign them, until the future is dropped.
pub async fn keep_tokens(issuer: Arc<TokenIssuer>, engine: Arc<LocalEngine>) {
    loop {
        let renewed = async {
            issuer.tend().await?;
            engine.renew_tokens().await
        };
        match renewed.await {
            Ok(0) => {}
            Ok(renewed) => tracing::debug!(renewed, "identity tokens were renewed"),
            Err(trouble) => {
                tracing::warn!(cause = %trouble.chain(), "identity tokens could not be renewed; it will be tried again")
            }
        }
        tokio::time::sleep(TOKENS_RENEWED).await;
    }
}

/// Keeps certificates good until the future is dropped.
pub async fn keep_certificates(local: LocalCertificates) {
    // Several times in the third of its life in which a leaf is replaced.
    let pause = CERTIFICATES_LOOKED_AT.min(local.leaf_life / 12);
    loop {
        tokio::time::sleep(pause).await;
        if let Err(trouble) = local.supply().await {
            tracing::warn!(cause = %trouble.chain(), "certificates could not be renewed; it will be tried again");
        }
    }
}
