//! The database file: connections, the writer, migrations, and types of columns.

pub mod column_types;
pub mod connection;
pub mod dir_lock;
pub mod events;
pub mod migrations;
pub mod pagination;
pub(crate) mod search_queue;
pub mod settings;
#[cfg(debug_assertions)]
pub mod statements;
pub mod viewer_sql;
pub mod writer;
