//! The scheme of draft-cavage-http-signatures-12.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::digest;
use super::keys::SigningKey;
use super::presented::{Claim, Presented, check_clock};
use super::refusal::Refusal;
use super::request::{RequestParts, RequestToSign, SignatureScheme};
use crate::limits;
use crate::protocol::time::Timestamp;

/// The parameters of a `Signature` header.
#[derive(Default)]
struct Params {
    key_id: Option<String>,
    algorithm: Option<String>,
    headers: Option<String>,
    signature: Option<String>,
    created: Option<String>,
    expires: Option<String>,
}

impl Params {
    fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "keyId" => &mut self.key_id,
            "algorithm" => &mut self.algorithm,
            "headers" => &mut self.headers,
            "signature" => &mut self.signature,
            "created" => &mut self.created,
            "expires" => &mut self.expires,
            _ => return None,
        })
    }
}

/// Parses `name="value",name=123`, with or without spaces. Repeated parameters are refused, because two readers could choose
/// different ones.
fn read_params(header: &str) -> Result<Params, Refusal> {
    let mut params = Params::default();
    let mut rest = header.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or(Refusal::Malformed("a parameter has no value"))?;
        let (value, after) = read_value(after)?;
        let name = name.trim();
        if let Some(slot) = params.slot(name)
            && slot.replace(value).is_some()
        {
            return Err(Refusal::Repeated(name.to_owned()));
        }
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None if after.is_empty() => "",
            None => return Err(Refusal::Malformed("parameters must be separated by commas")),
        };
    }
    Ok(params)
}

