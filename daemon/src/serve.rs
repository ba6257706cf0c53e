//! `outrunner serve`: opens the rooms, keeps them until a signal, and ends in the way that was asked for.

use std::sync::Arc;
use std::time::Instant;

use control::closing::Closing;
use edge::FrontDoor;
use model::port::Clock;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::config::{OnStop, Settings};
use crate::door::{self, Readiness};
use crate::failure::{Failure, while_doing};
use crate::host::{Held, Lock, Place, holder_of};
use crate::limit::{EDGE_DRAIN, STORE_SWEPT};
use crate::run_file::RunFile;
use crate::wiring::{self, Platform};
use crate::{closing, shutdown, staff};

/// Runs the platform until it is told to end.
pub async fn serve(settings: Settings) -> Result<(), Failure> {
    let began = Instant::now();
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::other("serve needs root: it makes containers and networks. Run it with sudo."));
    }
    let place = Place::make(&settings.data_dir)?;
    let _lock = match Lock::take(&place)? {
        Ok(lock) => lock,
        Err(Held { pid }) => {
            let who = pid.map_or_else(String::new, |pid| format!(" (pid {pid})"));
            return Err(Failure::other(format!(
                "another platform{who} uses the data dir {}. Stop it (outrunner stop), or choose another: --data-dir DIR",
                place.data_dir.display()
            )));
        }
    };
    place.make_run_dir()?;
    let opened = open(&settings, &place).await;
    let (platform, tcp) = match opened {
        Ok(opened) => opened,
        Err(failure) => {
            // Nothing of a start that failed stays, unless an earlier platform's instances are there.
            let _ = std::fs::remove_dir(place.doors_dir());
            let _ = std::fs::remove_dir(place.run_dir());
            let _ = std::fs::remove_dir("/run/outrunner");
            return Err(failure);
        }
    };
    run(settings, place, platform, tcp, began).await
}

async fn open(settings: &Settings, place: &Place) -> Result<(Platform, TcpListener), Failure> {
    let tcp = TcpListener::bind(settings.api).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            let holder = holder_of(settings.api.port()).map_or_else(String::new, |who| format!(" by {who}"));
            Failure::other(format!("{} is taken{holder}. Choose another address for the API: --api 127.0.0.1:0", settings.api))
        }
        _ => while_doing(format!("listening at {}", settings.api))(error),
    })?;
    let api = tcp.local_addr().map_err(while_doing("asking for the API's address"))?;
    let platform = wiring::open(settings, place, format!("localhost:{}", api.port())).await?;
    Ok((platform, tcp))
}

async fn run(settings: Settings, place: Place, platform: Platform, tcp: TcpListener, began: Instant) -> Result<(), Failure> {
    let readiness = Readiness::default();
    let Platform { ports, front_door, router, roster, auto_deploy, certificates, clock, store } = platform;
    let unix = door::unix_listener(&wiring::doors_socket(&place), place.edge_uid())?;
    let run_file = run_file(&settings, &tcp, &front_door, &*clock)?;
    run_file.write(&place)?;

    let mut tasks = JoinSet::new();
    let end = Arc::new(Notify::new());
    let ended = Arc::clone(&end);
    let doors = tasks.spawn(door::serve(door::router(router, &readiness), tcp, unix, async move { ended.notified().await }));
    let mut keeping = JoinSet::new();
    keeping.spawn(staff::keep_services(roster));
    keeping.spawn(staff::watch_pushes(auto_deploy));
    keeping.spawn(staff::keep_certificates(certificates));
    keeping.spawn(sweep_store(store));
    readiness.set(true);
    tracing::info!(
        api = %run_file.api,
        http = %run_file.http,
        https = %run_file.https,
        data_dir = %place.data_dir.display(),
        ready_ms = began.elapsed().as_millis(),
        "the platform is ready"
    );

    let signal = tokio::select! {
        signal = shutdown::requested() => signal?,
        Some(broken) = keeping.join_next() => {
            return Err(Failure::other(format!("a task that never ends has ended: {broken:?}")));
        }
    };
    tracing::info!(signal, "the platform ends");
    readiness.set(false);
    keeping.shutdown().await;
    end.notify_one();
    match settings.on_stop {
        OnStop::Leave => front_door.leave().await,
        OnStop::Stop => {
            front_door.drain_and_stop(EDGE_DRAIN).await;
            closing::close_all(&Closing {
                services: ports.services.clone(),
                engine: ports.engine.clone(),
                lines: ports.lines.clone(),
            })
            .await;
        }
    }
    while tasks.join_next().await.is_some() {}
    drop(doors);
    RunFile::remove(&place);
    if settings.on_stop == OnStop::Stop {
        drop(ports);
        let engine = wiring::engine_settings(&place, &settings.runtime)?;
        engine::local::LocalEngine::remove_everything(&engine, std::time::Duration::ZERO).await?;
        place.remove_run_dir()?;
    }
    Ok(())
}

fn run_file(settings: &Settings, tcp: &TcpListener, front_door: &FrontDoor, clock: &dyn Clock) -> Result<RunFile, Failure> {
    Ok(RunFile {
        version: RunFile::version(),
        pid: std::process::id(),
        api: tcp.local_addr().map_err(while_doing("asking for the API's address"))?,
        http: front_door.http(),
        https: front_door.https(),
        edge_pid: front_door.pid(),
        started: clock.now().millis(),
        domain: settings.domain.clone(),
        region: settings.scope.region.to_string(),
        account: settings.scope.account.to_string(),
    })
}

async fn sweep_store(store: store::Store) {
    loop {
        tokio::time::sleep(STORE_SWEPT).await;
        if let Err(trouble) = store.sweep().await {
            tracing::warn!(trouble = %trouble.chain(), "sweeping the store failed; it will be tried again");
        }
    }
}
