//! Several Dassie servers that federate with each other, read as stories.

mod privacy;
mod stories;
