//! The icon of the server that the owner has chosen, in its sizes.

use rusqlite::OptionalExtension;

use crate::error::Result;
use crate::store::Conn;

/// Stores an icon in place of the one before: the name of each size with its PNG.
pub fn replace(conn: &Conn, icons: &[(&str, Vec<u8>)]) -> Result<()> {
    remove_all(conn)?;
    let mut insert = conn.prepare_cached("INSERT INTO site_icons (name, png) VALUES (?1, ?2)")?;
    for (name, png) in icons {
        insert.execute((name, png))?;
    }
    Ok(())
}

/// Removes the icon.
pub fn remove_all(conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM site_icons", [])?;
    Ok(())
}

/// The PNG of a size.
pub fn get(conn: &Conn, name: &str) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT png FROM site_icons WHERE name = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([name], |r| r.get(0)).optional()?)
}
