//! Serves instances at their own doors, each with room of its own: one that floods its door keeps nobody else waiting.
//!
//! Never makes a socket: the engine does, in the instance's network namespace, and the socket says who asks. Speaks no AWS itself.

use std::net::IpAddr;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use api::Visitor;
use axum::{Extension, Router};
use engine::local::{Answering, Door, Doors};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::call::Peer;
use crate::door::{self, Server, with_place};
use crate::limit::INSTANCE_CONNECTIONS;

/// Answers at doors as soon as there is a router; who comes before waits.
#[derive(Debug)]
pub struct InstanceDoors(watch::Sender<Option<Router>>);

impl Default for InstanceDoors {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl InstanceDoors {
    /// From here on `router` answers.
    pub fn open(&self, router: Router) {
        self.0.send_replace(Some(router));
    }
}

impl Doors for InstanceDoors {
    fn answer(&self, door: Door) -> Answering {
        let mut routers = self.0.subscribe();
        Box::pin(async move {
            // The other end goes with the platform.
            let Ok(router) = routers.wait_for(Option::is_some).await.map(|router| router.clone()) else { return };
            let Door { instance, address, role, token, socket } = door;
            let name = instance.to_string();
            let router = router.expect("it was waited for").layer(Extension(Visitor { instance, role, token }));
            if let Err(error) = attend(&router, socket, address.into()).await {
                tracing::warn!(instance = name, cause = %error, "nobody can be heard at the door of an instance; it is opened anew");
            }
        })
    }
}

/// Dropped, it drops every connection: they would keep the instance's network in being.
async fn attend(router: &Router, socket: OwnedFd, address: IpAddr) -> std::io::Result<()> {
    let listener = TcpListener::from_std(socket.into())?;
    door::give_up_the_silent(&listener)?;
    let places = Arc::new(Semaphore::new(INSTANCE_CONNECTIONS));
    let mut server = Server::default();
    loop {
        let (place, accepted) = with_place(&places, || listener.accept()).await;
        match accepted {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true);
                server.take(router, stream, place, Peer::Direct(address));
            }
            Err(error) => server.refused(&error).await,
        }
        server.tidy();
    }
}
