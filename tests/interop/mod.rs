//! Real documents of fifty systems, read and delivered. They are not ours and lie beside the project; without them these
//! tests say so and pass. The same shapes in our own words are in `tests/fixtures/wire`.

mod delivery;
mod index;
mod reading;
mod wire;
