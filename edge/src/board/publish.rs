//! The platform's half of the board: remembers the newest tables and waits until the front door carries by them.
//! Never talks to the socket: the keeper does, and sends both tables again to every front door that comes after.
//! Generations begin at 1: a front door that was told nothing is at 0.
//! Source of truth: `model::port::Board`.

use model::certificate::CertificateTable;
use model::port::{Answer, Board};
use model::route_table::RouteTable;
use model::trouble::Trouble;

use crate::document::{Table, encode};
use crate::front_door::FrontDoor;
use crate::link::{Link, Outbox, Sheet};

impl Board for FrontDoor {
    fn publish<'a>(&'a self, table: &'a RouteTable) -> Answer<'a, ()> {
        Box::pin(async move {
            put(&self.link, table.generation, || encode(table), |outbox| &mut outbox.routes);
            in_force(&self.link, Table::Routes, table.generation).await
        })
    }

    fn publish_certificates<'a>(&'a self, table: &'a CertificateTable) -> Answer<'a, ()> {
        Box::pin(async move {
            put(&self.link, table.generation, || encode(table), |outbox| &mut outbox.certificates);
            in_force(&self.link, Table::Certificates, table.generation).await
        })
    }
}

fn put(link: &Link, generation: u64, encode: impl FnOnce() -> Vec<u8>, slot: impl Fn(&mut Outbox) -> &mut Option<Sheet>) {
    let is_new = |sheet: &Option<Sheet>| sheet.as_ref().is_none_or(|sheet| sheet.generation < generation);
    if !is_new(slot(&mut link.outbox())) {
        return;
    }
    // Outside the lock: a large table takes a while.
    let bytes = encode().into();
    let mut outbox = link.outbox();
    let sheet = slot(&mut outbox);
    if is_new(sheet) {
        *sheet = Some(Sheet { generation, bytes });
        drop(outbox);
        link.changed.notify_one();
    }
}

async fn in_force(link: &Link, table: Table, generation: u64) -> Result<(), Trouble> {
    let doing = || format!("publishing generation {generation} of the front door's {table:?}");
    let mut standing = link.standing.subscribe();
    let decided = |standing: &crate::link::Standing| {
        let answered = standing.of(table);
        let refused = answered.refused.as_ref().is_some_and(|(refused, _)| *refused >= generation);
        standing.ended || answered.generation >= generation || refused
    };
    let standing = standing.wait_for(decided).await.expect("the sender lives in the link that we borrow");
    let answered = standing.of(table);
    if answered.generation >= generation {
        return Ok(());
    }
    match &answered.refused {
        Some((refused, words)) if *refused >= generation => Err(Trouble::lasting(doing(), words.clone())),
        Some(_) | None => Err(Trouble::passing(doing(), "the front door was let go")),
    }
}
