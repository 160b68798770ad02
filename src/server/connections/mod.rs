//! Connections: accepting, limits, and the socket.

mod accept;
pub(super) mod limit;
pub(super) mod stream;
