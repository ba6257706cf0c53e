//! The store as its rooms use it: real files, real crashes, real races.

mod backup;
mod check;
mod collection;
mod damage;
mod full_disk;
mod images;
mod kill;
mod logs;
mod logs_swept;
mod opening;
mod revision_secrets;
mod rig;
mod sealed;
mod searches;
mod services;
mod sweep;
mod uploads;
