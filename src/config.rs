//! The configuration: every key, its default and its meaning. `config.example.toml` documents them all.

mod byte_size;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::address::Cidr;

pub use byte_size::ByteSize;

/// The name of the configuration file in the data directory.
pub const FILE: &str = "config.toml";

/// All keys. Each can also come from the environment: `DASSIE_LISTEN`, `DASSIE_FEDERATION_CA_FILE`, …
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the server listens for http.
    pub listen: String,
    /// Reverse proxies whose `X-Forwarded-For` is trusted, as addresses or CIDR blocks.
    pub trusted_proxies: Vec<String>,
    /// A directory whose files replace the built-in templates and static files of the same name.
    pub override_dir: Option<PathBuf>,
    /// Worker threads of the server.
    pub threads: usize,
    /// The instance's title in apps and on pages; the domain if empty.
    pub title: String,
    /// A sentence about this server, for apps and `/about`.
    pub description: String,
    /// A contact address that apps may show; may be empty.
    pub contact_email: String,
    /// Below this much free space on the disk of the data directory, in MiB, activities of other servers are refused.
    pub min_free_disk_mb: u64,
    /// Trends, suggestions and a directory of accounts are shown, from what this server has seen.
    pub explore: bool,
    /// Crawlers that collect texts and pictures to train language and picture models are asked to stay away.
    pub refuse_ai_crawlers: bool,
    /// Linked pages are fetched for previews; the owner can switch it off too.
    pub link_previews: bool,
    /// The space for files of other servers.
    pub storage: Storage,
    /// The service that translates posts.
    pub translation: Translation,
    /// Settings for the exchange with other servers.
    pub federation: Federation,
    /// This is the demo, which connects to no other server. Not a key: only `dassie serve --demo` sets it.
    #[serde(skip)]
    pub demo: Option<DemoOwner>,
}

/// The owner of the demo, who signs in with one click.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DemoOwner {
    /// The user name.
    pub username: &'static str,
    /// The password.
    pub password: &'static str,
    /// For how many days they have had the account: before that, no id is given out.
    pub days: u64,
}

/// The space for files of other servers.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// The largest size of all of them together.
    pub budget: ByteSize,
}

impl Default for Storage {
    fn default() -> Self {
        Self { budget: ByteSize(limits::STORAGE_BUDGET) }
    }
}

/// The service that translates posts; LibreTranslate if both are set.
#[derive(Debug, Clone, Default, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Translation {
    /// The address of a LibreTranslate server.
    pub libretranslate_url: String,
    /// The key for it, if it requires one.
    pub libretranslate_key: String,
    /// The key of a DeepL account.
    pub deepl_key: String,
}

/// Settings for the exchange with other servers.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Federation {
    /// Private address blocks that connections are allowed to, for federation inside a VPN.
    pub allow_addresses: Vec<String>,
    /// A PEM file of certificate authorities to trust in addition to the public ones.
    pub ca_file: Option<PathBuf>,
    /// Other servers must sign their requests (secure mode).
    pub require_signed_fetch: bool,
    /// Only allowed servers are federated with (allow-list mode).
    pub allow_list: bool,
    /// Everyone can read which servers are known (`instance/peers`).
    pub publish_peers: bool,
    /// Everyone can read which servers are silenced and suspended (`instance/domain_blocks`).
    pub publish_blocks: bool,
}

impl Default for Federation {
    fn default() -> Self {
        Self {
            allow_addresses: Vec::new(),
            ca_file: None,
            require_signed_fetch: false,
            allow_list: false,
            publish_peers: true,
            publish_blocks: false,
        }
    }
}

impl Federation {
    /// Returns `true` if documents are served to signed requests only, each response to its requester alone: in secure mode
    /// and in allow-list mode.
    pub fn requires_signatures(&self) -> bool {
        self.require_signed_fetch || self.allow_list
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".into(),
            trusted_proxies: vec!["127.0.0.1".into(), "::1".into()],
            override_dir: None,
            threads: 2,
            title: String::new(),
            description: String::new(),
            contact_email: String::new(),
            min_free_disk_mb: limits::FREE_DISK_MB,
            explore: false,
            refuse_ai_crawlers: true,
            link_previews: true,
            storage: Storage::default(),
            translation: Translation::default(),
            federation: Federation::default(),
            demo: None,
        }
    }
}

/// Keys that hold other keys.
const SECTIONS: [&str; 3] = ["storage", "translation", "federation"];

