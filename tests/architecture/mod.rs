//! The architecture of `docs/architecture.md`, checked against the code: layers, choke points, sizes, and no cycles
//! between files.

mod imports;
mod layers;
mod sources;
