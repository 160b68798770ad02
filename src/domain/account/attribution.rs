//! Author attribution: a page names an account as its author, and the account names the domain of the page.

use crate::error::refusal::AccountRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::store::actors::Actor;

/// The domains of a form, cleaned. Each covers its subdomains.
///
/// # Errors
/// [`Error::Invalid`] if one is not a domain name, or if there are too many.
pub(super) fn domains(written: &[String]) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for text in written.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        let domain = domain(text).ok_or_else(|| {
            let text: String = text.chars().take(64).collect();
            Error::invalid(AccountRefusal::NotADomain(text))
        })?;
        if !found.contains(&domain) {
            found.push(domain);
        }
    }
    match found.len() > limits::ATTRIBUTION_DOMAINS {
        true => Err(Error::invalid(AccountRefusal::TooManyDomains(limits::ATTRIBUTION_DOMAINS))),
        false => Ok(found),
    }
}

/// A domain name in ASCII, without the scheme, `*.` and path that people write.
fn domain(text: &str) -> Option<String> {
    let bare = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let bare = bare.strip_prefix("*.").unwrap_or(bare).trim_end_matches('/');
    let ascii = idna::domain_to_ascii_strict(bare).ok()?;
    (ascii.len() <= limits::DOMAIN_CHARS && ascii.contains('.')).then_some(ascii)
}

/// Returns `true` if an account permits that pages on this host name it as their author: it lists the host or a parent domain.
pub fn permits(account: &Actor, host: &str) -> bool {
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    account.attribution_domains.iter().any(|domain| {
        host.strip_suffix(domain.as_str()).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_cleaned() {
        let list = |texts: &[&str]| domains(&texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            list(&[" Example.ORG ", "", "https://blog.example/", "*.example.net", "bücher.example", "example.org"])
                .unwrap(),
            ["example.org", "blog.example", "example.net", "xn--bcher-kva.example"]
        );
        for bad in ["localhost", "a b.example", "https://blog.example/path", "a@b.example", &"a.".repeat(200)] {
            assert!(list(&[bad]).is_err(), "{bad}");
        }
    }
}