/// A quoted string (with backslash escapes) or a bare word.
fn read_value(text: &str) -> Result<(String, &str), Refusal> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(',').unwrap_or(text.len());
        return Ok((text[..end].trim().to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((value, &quoted[at + 1..])),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    Err(Refusal::Malformed("a quote is not closed"))
}

pub(super) fn parse(request: &RequestParts<'_>, now: Timestamp) -> Result<Presented, Refusal> {
    let header = request.single("signature")?.ok_or(Refusal::Missing)?;
    if header.len() > limits::SIGNATURE_HEADER {
        return Err(Refusal::Malformed("the header is too long"));
    }
    let params = read_params(header)?;
    let key_id = params.key_id.clone().ok_or(Refusal::Malformed("keyId is missing"))?;
    let signature = params.signature.as_deref().ok_or(Refusal::Malformed("signature is missing"))?;
    let signature = STANDARD.decode(signature).map_err(|_| Refusal::Malformed("signature is not base64"))?;
    let claimed = claim(params.algorithm.as_deref())?;
    let covered = covered(&params, claimed);
    check_coverage(request, &covered)?;
    check_time(request, &params, &covered, now)?;
    check_content(request, &covered)?;
    let mut bases = vec![base(request, &params, &covered, request.target)?];
    if request.target != request.path() {
        // Mitra and tootik leave the query out.
        bases.push(base(request, &params, &covered, request.path())?);
    }
    Ok(Presented { key_id, form: SignatureScheme::Cavage, claimed, signature, bases })
}

fn claim(algorithm: Option<&str>) -> Result<Claim, Refusal> {
    match algorithm.map(str::to_ascii_lowercase).as_deref() {
        None | Some("hs2019") => Ok(Claim::ByKey),
        Some("rsa-sha256") => Ok(Claim::RsaSha256),
        Some("rsa-sha512") => Ok(Claim::RsaSha512),
        Some("ed25519" | "ed25519-sha512") => Ok(Claim::Ed25519),
        Some(_) => Err(Refusal::Algorithm),
    }
}

/// Returns the covered components in order; without `headers`, the default of the draft.
fn covered(params: &Params, claimed: Claim) -> Vec<String> {
    match &params.headers {
        Some(list) => list.split_whitespace().map(str::to_ascii_lowercase).collect(),
        None if claimed == Claim::ByKey => vec!["(created)".into()],
        None => vec!["date".into()],
    }
}

fn check_coverage(request: &RequestParts<'_>, covered: &[String]) -> Result<(), Refusal> {
    let has = |name: &str| covered.iter().any(|c| c == name);
    for name in ["(request-target)", "host"] {
        if !has(name) {
            return Err(Refusal::MissingComponent(if name == "host" { "host" } else { "(request-target)" }));
        }
    }
    if !has("date") && !has("(created)") {
        return Err(Refusal::MissingComponent("date"));
    }
    if request.body.is_some() && !has("digest") {
        return Err(Refusal::MissingComponent("digest"));
    }
    if covered.iter().enumerate().any(|(i, c)| covered[..i].contains(c)) {
        return Err(Refusal::Repeated("headers".into()));
    }
    Ok(())
}

fn check_time(request: &RequestParts<'_>, params: &Params, covered: &[String], now: Timestamp) -> Result<(), Refusal> {
    let seconds = |text: &Option<String>| {
        text.as_deref().and_then(|t| t.parse::<i64>().ok()).map(|s| Timestamp::from_millis(s.saturating_mul(1000)))
    };
    let signed_at = if covered.iter().any(|c| c == "date") {
        request.single("date")?.and_then(Timestamp::parse_http)
    } else {
        seconds(&params.created)
    };
    check_clock(signed_at, now)?;
    if params.expires.is_some() && seconds(&params.expires).is_none_or(|e| e < now) {
        return Err(Refusal::Expired);
    }
    Ok(())
}

fn check_content(request: &RequestParts<'_>, covered: &[String]) -> Result<(), Refusal> {
    let host = request.single("host")?.ok_or(Refusal::MissingComponent("host"))?;
    if !request.is_our_host(host) {
        return Err(Refusal::WrongHost);
    }
    if let Some(body) = request.body.filter(|_| covered.iter().any(|c| c == "digest")) {
        let header = request.single("digest")?.ok_or(Refusal::MissingComponent("digest"))?;
        digest::check_legacy(header, body)?;
    }
    Ok(())
}

/// The signed string (section 2.3).
fn base(request: &RequestParts<'_>, params: &Params, covered: &[String], target: &str) -> Result<String, Refusal> {
    let mut lines = Vec::with_capacity(covered.len());
    for name in covered {
        let value = match name.as_str() {
            "(request-target)" => format!("{} {target}", request.method.to_ascii_lowercase()),
            "(created)" => params.created.clone().ok_or(Refusal::MissingComponent("(created)"))?,
            "(expires)" => params.expires.clone().ok_or(Refusal::MissingComponent("(expires)"))?,
            header => request.joined(header).ok_or_else(|| Refusal::UnknownComponent(header.to_owned()))?,
        };
        lines.push(format!("{name}: {value}"));
    }
    Ok(lines.join("\n"))
}

/// Signs a request. There is no space after commas, because Mitra splits at them.
pub(super) fn sign(
    request: &RequestToSign<'_>,
    key_id: &str,
    key: &SigningKey,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let date = now.to_http();
    let mut covered = vec!["(request-target)", "host", "date"];
    let mut lines = vec![
        format!("(request-target): {} {}", request.method.to_ascii_lowercase(), request.target()),
        format!("host: {}", request.authority()),
        format!("date: {date}"),
    ];
    let mut headers = vec![("date", date)];
    if let Some(body) = request.body {
        let digest = digest::legacy(body);
        covered.push("digest");
        lines.push(format!("digest: {digest}"));
        headers.push(("digest", digest));
    }
    if let Some(content_type) = request.content_type {
        covered.push("content-type");
        lines.push(format!("content-type: {content_type}"));
    }
    let signature = STANDARD.encode(key.sign(lines.join("\n").as_bytes()));
    let header = format!(
        "keyId=\"{key_id}\",algorithm=\"rsa-sha256\",headers=\"{}\",signature=\"{signature}\"",
        covered.join(" ")
    );
    headers.push(("signature", header));
    headers
}
