//! The translation services LibreTranslate and DeepL.

use std::time::Duration;

use serde_json::{Value, json};

use super::signed_client::{Fetcher, malformed};
use super::transport::http_client::Get;
use crate::domain::ports::{Translated, TranslationJob, TranslationService};
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::json;

/// A request to a service: URL, headers, body.
type Outgoing = (String, Vec<(&'static str, String)>, Value);

impl Fetcher {
    /// Translates texts.
    ///
    /// # Errors
    /// [`Error::Remote`](crate::Error::Remote) if the service does not respond as documented.
    pub(super) fn translate_texts(&self, service: &TranslationService, job: TranslationJob<'_>) -> Result<Translated> {
        let (url, headers, body) = request(service, job);
        let url = self.http_client.url(&url).map_err(Error::Remote)?;
        let answer = self.http_client.submit(&url, &headers, body.to_string().as_bytes()).map_err(Error::Remote)?;
        let value = json::parse(&answer.body).map_err(|e| malformed(&format!("{url}: {e}")))?;
        read(service, &value).ok_or_else(|| malformed(&format!("{url} responded without a translation")))
    }

    /// The languages that a service translates, each with those it is translated into.
    ///
    /// # Errors
    /// As [`Fetcher::translate_texts`].
    pub(super) fn fetch_languages(&self, service: &TranslationService) -> Result<Vec<(String, Vec<String>)>> {
        let get = |url: &str| -> Result<Value> {
            let authorization = |_: &url::Url| authorization(service);
            let url = self.http_client.url(url).map_err(Error::Remote)?;
            let fetched = self.http_client.get(
                &url,
                Get {
                    accept: "application/json",
                    max_bytes: limits::TRANSLATION_RESPONSE,
                    deadline: Duration::from_secs(10),
                    same_origin_redirects: true,
                    sign: Some(&authorization),
                },
            );
            let fetched = fetched.map_err(Error::Remote)?;
            json::parse(&fetched.body).map_err(|e| malformed(&format!("{url}: {e}")))
        };
        match service {
            TranslationService::LibreTranslate { url, .. } => Ok(pairs(&get(&format!("{url}/languages"))?)),
            TranslationService::DeepL { .. } => {
                let list = |kind: &str| get(&format!("{}/v2/languages?type={kind}", deepl_base(service)));
                let targets = codes(&list("target")?, "language");
                Ok(codes(&list("source")?, "language").into_iter().map(|source| (source, targets.clone())).collect())
            }
        }
    }
}

fn authorization(service: &TranslationService) -> Vec<(&'static str, String)> {
    match service {
        TranslationService::DeepL { key } => vec![("authorization", format!("DeepL-Auth-Key {key}"))],
        TranslationService::LibreTranslate { .. } => Vec::new(),
    }
}

/// Keys of free accounts end with `:fx` and have another server.
fn deepl_base(service: &TranslationService) -> &'static str {
    match service {
        TranslationService::DeepL { key } if key.ends_with(":fx") => "https://api-free.deepl.com",
        _ => "https://api.deepl.com",
    }
}

fn request(service: &TranslationService, job: TranslationJob<'_>) -> Outgoing {
    let mut headers = authorization(service);
    headers.push(("content-type", "application/json".to_owned()));
    match service {
        TranslationService::LibreTranslate { url, key } => {
            let mut body = json!({
                "q": job.texts, "source": job.from.unwrap_or("auto"), "target": job.to, "format": "html",
            });
            if !key.is_empty() {
                body["api_key"] = json!(key);
            }
            (format!("{url}/translate"), headers, body)
        }
        TranslationService::DeepL { .. } => {
            let mut body = json!({
                "text": job.texts, "target_lang": job.to.to_ascii_uppercase(), "tag_handling": "html",
            });
            if let Some(from) = job.from {
                body["source_lang"] = json!(from.to_ascii_uppercase());
            }
            (format!("{}/v2/translate", deepl_base(service)), headers, body)
        }
    }
}

fn read(service: &TranslationService, value: &Value) -> Option<Translated> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match service {
        TranslationService::LibreTranslate { .. } => {
            let texts = value["translatedText"].as_array()?.iter().map(text).collect::<Option<_>>()?;
            let source = value["detectedLanguage"].get(0).unwrap_or(&value["detectedLanguage"]);
            Some(Translated { texts, source: text(&source["language"]) })
        }
        TranslationService::DeepL { .. } => {
            let all = value["translations"].as_array()?;
            let texts = all.iter().map(|one| text(&one["text"])).collect::<Option<_>>()?;
            let source = all.first().and_then(|one| text(&one["detected_source_language"]));
            Some(Translated { texts, source: source.map(|tag| tag.to_ascii_lowercase()) })
        }
    }
}

fn codes(list: &Value, key: &str) -> Vec<String> {
    let code = |one: &Value| one[key].as_str().filter(|code| code.len() <= 35).map(str::to_ascii_lowercase);
    list.as_array().into_iter().flatten().filter_map(code).take(limits::TRANSLATION_LANGUAGES).collect()
}

/// The languages of LibreTranslate, each with its targets.
fn pairs(list: &Value) -> Vec<(String, Vec<String>)> {
    let targets = |one: &Value| {
        let all = one["targets"].as_array().into_iter().flatten().filter_map(Value::as_str);
        all.filter(|code| code.len() <= 35).take(limits::TRANSLATION_LANGUAGES).map(str::to_owned).collect()
    };
    let pair = |one: &Value| Some((one["code"].as_str().filter(|code| code.len() <= 35)?.to_owned(), targets(one)));
    list.as_array().into_iter().flatten().filter_map(pair).take(limits::TRANSLATION_LANGUAGES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_responses_of_deepl_are_as_documented() {
        let service = TranslationService::DeepL { key: "k:fx".into() };
        let texts = ["<p>Hallo</p>".to_owned()];
        let (url, headers, body) = request(&service, TranslationJob { texts: &texts, from: Some("de"), to: "pt-BR" });
        assert_eq!(url, "https://api-free.deepl.com/v2/translate");
        assert!(headers.contains(&("authorization", "DeepL-Auth-Key k:fx".into())));
        assert_eq!((&body["source_lang"], &body["target_lang"]), (&json!("DE"), &json!("PT-BR")));
        let response = json!({"translations": [{"detected_source_language": "DE", "text": "<p>Olá</p>"}]});
        let translated = read(&service, &response).unwrap();
        assert_eq!((translated.texts, translated.source), (vec!["<p>Olá</p>".to_owned()], Some("de".to_owned())));
        assert!(read(&service, &json!({"message": "no"})).is_none());
        assert_eq!(deepl_base(&TranslationService::DeepL { key: "k".into() }), "https://api.deepl.com");
    }
}
