//! Several Dassie servers that federate with each other, read as stories.

mod leaks;
mod moving;
mod privacy;
mod stories;
