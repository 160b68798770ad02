//! The database file: connections, the writer, migrations, and types of columns.

pub mod column_types;
pub mod connection;
pub mod migrations;
pub mod pagination;
pub mod settings;
