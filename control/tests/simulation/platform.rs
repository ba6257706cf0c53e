//! Platforms of a world, one after the other: each boots on what is there, hires keepers, and ends whenever it dies. As `daemon` does it.
//!
//! Source of truth: `daemon`'s wiring and staff.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use control::auto_deploy::AutoDeploy;
use control::checkpoint::Checkpoints;
use control::image_sweep::sweep_images;
use control::ports::Ports;
use control::roster::{Roster, Staff, first_routes};
use control::routes::Routes;
use control::service::{Keeper, ServiceDesk, Turn};
use control::spares::Spares;
use model::port::{Clock, Ring};
use model::testbed::{MemoryRemote, MemoryRevisionSecrets, MemoryVault, OpenAccess, ScriptedRoles};
use model::trouble::Trouble;

use super::scheduler::Group;
use super::world::World;

const DOMAIN: &str = "outrunner.localhost";
/// Lines are taken over more rarely than by `daemon`: most of a world's calls would be for them.
const PUMPED: Duration = Duration::from_secs(4);
/// Looks at the ledger that a keeper may take before time goes by, all its effects included.
const HURRY: u32 = 2_000;

impl World {
    fn ports(&self, generation: u64) -> Ports {
        let world = self.me();
        Ports {
            services: world.clone(),
            operations: world.clone(),
            revisions: world.clone(),
            events: world.clone(),
            repositories: self.images.clone(),
            repository_images: self.images.clone(),
            image_tags: self.images.clone(),
            manifests: self.images.clone(),
            pinned_images: world.clone(),
            pin_dates: Arc::default(),
            blobs: self.images.clone(),
            image_copies: self.images.clone(),
            remote: Arc::new(MemoryRemote::new(|_, _| panic!("no registry is asked here"))),
            copies: Arc::default(),
            pump_turns: Arc::default(),
            lines: world.clone(),
            certificates: Arc::new(MemoryVault::default()),
            access_roles: Arc::new(OpenAccess::default()),
            instance_roles: Arc::new(ScriptedRoles::default()),
            revision_secrets: Arc::new(MemoryRevisionSecrets::default()),
            engine: world.clone(),
            images: world.clone(),
            board: world.clone(),
            gauge: world.clone(),
            clock: world.clone(),
            dice: world.clone(),
            bell: world.clone(),
            routes: Arc::new(Routes::new(world.clone(), world.clone(), Vec::new(), generation)),
            spares: Arc::new(Spares::new(self.spares)),
            checkpoints: Arc::new(Checkpoints::default()),
            surroundings: Arc::default(),
        }
    }

    /// A platform begins on what is there.
    pub fn boot(&self) {
        let world = self.me();
        self.time.spawn(Group::Platform, async move {
            if let Err(trouble) = world.open().await {
                world.note("a boot fails", || trouble.chain());
                world.time.crash();
            }
        });
    }

    /// The last one is dead: the next one comes a little later.
    pub fn bury(&self) {
        self.note("the platform is dead", String::new);
        self.count("the platform died");
        self.is_open.store(false, Ordering::SeqCst);
        let death = {
            let customers = &mut *self.customers();
            customers.desks.clear();
            customers.kept.clear();
            customers.over.clear();
            customers.deaths += 1;
            customers.deaths
        };
        let (world, later) = (self.me(), if self.is_stormy() { self.chance.millis(0, 20_000) } else { Duration::ZERO });
        self.time.spawn(Group::World, async move {
            world.sleep(later).await;
            // Who dies while it boots is buried once more.
            let is_last = world.customers().deaths == death;
            if is_last {
                world.boot();
            }
        });
    }

    fn troubles(&self) -> u64 {
        self.record().troubles
    }

    async fn open(&self) -> Result<(), Trouble> {
        self.hang_bells();
        let in_force = self.adopt_door();
        let first = u64::try_from(Clock::now(self).millis()).expect("after 1970").max(in_force + 1);
        self.note("a platform boots", || format!("after generation {in_force}"));
        let ports = self.ports(first);
        let troubles = self.troubles();
        let routes = first_routes(&ports, DOMAIN).await?;
        if self.troubles() > troubles {
            self.excuse_table();
        }
        ports.routes.begin(routes).await?;
        // Two of them: whoever calls is answered by either.
        let desk = || Arc::new(ServiceDesk::new(ports.clone(), DOMAIN.to_owned(), 443));
        self.customers().desks = vec![desk(), desk()];
        self.is_open.store(true, Ordering::SeqCst);
        let mut watch = AutoDeploy::new(ports.clone());
        let sweeps = (self.me(), ports.clone());
        self.time.spawn(Group::Platform, async move {
            let (world, ports) = sweeps;
            loop {
                if let Err(trouble) = sweep_images(&ports).await {
                    world.note("a sweep fails", || trouble.chain());
                }
                world.sleep(Duration::from_secs(world.faults.sweep_seconds)).await;
            }
        });
        self.time.spawn(Group::Platform, async move {
            loop {
                watch.step().await;
            }
        });
        let world = self.me();
        self.time.spawn(Group::Platform, async move { world.keep_services(Roster::new(ports, DOMAIN.to_owned())).await });
        Ok(())
    }

    async fn keep_services(&self, mut roster: Roster) {
        loop {
            if let Ok(newcomers) = roster.newcomers().await {
                for staff in newcomers {
                    self.hire(staff);
                }
            }
            if let Err(trouble) = roster.end_orphans().await {
                self.note("orphans are not looked for", || trouble.chain());
            }
            roster.wait().await;
            for service in std::mem::take(&mut self.customers().over) {
                roster.dismiss(&service);
            }
        }
    }

    fn hire(&self, Staff { keeper, mut pump }: Staff) {
        let service = keeper.service().clone();
        let is_new = self.customers().kept.insert(service.clone());
        if !is_new {
            self.broken(|| format!("{service} has two keepers"));
        }
        let (keeping, pumping) = (self.me(), self.me());
        self.time.spawn(Group::Platform, async move {
            let service = keeper.service().clone();
            keeping.keep(keeper).await;
            {
                let customers = &mut *keeping.customers();
                customers.kept.remove(&service);
                customers.over.push(service);
            }
            keeping.ring_surely(&Ring::Newcomers);
        });
        self.time.spawn(Group::Platform, async move {
            while pump.step().await == Turn::Again {
                pumping.sleep(PUMPED).await;
            }
        });
    }

    async fn keep(&self, mut keeper: Keeper) {
        let (mut at, mut steps) = (self.time.now(), 0);
        while keeper.step().await == Turn::Again {
            let now = self.time.now();
            (at, steps) = if now == at { (at, steps + 1) } else { (now, 0) };
            if steps > HURRY {
                return self.broken(|| format!("the keeper of {} goes round in circles", keeper.service()));
            }
        }
    }
}
