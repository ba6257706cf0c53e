//! The name server for instances, at each of the engine's gateways, also those that come later.
//! Never ends by itself: where it cannot listen it says so once and tries again; instances then ask the machine's servers.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use model::port::Hosts;
use model::trouble::Trouble;
use outside::{Ears, NameServer, SystemResolver};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::limit::NAMES_TRIED_AGAIN;

const PORT: u16 = 53;

/// Who knows the addresses of destinations that services name.
pub fn hosts() -> Result<Arc<dyn Hosts>, Trouble> {
    Ok(resolver()?)
}

/// Who looks names up, for whatever reason. A machine without name servers knows addresses only.
pub fn resolver() -> Result<Arc<SystemResolver>, Trouble> {
    or_without(SystemResolver::of_system())
}

/// Who looks up registries of others: by the name servers alone, since the hosts file may lead the real ECR's names to us (`outrunner trust`).
pub fn registry_resolver() -> Result<Arc<SystemResolver>, Trouble> {
    or_without(SystemResolver::of_name_servers())
}

fn or_without(system: Result<SystemResolver, Trouble>) -> Result<Arc<SystemResolver>, Trouble> {
    let system = system.or_else(|trouble| {
        tracing::warn!(cause = %trouble.chain(), "the machine has no name servers; destinations of instances can only be addresses");
        SystemResolver::of_servers(&[])
    });
    Ok(Arc::new(system?))
}

/// What answers, and where.
pub struct Names {
    pub gateways: watch::Receiver<Vec<Ipv4Addr>>,
    pub server: Arc<NameServer>,
}

impl Names {
    /// Serves until the future is dropped.
    pub async fn keep(mut self) {
        let mut serving = JoinSet::new();
        let mut begun = BTreeMap::new();
        let mut has_engine = true;
        loop {
            let gateways = self.gateways.borrow_and_update().clone();
            for gateway in gateways {
                if !begun.values().any(|served| *served == gateway) {
                    let task = serving.spawn(serve(self.server.clone(), gateway));
                    begun.insert(task.id(), gateway);
                }
            }
            tokio::select! {
                // No engine, no new gateways; those that are there are served on.
                changed = self.gateways.changed(), if has_engine => has_engine = changed.is_ok(),
                // It does not end by itself.
                Some(ended) = serving.join_next_with_id() => {
                    let id = match ended {
                        Ok((id, ())) => id,
                        Err(error) => {
                            tracing::error!(cause = %error, "a name server for instances has ended; it begins anew");
                            error.id()
                        }
                    };
                    begun.remove(&id);
                    // One that ends at once must not take the whole machine.
                    tokio::time::sleep(NAMES_TRIED_AGAIN).await;
                }
                else => std::future::pending::<()>().await,
            }
        }
    }
}

async fn serve(server: Arc<NameServer>, gateway: Ipv4Addr) {
    let mut told = false;
    let ears = loop {
        match Ears::open(SocketAddr::from((gateway, PORT))).await {
            Ok(ears) => break ears,
            Err(trouble) if told => tracing::debug!(%gateway, cause = %trouble.chain(), "still no name server for instances"),
            Err(trouble) => {
                tracing::warn!(
                    %gateway,
                    cause = %trouble.chain(),
                    "instances have no name server: services' own names do not work inside; it is tried again. \
                     Does another program listen on port 53 of all addresses?"
                );
                told = true;
            }
        }
        tokio::time::sleep(NAMES_TRIED_AGAIN).await;
    };
    server.serve(ears, gateway, engine::local::GATEWAY_PREFIX).await;
}
