//! Real documents of fifty systems are read, and delivered in the situation that they were recorded in. They are not
//! part of the project; without them these tests report that and pass. The same shapes in our own words are in
//! `tests/fixtures/wire.json`.
//!
//! `index` finds the documents, `wrap` turns them into activities, `stage` replaces their servers with test servers,
//! `scene` sets up the required state, `rows` summarizes the effect, and `delivery` compares it with the table.

mod counts;
mod delivery;
mod fetched;
mod html;
mod index;
mod reading;
mod rows;
mod scene;
mod stage;
mod wire;
mod wrap;
