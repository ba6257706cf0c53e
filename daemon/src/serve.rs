//! `outrunner serve`: opens the rooms, keeps them until a signal, and ends in the way that was asked for.

use std::sync::Arc;
use std::time::Instant;

use control::access_log::AccessWriter;
use control::closing::Closing;
use control::ports::Ports;
use edge::FrontDoor;
use model::port::Clock;
use outside::Collector;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

use crate::config::{OnStop, Settings};
use crate::door::{self, Doors, Places, Readiness};
use crate::failure::{Failure, while_doing};
use crate::host::{Held, Lock, Place, holder_of, remove_unfinished};
use crate::leftovers;
use crate::limit::{EDGE_DRAIN, RUN_FILE_COMPARED, STORE_SWEPT};
use crate::metrics::{self, Metrics};
use crate::run_file::RunFile;
use crate::shutdown::Signals;
use crate::sight::{Seeing, otlp};
use crate::wiring::{self, Platform, Tokens};
use crate::{closing, ephemeral, front_door, names, programs, staff};

/// Runs the platform until it is told to end.
pub async fn serve(settings: Settings, seeing: Seeing) -> Result<(), Failure> {
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
    seeing.0.kept.open(&place.data_dir.join("platform.log"));
    raise_descriptors();
    remove_unfinished(&place)?;
    // An earlier platform's front door and instances are adopted, and stay if this start fails.
    let was_there = place.is_inhabited();
    // Heard from here on: who is asked to end between two steps undoes them.
    let mut signals = Signals::listen()?;
    place.make_run_dir()?;
    let opened = tokio::select! {
        opened = open(&settings, &place) => opened.map(Some),
        signal = signals.requested() => {
            tracing::info!(signal, "the platform ends before it was ready");
            Ok(None)
        }
    };
    match opened {
        Ok(Some((platform, tcp))) => run(settings, place, platform, (tcp, seeing), signals, began).await,
        other => {
            if !was_there {
                leftovers::remove(&place, &settings.runtime).await?;
            }
            other.map(|_| ())
        }
    }
}

/// Every connection, instance and file is a descriptor: the soft limit that shells set is for people.
pub fn raise_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    // Without it the platform works, with fewer connections.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

async fn open(settings: &Settings, place: &Place) -> Result<(Platform, TcpListener), Failure> {
    let tcp = TcpListener::bind(settings.api).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            let holder = holder_of(settings.api.port()).map_or_else(String::new, |who| format!(" by {who}"));
            Failure::other(format!("{} is taken{holder}. Choose another address for the API: --api 127.0.0.1:0", settings.api))
        }
        _ => while_doing(format!("listening at {}", settings.api))(error),
    })?;
    door::give_up_the_silent(&tcp).map_err(while_doing("setting up the API's socket"))?;
    let api = tcp.local_addr().map_err(while_doing("asking for the API's address"))?;
    let platform = wiring::open(settings, place, api.port()).await?;
    Ok((platform, tcp))
}

async fn run(
    settings: Settings,
    place: Place,
    platform: Platform,
    (tcp, (sight, finished)): (TcpListener, Seeing),
    mut signals: Signals,
    began: Instant,
) -> Result<(), Failure> {
    let readiness = Readiness::of(&place.data_dir);
    let Platform { ports, front_door: edge, router, roster, auto_deploy, certificates, clock, store, names, engine, rooms, tokens } =
        platform;
    let unix = door::unix_listener(&front_door::doors_socket(&place), place.edge_uid())?;
    let run_file = run_file(&settings, &tcp, &edge, &*clock)?;
    run_file.write(&place)?;

    let (end, places) = (Arc::new(Notify::new()), Places::all());
    let (ended, mut doors, mut keeping) = (Arc::clone(&end), JoinSet::new(), JoinSet::new());
    if let (Some(address), Some(traces), Some(finished)) = (&settings.otlp, &sight.traces, finished) {
        let collector = Collector::new(address, names::hosts()?).map_err(|words| Failure::Usage(format!("--otlp: {words}")))?;
        keeping.spawn(otlp::export(finished, collector, Arc::clone(traces), run_file.clone()));
    }
    let metrics = Metrics {
        sight,
        ports: ports.clone(),
        store: store.clone(),
        stats: engine.clone(),
        rooms,
        front_door: Arc::clone(&edge),
        place: place.clone(),
        spares: settings.spares,
        connections: places.clone(),
        ready: (clock.now(), began.elapsed()),
    };
    let everywhere = door::router(router.clone(), &readiness);
    let here = door::router(router.merge(metrics::router(metrics)), &readiness);
    let served = Doors { here, everywhere, places: places.clone() };
    doors.spawn(door::serve(served, tcp, unix, async move { ended.notified().await }));
    tokens.map(|tokens| keep_tokens(tokens, places.issuer, &place, &mut keeping)).transpose()?;
    keeping.spawn(staff::keep_services(roster));
    keeping.spawn(staff::watch_pushes(auto_deploy));
    keeping.spawn(staff::keep_certificates(certificates));
    keeping.spawn(names.keep());
    keeping.spawn(staff::tidy_images(ports.clone()));
    keeping.spawn(staff::write_access_log(AccessWriter::new(ports.clone(), edge.clone())));
    keeping.spawn(staff::copy_last_events(ports.clone()));
    keeping.spawn(sweep_store(store));
    keeping.spawn(keep_run_file(place.clone(), run_file.clone(), Arc::clone(&edge)));
    readiness.set(true);
    say_ready(&settings, &place, &run_file, began);
    let signal = tokio::select! {
        signal = signals.requested() => signal,
        Some(broken) = keeping.join_next() => return Err(Failure::other(format!("a task that never ends has ended: {broken:?}"))),
        Some(broken) = doors.join_next() => return Err(Failure::other(format!("the API's door has closed by itself: {broken:?}"))),
    };
    tracing::info!(signal, "the platform ends");
    readiness.set(false);
    keeping.shutdown().await;
    end.notify_one();
    end_rooms(settings.on_stop, &ports, &edge).await;
    while doors.join_next().await.is_some() {}
    RunFile::remove(&place);
    if settings.on_stop == OnStop::Stop {
        engine.close().await;
        remove_what_ran(&place, &settings).await?;
    }
    Ok(())
}

