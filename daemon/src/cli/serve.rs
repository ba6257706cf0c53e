//! `outrunner serve`

use crate::config::ServeArgs;
use crate::failure::{Failure, while_doing};

pub fn run(args: ServeArgs) -> Result<(), Failure> {
    let settings = args.settle()?;
    super::log_to_stderr();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(while_doing("making a runtime"))?;
    runtime.block_on(crate::serve::serve(settings))
}
