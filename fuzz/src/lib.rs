//! What the fuzz targets share; the engine's own tests include the same files, with a fixed number of seeds.
//! Never part of the platform.

pub mod archive;
pub mod check;
pub mod name;
