//! `dassie serve`.

mod demo;
mod run;

use std::net::SocketAddr;

use super::context::{CommandContext, print_line};
use super::init::permanence::{self, Concern};
use crate::domain::account::login;
use crate::domain::urls::Site;
use crate::error::{Error, Result};
use crate::server::Server;
use crate::store::database::dir_lock::DirLock;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The domain of this server; permanent. Not needed after `init` or a first start.
    domain: Option<String>,
    /// The domain of the handle, if it differs from the server's domain; permanent.
    #[arg(long, value_name = "DOMAIN")]
    handle_domain: Option<String>,
    /// Where to listen for http [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Serve invented content on this machine only, from a temporary directory that is removed at the end.
    #[arg(long, conflicts_with_all = ["domain", "handle_domain"])]
    demo: bool,
}

impl Args {
    /// Returns `true` for the demo.
    pub(super) fn is_demo(&self) -> bool {
        self.demo
    }
}

pub(super) fn run(ctx: &CommandContext, args: Args) -> Result<()> {
    let mut config = ctx.config.clone();
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    if args.demo {
        return demo::run(config);
    }
    crate::server::data_dir::has_database(&ctx.data)?;
    let _lock = DirLock::take(&ctx.data)?;
    let site = site(ctx, args.domain.as_deref(), args.handle_domain.as_deref(), &config.listen)?;
    let data = ctx.data.clone();
    run::serve(config, move |config, _| Server::open(&data, config, site), greet)
}

/// The domain that is named, or that the data directory belongs to, or else this machine.
fn site(ctx: &CommandContext, domain: Option<&str>, handle_domain: Option<&str>, listen: &str) -> Result<Site> {
    match domain {
        Some(domain) => {
            let site = Site::new(domain, handle_domain)?;
            if let Some(concern) = permanence::of(&site).filter(|c| *c != Concern::ThisMachine)
                && ctx.bound_site()?.is_none()
            {
                return Err(Error::invalid(format!(
                    "{}; the domain is permanent. Use a real domain, or set it with `dassie init --force`",
                    concern.describe(domain)
                )));
            }
            Ok(site)
        }
        None => match ctx.bound_site()? {
            Some(site) => Ok(site),
            None => {
                let port = listen.rsplit(':').next().unwrap_or("8080");
                Site::new(&format!("localhost:{port}"), handle_domain)
            }
        },
    }
}

fn greet(server: &Server, address: SocketAddr) -> Result<()> {
    let domain = &server.app().domain;
    print_line(&format!("Dassie {} serves {} on {address}", env!("CARGO_PKG_VERSION"), domain.site.base(),));
    if domain.is_deleted() {
        print_line("The account was deleted. This server delivers the deletion and answers requests with 410.");
    }
    if domain.awaits_setup() {
        let token = login::new_setup_token(domain)?;
        print_line("This server has not been set up yet. Open this link to set it up; it works once:");
        print_line(&format!("  {}", domain.site.url(&format!("/setup?token={token}"))));
    }
    Ok(())
}