const KEYS: &[&str] = &[
    "listen",
    "trusted_proxies",
    "override_dir",
    "threads",
    "title",
    "description",
    "contact_email",
    "min_free_disk_mb",
    "explore",
    "refuse_ai_crawlers",
    "link_previews",
    "storage",
    "storage.budget",
    "translation",
    "translation.libretranslate_url",
    "translation.libretranslate_key",
    "translation.deepl_key",
    "federation",
    "federation.allow_addresses",
    "federation.ca_file",
    "federation.require_signed_fetch",
    "federation.allow_list",
    "federation.publish_peers",
    "federation.publish_blocks",
];

impl Config {
    /// Reads the file, if it exists, and then the environment.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the key that is unknown or has an invalid value, with the nearest known key.
    pub fn load(file: Option<&Path>, data: &Path, env: impl Iterator<Item = (String, String)>) -> Result<Self> {
        let default = data.join(FILE);
        let path = match file {
            Some(path) => Some(path),
            None if default.try_exists().map_err(|e| Error::file(&default, &e))? => Some(default.as_path()),
            None => None,
        };
        let mut table = match path {
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|e| Error::file(path, &e))?;
                Self::table(&text).map_err(|e| Error::invalid(format!("{}: {e}", path.display())))?
            }
            None => toml::Table::new(),
        };
        apply_environment(&mut table, env)?;
        Self::from_table(table)
    }

    fn table(text: &str) -> Result<toml::Table, String> {
        text.parse::<toml::Table>().map_err(|e| e.to_string())
    }

    /// Reads a configuration text.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str) -> Result<Self> {
        Self::from_table(Self::table(text).map_err(Error::invalid)?)
    }

    fn from_table(table: toml::Table) -> Result<Self> {
        check_keys(&table, "")?;
        let config: Self =
            toml::Value::Table(table).try_into().map_err(|e| Error::invalid(format!("configuration: {e}")))?;
        for block in config.trusted_proxies.iter().chain(&config.federation.allow_addresses) {
            block.parse::<Cidr>().map_err(|e| Error::invalid(format!("configuration: {e}")))?;
        }
        if config.threads == 0 || config.threads > 64 {
            return Err(Error::invalid("configuration: `threads` must be 1 to 64"));
        }
        if config.storage.budget.0 < limits::STORAGE_BUDGET_MIN {
            let least = ByteSize(limits::STORAGE_BUDGET_MIN);
            return Err(Error::invalid(format!("configuration: `storage.budget` must be at least {least}")));
        }
        Ok(config)
    }
}

fn check_keys(table: &toml::Table, prefix: &str) -> Result<()> {
    for (key, value) in table {
        let whole = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        if !KEYS.contains(&whole.as_str()) {
            let nearest = KEYS.iter().min_by_key(|k| strsim::levenshtein(k, &whole)).copied().unwrap_or_default();
            return Err(Error::invalid(format!("configuration: unknown key `{whole}`; did you mean `{nearest}`?")));
        }
        if let toml::Value::Table(inner) = value {
            check_keys(inner, &whole)?;
        }
    }
    Ok(())
}

/// Variables that the command line itself reads.
const COMMAND_LINE: [&str; 2] = ["DATA", "CONFIG"];

/// The key of a variable such as `DASSIE_LISTEN`, or `None` for variables of the command line.
fn key_of_variable(name: &str) -> Result<Option<&'static str>> {
    let is_key = |k: &&&str| k.replace('.', "_").eq_ignore_ascii_case(name) && !SECTIONS.contains(k);
    if let Some(key) = KEYS.iter().find(is_key) {
        return Ok(Some(key));
    }
    // Kubernetes sets DASSIE_SERVICE_HOST, DASSIE_PORT and more in every container of a namespace with a service dassie.
    let is_of_kubernetes = name == "PORT" || name.starts_with("PORT_") || name.starts_with("SERVICE_");
    if COMMAND_LINE.contains(&name) || is_of_kubernetes {
        return Ok(None);
    }
    let names = KEYS.iter().filter(|k| !SECTIONS.contains(k)).map(|k| k.replace('.', "_").to_uppercase());
    let nearest =
        names.chain(COMMAND_LINE.map(str::to_owned)).min_by_key(|k| (!k.contains(name), strsim::levenshtein(k, name)));
    Err(Error::invalid(format!(
        "unknown environment variable DASSIE_{name}; did you mean DASSIE_{}?",
        nearest.unwrap_or_default()
    )))
}

