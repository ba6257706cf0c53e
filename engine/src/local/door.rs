//! An instance's own door: a socket that listens on the loopback address of its network namespace, and what of it outlives the platform.
//! Never answers anybody: whoever does is plugged in (`Doors`). Never goes into a namespace itself (see `porter`).
//! Source of truth: `door.json` in the instance's folder; a socket stays in the network namespace in which it was made (network_namespaces(7)), and
//! that is how whoever answers knows who asks.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::pin::Pin;

use model::instance::{InstanceName, InstanceSpec};
use model::instance_door::{InstanceRole, door_port};
use model::port::{Dice, draw};
use model::secret::Secret;
use model::trouble::Trouble;
use rustix::net::sockopt::set_socket_reuseaddr;
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, listen, socket_with};
use serde::{Deserialize, Serialize};

use crate::doing::Doing;
use crate::limit::{DOOR_BACKLOG, LOOK_AGAIN_LATER};
use crate::local::berth::{Berth, write_private};
use crate::local::machine::Machine;
use crate::local::shim::Shim;

/// Version of the document that this code writes.
const VERSION: u16 = 1;
/// In the folder of an instance that has a door.
const FILE: &str = "door.json";
const TOKEN_BYTES: usize = 32;

/// A door that stands open.
pub struct Door {
    /// Whose it is: nobody else can come to it.
    pub instance: InstanceName,
    /// The instance's address in the platform's network.
    pub address: Ipv4Addr,
    /// Whose credentials are behind it.
    pub role: InstanceRole,
    /// What is to be shown for them.
    pub token: Secret,
    /// Listens, and does not block.
    pub socket: OwnedFd,
}

/// Whoever answers at a door, for as long as it is polled. Dropped, it lets go of the socket and of every connection: they keep the instance's
/// network in being.
pub type Answering = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Answers at instances' doors. Kept by `daemon`.
pub trait Doors: Send + Sync {
    /// Answers until it is dropped; it ends by itself where nobody can be heard at the socket any more, and the door is opened anew.
    fn answer(&self, door: Door) -> Answering;
}

/// What is kept of a door: whoever adopts the instance opens it again for the same token. `Debug` would show that.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorPlate {
    /// Of this document.
    version: u16,
    role: InstanceRole,
    port: u16,
    token: String,
}

impl DoorPlate {
    /// For an instance that is made; none if it has no role.
    pub fn draw(spec: &InstanceSpec, dice: &dyn Dice) -> Option<Self> {
        let role = spec.role.clone()?;
        let token = draw::<TOKEN_BYTES>(dice).iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Self { version: VERSION, role, port: door_port(spec.port), token })
    }

    /// What the instance is told to show.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Into an instance's folder.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        write_private(&folder.join(FILE), &serde_json::to_vec_pretty(self)?)
    }

    /// From an instance's folder; none if it has no door.
    fn read(shim: &Shim) -> io::Result<Option<Self>> {
        let Some(text) = shim.read(FILE)? else { return Ok(None) };
        let plate: Self = serde_json::from_str(&text)?;
        if plate.version > VERSION {
            return Err(io::Error::other(format!("the door has version {}, newer than {VERSION}", plate.version)));
        }
        Ok(Some(plate))
    }
}

/// The port of an instance's door, if it has one that can be read.
pub fn port(shim: &Shim) -> Option<u16> {
    DoorPlate::read(shim).ok().flatten().map(|plate| plate.port)
}

/// The socket of an instance's door; none if it has no door. It needs the instance's network, and none of its processes.
pub async fn open(machine: &Machine, berth: &Berth, shim: &Shim) -> Result<Option<OwnedFd>, Trouble> {
    let doing = || format!("opening the door of {}", berth.name);
    let Some(plate) = DoorPlate::read(shim).doing(doing)? else { return Ok(None) };
    let Some(state) = shim.state().doing(doing)? else { return Ok(None) };
    let inside = shim.network(&state).doing(doing)?;
    machine.network.inside(inside.into(), move || listen_at(plate.port)).await.doing(doing).map(Some)
}

/// Keeps an instance's door open as long as anybody waits for this. `socket` is there already where the instance was only just begun.
pub async fn keep(machine: &Machine, berth: &Berth, shim: &Shim, mut socket: Option<OwnedFd>) -> Infallible {
    let mut is_told = false;
    loop {
        let opened = match socket.take() {
            Some(socket) => Ok(Some(socket)),
            None => open(machine, berth, shim).await,
        };
        let plate = DoorPlate::read(shim).doing(|| format!("reading about the door of {}", berth.name));
        match opened.and_then(|socket| Ok(socket.zip(plate?))) {
            Ok(Some((socket, plate))) => {
                is_told = false;
                let DoorPlate { role, token, .. } = plate;
                let (instance, address) = (berth.name.clone(), berth.address);
                machine.ports.doors.answer(Door { instance, address, role, token: Secret::new(token), socket }).await;
            }
            Ok(None) => pending().await,
            // It is over, and so is this, in a moment.
            Err(_) if matches!(shim.alive(), Ok(false)) => pending().await,
            Err(trouble) if is_told => tracing::debug!(instance = %berth.name, cause = %trouble.chain(), "a door stays closed"),
            Err(trouble) => {
                is_told = true;
                tracing::warn!(
                    instance = %berth.name,
                    cause = %trouble.chain(),
                    "the door at which an instance finds its role's credentials cannot be opened; it is tried again"
                );
            }
        }
        tokio::time::sleep(LOOK_AGAIN_LATER).await;
    }
}

/// In the calling thread's network namespace.
fn listen_at(port: u16) -> io::Result<OwnedFd> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)?;
    // Connections of an earlier platform may not have passed away yet.
    set_socket_reuseaddr(socket.as_fd(), true)?;
    bind(socket.as_fd(), &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))?;
    listen(socket.as_fd(), DOOR_BACKLOG)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;
    use std::os::unix::fs::PermissionsExt;

    use model::arn::ServiceArn;
    use model::role::RoleArn;

    use super::*;

    const GOLDEN: &str = include_str!("../../tests/golden/door.json");

    fn plate() -> DoorPlate {
        let role = RoleArn::parse("arn:aws:iam::000000000000:role/Runner").unwrap();
        let service = "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef";
        let service = ServiceArn::parse(service).unwrap();
        DoorPlate { version: VERSION, role: InstanceRole { role, service }, port: 62_169, token: "00ff".to_owned() }
    }

    #[test]
    fn what_is_kept_of_a_door_is_written_as_it_always_was_for_root_alone_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let shim = Shim::at(folder.path().to_owned());
        assert!(DoorPlate::read(&shim).unwrap().is_none(), "it has none");
        plate().write(folder.path()).unwrap();
        let file = folder.path().join(FILE);
        assert_eq!(std::fs::read_to_string(&file).unwrap().trim(), GOLDEN.trim());
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(DoorPlate::read(&shim).unwrap() == Some(plate()));
        assert_eq!(port(&shim), Some(62_169));
        std::fs::write(&file, GOLDEN.replacen("\"version\": 1", "\"version\": 2", 1)).unwrap();
        assert!(DoorPlate::read(&shim).err().unwrap().to_string().contains("newer"));
    }

    #[test]
    fn a_door_listens_on_the_loopback_address_alone() {
        let socket = socket2::Socket::from(listen_at(0).unwrap());
        let address = socket.local_addr().unwrap().as_socket().unwrap();
        assert!(address.ip().is_loopback());
        assert_eq!(socket.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock);
        let _guest = TcpStream::connect(address).unwrap();
        assert!(listen_at(address.port()).is_err(), "there is one of it");
    }
}
