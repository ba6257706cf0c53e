//! `outrunner serve`

use super::{footprint, stop};
use crate::alteration::Manner;
use crate::clock::SystemDice;
use crate::config::ServeArgs;
use crate::ephemeral::EphemeralDir;
use crate::failure::{Failure, while_doing};
use crate::host::Place;
use crate::limit::BLOCKING_END;
use crate::memory::give_back_soon;
use crate::sight::{self, Tracing};

pub fn run(args: ServeArgs) -> Result<(), Failure> {
    give_back_soon();
    let mut settings = args.settle()?;
    let tracing = if settings.otlp.is_some() { Tracing::On } else { Tracing::Off };
    let seeing = sight::open(settings.log_format, tracing);
    // Outlives the runtime, and with it everything that uses the folder.
    let ephemeral = if settings.ephemeral { Some(EphemeralDir::make(&SystemDice)?) } else { None };
    if let Some(made) = &ephemeral {
        settings.data_dir = made.path().to_owned();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(while_doing("making a runtime"))?;
    let kept = std::sync::Arc::clone(&seeing.0.kept);
    let outcome = runtime.block_on(crate::serve::serve(settings, seeing));
    // Whatever still reads or writes on a thread of its own, as a layer that is being unpacked, may take very long.
    runtime.shutdown_timeout(BLOCKING_END);
    kept.flush();
    if let Some(place) = ephemeral.as_ref().and_then(|made| Place::find(made.path()).ok()) {
        clear(&place, outcome.is_err()).unwrap_or_else(|failure| eprintln!("outrunner: {failure}"));
    }
    outcome
}

/// What a platform has left outside its data dir, which goes now.
fn clear(place: &Place, has_failed: bool) -> Result<(), Failure> {
    // An orderly end has ended everything.
    if has_failed && place.run_dir().exists() {
        stop::end_everything(place)?;
    }
    footprint::take_back(place, Manner::Do)?.iter().for_each(|line| eprintln!("{line}"));
    Ok(())
}
