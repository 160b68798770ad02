//! Real documents of other systems, when they lie beside the project.

use std::path::{Path, PathBuf};

/// Their folder; tests that need it say so and pass where it is not there.
pub(crate) fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../shared/interop", "../../shared/interop"].map(|p| root.join(p)).into_iter().find(|p| p.is_dir());
    if found.is_none() {
        println!("the folder of real documents is not here");
    }
    found
}
