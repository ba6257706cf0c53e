//! The allocator of all processes of this program (the shim is another one), and how soon it gives back what was freed.
//! Never allocates for anybody in particular. Source of truth: mimalloc 3, `mimalloc.h` for the options' places and
//! `options.c` for their defaults.
#![allow(unsafe_code)]

use libmimalloc_sys::{mi_option_set_default, mi_option_t};
use mimalloc::MiMalloc;

/// Chosen for the front door: a request there is some thirty small pieces of memory that live for a millisecond.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

/// `mi_option_purge_delay`, which the bindings do not name; the test finds another place.
const PURGE_DELAY: mi_option_t = 15;
/// Where pieces of megabytes come and go, as in the platform, a second of waiting (the allocator's own choice) is as much memory as a second's work:
/// ten floods of lines held 150 to 280 MiB for it.
const GIVE_BACK_MS: std::ffi::c_long = 10;

/// Gives freed memory back after `GIVE_BACK_MS`, not after a second: for the platform. The front door keeps the allocator's choice: what it frees it
/// needs again at once. `MIMALLOC_PURGE_DELAY` in the environment goes before. To be called
/// before there is another thread.
pub fn give_back_soon() {
    // SAFETY: it writes one number of a table that has this place; nobody else does, and threads that come later read it.
    unsafe { mi_option_set_default(PURGE_DELAY, GIVE_BACK_MS) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_is_the_delay_of_a_second_that_we_think_it_is() {
        // SAFETY: it reads one number of a table that has this place.
        let delay = unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        // That the platform gives memory back is seen by what a flood of lines takes (`tests/overload`).
        assert_eq!(delay, 1_000, "another version has another list, or another choice: read its options.c");
    }
}
