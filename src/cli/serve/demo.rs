//! `dassie serve --demo`.

use std::net::{SocketAddr, ToSocketAddrs};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use super::run::serve;
use crate::cli::context::print_line;
use crate::config::Config;
use crate::demo;
use crate::domain::urls::Site;
use crate::error::{Error, Result};
use crate::protocol::secret;
use crate::server::Server;

/// A private directory that is removed when it is dropped.
struct TemporaryDir(PathBuf);

impl TemporaryDir {
    fn new() -> Result<Self> {
        let name: String = secret::generate()?.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let path = std::env::temp_dir().join(format!("dassie-demo-{name}"));
        std::fs::DirBuilder::new().mode(0o700).create(&path).map_err(|e| Error::file(&path, &e))?;
        Ok(Self(path))
    }
}

impl Drop for TemporaryDir {
    fn drop(&mut self) {
        if let Err(e) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), error = %e, "the directory of the demo could not be removed");
        }
    }
}

/// Serves the demo. Everybody who reaches it is its owner, so only this machine may.
pub(super) fn run(config: Config) -> Result<()> {
    check_loopback(&config.listen)?;
    let dir = TemporaryDir::new()?;
    print_line("Preparing the demo…");
    let config = demo::prepare(&dir.0, config)?;
    let data = dir.0.join("data");
    let open = move |config, address: SocketAddr| {
        let server = Server::open(&data, config, Site::new(&format!("localhost:{}", address.port()), None)?)?;
        demo::fill(server.workers())?;
        Ok(server)
    };
    serve(config, open, |server, _| {
        let site = &server.app().domain.site;
        print_line("The demo is ready. Everything in it is invented, and it is gone when you stop it (Ctrl-C).");
        print_line(&format!("  Sign in with one click:  {}", site.url("/login")));
        print_line(&format!("  What visitors see:       {}", site.profile(demo::OWNER.username)));
        print_line(&format!("  For apps: user name {}, password {}", demo::OWNER.username, demo::OWNER.password));
        Ok(())
    })
}

fn check_loopback(listen: &str) -> Result<()> {
    let addresses = listen.to_socket_addrs().map_err(|e| Error::invalid(format!("cannot listen on {listen}: {e}")))?;
    let addresses: Vec<SocketAddr> = addresses.collect();
    if addresses.is_empty() || !addresses.iter().all(|address| address.ip().is_loopback()) {
        return Err(Error::invalid(format!(
            "the demo has a known password and runs on this machine only: {listen} can be reached by others; \
             use 127.0.0.1 with a port"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_are_accepted() {
        for listen in ["127.0.0.1:8080", "[::1]:8080", "127.1.2.3:1"] {
            assert!(check_loopback(listen).is_ok(), "{listen}");
        }
        for listen in ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:80", "not an address"] {
            assert!(check_loopback(listen).is_err(), "{listen}");
        }
    }
}