fn apply_environment(table: &mut toml::Table, env: impl Iterator<Item = (String, String)>) -> Result<()> {
    for (name, value) in env {
        let Some(name) = name.strip_prefix("DASSIE_") else { continue };
        let Some(key) = key_of_variable(name)? else { continue };
        let value = match key {
            "threads" | "min_free_disk_mb" => toml::Value::Integer(
                value.parse().map_err(|_| Error::invalid(format!("DASSIE_{name} must be a number, not `{value}`")))?,
            ),
            "explore"
            | "refuse_ai_crawlers"
            | "link_previews"
            | "federation.require_signed_fetch"
            | "federation.allow_list" => toml::Value::Boolean(
                value
                    .parse()
                    .map_err(|_| Error::invalid(format!("DASSIE_{name} must be true or false, not `{value}`")))?,
            ),
            "trusted_proxies" | "federation.allow_addresses" => {
                toml::Value::Array(value.split(',').map(|v| toml::Value::String(v.trim().to_owned())).collect())
            }
            _ => toml::Value::String(value),
        };
        match key.split_once('.') {
            Some((section, key)) => {
                let section = table.entry(section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
                if let toml::Value::Table(section) = section {
                    section.insert(key.to_owned(), value);
                }
            }
            None => {
                table.insert(key.to_owned(), value);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_file_documents_every_key_with_its_default() {
        let example = include_str!("../config.example.toml");
        let uncommented: String =
            example.lines().map(|l| l.strip_prefix("#= ").map_or_else(|| l.to_owned(), str::to_owned) + "\n").collect();
        assert_eq!(Config::parse(example).unwrap(), Config::default());
        for key in KEYS.iter().filter(|k| !SECTIONS.contains(k)) {
            let last = key.rsplit('.').next().unwrap();
            assert!(uncommented.lines().any(|l| l.starts_with(&format!("{last} = "))), "{key} is not documented");
        }
        Config::parse(&uncommented).unwrap();
    }

    #[test]
    fn a_wrong_budget_is_refused_with_an_example() {
        for (text, named) in [("\"much\"", "2GB"), ("\"1KB\"", "at least 1.0 MB"), ("true", "2GB")] {
            let message = Config::parse(&format!("[storage]\nbudget = {text}")).unwrap_err().to_string();
            assert!(message.contains("budget") && message.contains(named), "{message}");
        }
        let env = std::iter::once(("DASSIE_STORAGE_BUDGET".to_owned(), "100MB".to_owned()));
        let config = Config::load(None, Path::new("/nonexistent"), env).unwrap();
        assert_eq!(config.storage.budget, ByteSize(100_000_000));
    }

    #[test]
    fn a_misspelt_key_names_the_nearest() {
        let message = Config::parse("lisen = \"x\"").unwrap_err().to_string();
        assert!(message.contains("`lisen`") && message.contains("`listen`"), "{message}");
        let message = Config::parse("[federation]\nca_fil = \"x\"").unwrap_err().to_string();
        assert!(message.contains("federation.ca_file"), "{message}");
    }

    #[test]
    fn a_misspelt_variable_names_the_nearest() {
        for (name, nearest) in [
            ("DASSIE_LISTN", "DASSIE_LISTEN"),
            ("DASSIE_DAT", "DASSIE_DATA"),
            ("DASSIE_CA_FILE", "DASSIE_FEDERATION_CA_FILE"),
            ("DASSIE_FEDERATION_CAFILE", "DASSIE_FEDERATION_CA_FILE"),
            ("DASSIE_FEDERATION", "DASSIE_FEDERATION_"),
        ] {
            let env = std::iter::once((name.to_owned(), "x".to_owned()));
            let message = Config::load(None, Path::new("/nonexistent"), env).unwrap_err().to_string();
            assert!(message.contains(name) && message.contains(nearest), "{message}");
        }
        for name in ["DASSIE_DATA", "DASSIE_CONFIG", "DASSI_LISTEN"] {
            let env = std::iter::once((name.to_owned(), "x".to_owned()));
            assert!(Config::load(None, Path::new("/nonexistent"), env).is_ok(), "{name}");
        }
    }

    #[test]
    fn the_environment_wins() {
        let env = [
            ("DASSIE_LISTEN", "[::]:80"),
            ("DASSIE_EXPLORE", "true"),
            ("DASSIE_FEDERATION_ALLOW_ADDRESSES", "10.0.0.0/8, fd00::/8"),
            ("HOME", "/"),
        ];
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let config = Config::load(None, Path::new("/nonexistent"), env).unwrap();
        assert!(config.listen == "[::]:80" && config.explore);
        assert_eq!(config.federation.allow_addresses, ["10.0.0.0/8", "fd00::/8"]);
    }
}
