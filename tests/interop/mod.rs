//! Real documents of fifty systems, read, and played in the situation that they speak of. They are not ours and lie
//! beside the project; without them these tests say so and pass. The same shapes in our own words are in
//! `tests/fixtures/wire.json`.
//!
//! `index` finds the documents, `wrap` makes activities of them, `stage` puts servers of ours in the place of theirs,
//! `scene` lets be what has to be before, `rows` says what came of it, and `delivery` holds it against the table.

mod asked;
mod counts;
mod delivery;
mod html;
mod index;
mod reading;
mod rows;
mod scene;
mod stage;
mod wire;
mod wrap;
