//! How this platform starts its front door, and which hosts of its own the front door carries.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use api::TokenIssuer;
use edge::{FrontDoor, NotOpened, Order, User};
use model::account::{AccountId, Region};
use model::port::Bell;
use model::registry_name::{aws_registry_names, other_registry_names};
use model::route_table::DoorRoute;

use crate::config::Settings;
use crate::failure::Failure;
use crate::host::Place;
use crate::limit::EDGE_LOG_BYTES;
use crate::sight;

/// Where the front door finds the platform's own doors.
pub fn doors_socket(place: &Place) -> PathBuf {
    place.doors_dir().join("api.sock")
}

/// The platform's own labels under its domain that lead to these doors. Clients put `stream-` before the API's host for a live tail of log lines.
pub const OWN_LABELS: [&str; 3] = ["api", "registry", "stream-api"];

/// Whom the front door runs as.
pub fn user(place: &Place) -> User {
    let uid = place.edge_uid();
    User { uid, gid: uid }
}

/// Where it finds the issuer of identity tokens, if there is one.
pub fn issuer_socket(place: &Place) -> PathBuf {
    place.doors_dir().join("oidc.sock")
}

/// The hosts of the issuer of identity tokens, one a region: for everybody, since whoever is shown a token must be able to ask for its key. The socket is
/// their own, so that nothing else of the platform is behind them.
pub fn issuer_door(domain: &str, place: &Place, regions: &[Region]) -> DoorRoute {
    let hosts = regions.iter().map(|region| TokenIssuer::host(region, domain)).collect();
    DoorRoute { hosts, socket: issuer_socket(place).display().to_string(), public: true }
}

/// The platform's own hosts at the front door: API, registry, and the registry by its printed name in every region. Only this machine may use them,
/// unless the settings say otherwise. The registry reads account and region from the host.
pub fn doors(settings: &Settings, place: &Place, accounts: &[AccountId], regions: &[Region]) -> Vec<DoorRoute> {
    let own = OWN_LABELS.map(|name| format!("{name}.{}", settings.domain));
    let printed =
        accounts.iter().flat_map(|account| aws_registry_names(account).into_iter().chain(other_registry_names(account, regions)));
    let hosts = own.into_iter().chain(printed).collect();
    vec![DoorRoute { hosts, socket: doors_socket(place).display().to_string(), public: settings.doors_public }]
}

/// How an image of our registry may be called beside its printed name: on this machine in plain HTTP, and by the domain's host at the front door.
pub fn registry_hosts(settings: &Settings, api_port: u16, https_port: u16) -> Vec<String> {
    let host = format!("registry.{}", settings.domain);
    let host = if https_port == 443 { host } else { format!("{host}:{https_port}") };
    vec![format!("localhost:{api_port}"), format!("127.0.0.1:{api_port}"), host]
}

pub fn open(settings: &Settings, place: &Place, bell: Arc<dyn Bell>, replaces: bool) -> Result<FrontDoor, Failure> {
    let log = place.data_dir.join("edge.log");
    if std::fs::metadata(&log).is_ok_and(|file| file.len() > EDGE_LOG_BYTES) {
        let _ = std::fs::rename(&log, place.data_dir.join("edge.log.old"));
    }
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let format = settings.log_format;
    let command = move || {
        // Not by its path: the front door's user may not be able to pass the folders on the way. And it is this build, also after an upgrade.
        let mut command = Command::new("/proc/self/exe");
        command.arg0("outrunner").arg("edge").env_clear().stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(filter) = std::env::var_os(sight::FILTER) {
            command.env(sight::FILTER, filter);
        }
        command.env(sight::FORMAT, format.name());
        // A pipe to us would break with us; the file is opened by us and only written by the front door.
        if let Ok(file) = std::fs::OpenOptions::new().create(true).append(true).open(&log) {
            command.stderr(file);
        }
        command
    };
    let order = Order {
        run: place.run_dir(),
        http: settings.http,
        https: settings.https,
        cores,
        command: Box::new(command),
        user: Some(user(place)),
        bell,
        replaces,
    };
    FrontDoor::open(order).map_err(|error| match error {
        NotOpened::Taken(listen) => {
            let flag = if listen == settings.http { "--http" } else { "--https" };
            let port = listen.port();
            let holder = crate::host::holder_of(port).map_or_else(String::new, |who| format!(" by {who}"));
            Failure::other(format!(
                "port {port} is taken{holder}. Choose other ports: --http :8980 --https :8943 ({flag} is the one that is taken)"
            ))
        }
        NotOpened::Forbidden(listen) => {
            Failure::other(format!("no permission to listen on port {}. Run it with sudo.", listen.port()))
        }
        NotOpened::Trouble(trouble) => trouble.into(),
    })
}