/// Takes away whatever a platform has on this machine beside its data dir.
async fn remove_what_ran(place: &Place, settings: &Settings) -> Result<(), Failure> {
    let engine = programs::engine_settings(place, &settings.runtime)?;
    place.remove_doors()?;
    engine::local::LocalEngine::remove_everything(&engine, std::time::Duration::ZERO).await?;
    place.remove_run_dir()?;
    Ok(())
}

/// Answers for the issuer of identity tokens, and renews them.
fn keep_tokens((issuer, engine): Tokens, places: Arc<Semaphore>, place: &Place, keeping: &mut JoinSet<()>) -> Result<(), Failure> {
    let socket = door::unix_listener(&front_door::issuer_socket(place), place.edge_uid())?;
    keeping.spawn(door::serve_apart(api::issuer_router(Arc::clone(&issuer)), socket, places));
    keeping.spawn(staff::keep_tokens(issuer, engine));
    Ok(())
}

/// Lets go of front door and instances, or ends them.
async fn end_rooms(on_stop: OnStop, ports: &Ports, edge: &Arc<FrontDoor>) {
    match on_stop {
        OnStop::Leave => edge.leave().await,
        OnStop::Stop => {
            let writer = AccessWriter::new(ports.clone(), edge.clone());
            staff::write_last_requests(writer, edge.drain_and_stop(EDGE_DRAIN)).await;
            closing::close_all(&Closing {
                services: ports.services.clone(),
                engine: ports.engine.clone(),
                lines: ports.lines.clone(),
                turns: ports.pump_turns.clone(),
                bell: ports.bell.clone(),
                clock: ports.clock.clone(),
            })
            .await;
        }
    }
}

fn say_ready(settings: &Settings, place: &Place, run_file: &RunFile, began: Instant) {
    tracing::info!(
        api = %run_file.api,
        http = %run_file.http,
        https = %run_file.https,
        data_dir = %place.data_dir.display(),
        ready_ms = began.elapsed().as_millis(),
        "the platform is ready"
    );
    if settings.ephemeral {
        println!("{}", ephemeral::greeting(run_file.api, &place.data_dir, settings.test_keys));
    }
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
        runtime: settings.runtime.clone(),
        upstreams: settings.upstreams.services(),
    })
}

/// Says which process the front door is, also after it has died and been replaced.
async fn keep_run_file(place: Place, mut run_file: RunFile, front_door: Arc<FrontDoor>) {
    loop {
        tokio::time::sleep(RUN_FILE_COMPARED).await;
        let edge_pid = front_door.pid();
        if edge_pid.is_some() && edge_pid != run_file.edge_pid {
            run_file.edge_pid = edge_pid;
            if let Err(failure) = run_file.write(&place) {
                tracing::warn!(cause = %failure, "run.json names a front door that is gone");
            }
        }
    }
}

/// At once, for what a crash left, and then again and again.
async fn sweep_store(store: store::Store) {
    loop {
        if let Err(trouble) = store.sweep().await {
            tracing::warn!(cause = %trouble.chain(), "sweeping the store failed; it will be tried again");
        }
        tokio::time::sleep(STORE_SWEPT).await;
    }
}
