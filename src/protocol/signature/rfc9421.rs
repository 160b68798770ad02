//! RFC 9421 in the profile of the fediverse: one signature with `created`, covering method and target, and the body through
//! `Content-Digest`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::digest;
use super::keys::SigningKey;
use super::presented::{Claim, Presented, check_clock};
use super::refusal::Refusal;
use super::request::{RequestParts, RequestToSign, SignatureScheme};
use crate::limits;
use crate::protocol::time::Timestamp;

/// One member of `Signature-Input`.
struct Input {
    label: String,
    components: Vec<String>,
    /// The inner list with its parameters as received, because it is signed.
    text: String,
    key_id: Option<String>,
    algorithm: Option<String>,
    created: Option<i64>,
    expires: Option<i64>,
}

const BROKEN: Refusal = Refusal::Malformed("Signature-Input is malformed");

/// Parses `label=("a" "b");name=value;…` with exactly one member: of several, two readers could choose different ones.
fn read_input(header: &str) -> Result<Input, Refusal> {
    let (label, text) = header.split_once('=').ok_or(BROKEN)?;
    let text = text.trim();
    let (list, params) = text.strip_prefix('(').and_then(|t| t.split_once(')')).ok_or(BROKEN)?;
    let mut input = Input {
        label: label.trim().to_owned(),
        components: Vec::new(),
        text: text.to_owned(),
        key_id: None,
        algorithm: None,
        created: None,
        expires: None,
    };
    for item in list.split_whitespace() {
        let name = item.strip_prefix('"').and_then(|i| i.strip_suffix('"'));
        // A component with parameters (`"x";bs`, `;req`) is not supported.
        let name = name.ok_or_else(|| Refusal::UnknownComponent(item.to_owned()))?;
        if input.components.iter().any(|c| c == name) {
            return Err(Refusal::Repeated(name.to_owned()));
        }
        input.components.push(name.to_owned());
    }
    read_params(params, &mut input)?;
    Ok(input)
}

fn read_params(text: &str, input: &mut Input) -> Result<(), Refusal> {
    let mut rest = text.trim();
    let mut seen: Vec<String> = Vec::new();
    while !rest.is_empty() {
        rest = rest.strip_prefix(';').ok_or(Refusal::Malformed("there must be exactly one signature"))?.trim_start();
        let (name, after) = rest.split_once('=').ok_or(BROKEN)?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or(BROKEN)?,
            None => after.split_at(after.find([';', ',', ' ']).unwrap_or(after.len())),
        };
        if seen.iter().any(|s| s == name) {
            return Err(Refusal::Repeated(name.to_owned()));
        }
        seen.push(name.to_owned());
        match name {
            "keyid" => input.key_id = Some(value.to_owned()),
            "alg" => input.algorithm = Some(value.to_owned()),
            "created" => input.created = Some(value.parse().map_err(|_| BROKEN)?),
            "expires" => input.expires = Some(value.parse().map_err(|_| BROKEN)?),
            _ => {}
        }
        rest = after.trim_start();
    }
    Ok(())
}

pub(super) fn parse(request: &RequestParts<'_>, now: Timestamp) -> Result<Presented, Refusal> {
    let header = request.single("signature-input")?.ok_or(Refusal::Missing)?;
    let signature = request.single("signature")?.ok_or(Refusal::Malformed("the Signature header is missing"))?;
    if header.len() > limits::SIGNATURE_HEADER || signature.len() > limits::SIGNATURE_HEADER {
        return Err(Refusal::Malformed("the header is too long"));
    }
    let input = read_input(header)?;
    let signature = signature
        .trim()
        .strip_prefix(&input.label)
        .and_then(|s| s.strip_prefix("=:"))
        .and_then(|s| s.strip_suffix(':'))
        .ok_or(Refusal::Malformed("Signature does not have the label of Signature-Input"))?;
    let signature = STANDARD.decode(signature).map_err(|_| Refusal::Malformed("Signature is not base64"))?;
    check_coverage(request, &input)?;
    let seconds = |s: i64| Timestamp::from_millis(s.saturating_mul(1000));
    check_clock(input.created.map(seconds), now)?;
    if input.expires.is_some_and(|e| seconds(e) < now) {
        return Err(Refusal::Expired);
    }
    check_content(request, &input)?;
    Ok(Presented {
        bases: vec![base(request, &input)?],
        claimed: claim(input.algorithm.as_deref())?,
        key_id: input.key_id.ok_or(Refusal::Malformed("keyid is missing"))?,
        form: SignatureScheme::Rfc9421,
        signature,
    })
}

