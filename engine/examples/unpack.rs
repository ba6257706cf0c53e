//! `unpack LAYOUT DIGEST FOLDER`: unpacks an image of an OCI layout as the platform does, and prints the milliseconds.
//! Never part of the platform: a bench runs it beside other programs that unpack.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use engine::local::workbench::prepare;
use model::account::{AccountId, Region, Scope};
use model::chunks::{Body, Chunks};
use model::digest::Digest;
use model::image_reference::RepositoryName;
use model::port::{Answer, PinnedImages};
use model::revision::ImagePin;
use model::time::Timestamp;
use model::trouble::Trouble;

/// The folder `blobs/sha256` of a layout: only reading is needed.
struct Layout(PathBuf);

struct Pieces(File);

impl Chunks for Pieces {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        Box::pin(async move {
            let mut piece = vec![0; 256 << 10];
            let count = self.0.read(&mut piece).map_err(|error| Trouble::lasting("reading a blob".to_owned(), error))?;
            piece.truncate(count);
            Ok((count > 0).then(|| piece.into()))
        })
    }
}

impl PinnedImages for Layout {
    fn read<'a>(&'a self, _: &'a ImagePin, digest: &'a Digest) -> Answer<'a, Option<Body>> {
        let file = File::open(self.0.join(digest.hex())).ok();
        Box::pin(async move { Ok(file.map(|file| Box::new(Pieces(file)) as Body)) })
    }

    fn pin<'a>(&'a self, _: &'a ImagePin, _: Timestamp) -> Answer<'a, bool> {
        unreachable!("nobody writes into a layout")
    }

    fn keep<'a>(&'a self, _: &'a [ImagePin], _: Timestamp) -> Answer<'a, ()> {
        unreachable!("nobody writes into a layout")
    }
}

#[allow(clippy::disallowed_methods)] // a program of its own: its words are its settings
fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [layout, digest, folder] = words.as_slice() else { panic!("usage: unpack LAYOUT DIGEST FOLDER") };
    let scope = Scope {
        account: AccountId::parse("000000000000").expect("twelve digits"),
        region: Region::parse("us-east-1").expect("a region"),
    };
    let repository = RepositoryName::parse("bench").expect("a name");
    let pin = ImagePin { scope, repository, digest: Digest::parse(digest).expect("a digest") };
    let layers = PathBuf::from(folder);
    std::fs::create_dir_all(&layers).expect("the folder can be made");
    let blobs = Arc::new(Layout(PathBuf::from(layout).join("blobs/sha256")));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().worker_threads(2).build().expect("a runtime");
    let began = Instant::now();
    runtime.block_on(prepare(blobs, &pin, layers)).expect("the image can be unpacked");
    println!("{}", began.elapsed().as_secs_f64() * 1000.0);
}