fn claim(algorithm: Option<&str>) -> Result<Claim, Refusal> {
    match algorithm {
        None => Ok(Claim::ByKey),
        Some("rsa-v1_5-sha256") => Ok(Claim::RsaSha256),
        Some("rsa-v1_5-sha512") => Ok(Claim::RsaSha512),
        Some("ed25519") => Ok(Claim::Ed25519),
        Some(_) => Err(Refusal::Algorithm),
    }
}

fn check_coverage(request: &RequestParts<'_>, input: &Input) -> Result<(), Refusal> {
    let has = |name: &str| input.components.iter().any(|c| c == name);
    if !has("@method") {
        return Err(Refusal::MissingComponent("@method"));
    }
    let has_query = request.target.contains('?');
    let has_parts = has("@authority") && has("@path") && (!has_query || has("@query"));
    if !has("@target-uri") && !has_parts {
        return Err(Refusal::MissingComponent("@target-uri"));
    }
    if input.created.is_none() {
        return Err(Refusal::MissingComponent("created"));
    }
    if request.body.is_some() && !has("content-digest") {
        return Err(Refusal::MissingComponent("content-digest"));
    }
    Ok(())
}

fn check_content(request: &RequestParts<'_>, input: &Input) -> Result<(), Refusal> {
    if let Some(host) = request.single("host")?
        && !request.is_our_host(host)
    {
        return Err(Refusal::WrongHost);
    }
    if let Some(body) = request.body.filter(|_| input.components.iter().any(|c| c == "content-digest")) {
        let header = request.single("content-digest")?.ok_or(Refusal::MissingComponent("content-digest"))?;
        digest::check_content(header, body)?;
    }
    Ok(())
}

/// The signature base of section 2.5.
fn base(request: &RequestParts<'_>, input: &Input) -> Result<String, Refusal> {
    let mut text = String::new();
    for name in &input.components {
        let value = match name.as_str() {
            "@method" => request.method.to_ascii_uppercase(),
            "@target-uri" => format!("{}://{}{}", request.scheme, request.authority, request.target),
            "@authority" => request.authority.to_ascii_lowercase(),
            "@scheme" => request.scheme.to_owned(),
            "@request-target" => request.target.to_owned(),
            "@path" => request.path().to_owned(),
            "@query" => format!("?{}", request.target.split_once('?').map_or("", |(_, q)| q)),
            derived if derived.starts_with('@') => return Err(Refusal::UnknownComponent(derived.to_owned())),
            header => request.joined(header).ok_or_else(|| Refusal::UnknownComponent(header.to_owned()))?,
        };
        text.push_str(&format!("\"{name}\": {value}\n"));
    }
    text.push_str(&format!("\"@signature-params\": {}", input.text));
    Ok(text)
}

pub(super) fn sign(
    request: &RequestToSign<'_>,
    key_id: &str,
    key: &SigningKey,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let mut headers = vec![("date", now.to_http())];
    let mut components = vec!["@method", "@target-uri"];
    let mut base = format!(
        "\"@method\": {}\n\"@target-uri\": {}://{}{}\n",
        request.method,
        request.url.scheme(),
        request.authority(),
        request.target()
    );
    if let Some(body) = request.body {
        let digest = digest::content(body);
        components.push("content-digest");
        base.push_str(&format!("\"content-digest\": {digest}\n"));
        headers.push(("content-digest", digest));
    }
    let list: Vec<String> = components.iter().map(|c| format!("\"{c}\"")).collect();
    let params = format!("({});created={};keyid=\"{key_id}\";alg=\"rsa-v1_5-sha256\"", list.join(" "), now.seconds());
    base.push_str(&format!("\"@signature-params\": {params}"));
    let signature = STANDARD.encode(key.sign(base.as_bytes()));
    headers.push(("signature-input", format!("sig1={params}")));
    headers.push(("signature", format!("sig1=:{signature}:")));
    headers
}
