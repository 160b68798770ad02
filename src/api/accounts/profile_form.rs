//! The parameters of `update_credentials`.

use crate::app::App;
use crate::domain::account::profile::ProfileChange;
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::error::{Error, Result};
use crate::http::Form;
use crate::http::multipart::{File, FileReader};
use crate::media::{self, Encoded};
use crate::protocol::text::is_blank;
use crate::protocol::visibility::Visibility;

/// A change of the profile with its uploads.
pub(super) struct ProfileForm<'a> {
    /// Everything but the pictures.
    change: ProfileChange,
    avatar: Option<&'a File>,
    header: Option<&'a File>,
}

impl<'a> ProfileForm<'a> {
    /// Reads the form.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming a value that is invalid or unsupported.
    pub(super) fn read(form: &'a Form) -> Result<Self> {
        if form.choice("hide_collections")? == Some(false) {
            return Err(Error::invalid(
                "hide_collections cannot be false: this server never lists followers and follows",
            ));
        }
        let text = |key: &str| form.text(key);
        let language = form.language("source[language]")?;
        let change = ProfileChange {
            display_name: text("display_name")?,
            note: text("note")?,
            fields: fields(form)?,
            avatar_alt: text("avatar_description")?,
            header_alt: text("header_description")?,
            locked: form.choice("locked")?,
            bot: form.choice("bot")?,
            discoverable: form.choice("discoverable")?,
            indexable: form.choice("indexable")?,
            show_media: form.choice("show_media")?,
            show_media_replies: form.choice("show_media_replies")?,
            show_featured: form.choice("show_featured")?,
            default_visibility: form.one_of(
                "source[privacy]",
                "public, unlisted, private, direct",
                Visibility::parse,
            )?,
            default_sensitive: form.choice("source[sensitive]")?,
            default_language: form.get("source[language]").map(|_| language.unwrap_or_default()),
            default_quote_policy: form.one_of(
                "source[quote_policy]",
                "public, followers, nobody",
                QuotePolicy::parse,
            )?,
            attribution_domains: attribution_domains(form)?,
            ..ProfileChange::default()
        };
        Ok(Self { change, avatar: picture(form, "avatar")?, header: picture(form, "header")? })
    }

    /// Stores the pictures and returns the whole change.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a file that is not a supported image.
    pub(super) fn into_change(self, app: &App) -> Result<ProfileChange> {
        Ok(ProfileChange {
            avatar: store(app, self.avatar, media::accept_avatar)?,
            header: store(app, self.header, media::accept_header)?,
            ..self.change
        })
    }
}

/// The domains whose pages may name the owner, if any were sent; an empty list removes all.
fn attribution_domains(form: &Form) -> Result<Option<Vec<String>>> {
    let domains = form.values("attribution_domains")?;
    Ok(form.has_list("attribution_domains").then(|| domains.into_iter().map(str::to_owned).collect()))
}

/// Profile fields, if any were sent; an empty list removes all. Empty rows are dropped later.
fn fields(form: &Form) -> Result<Option<Vec<(String, String)>>> {
    let records = form.exact_records("fields_attributes")?;
    if records.is_empty() && !form.has_list("fields_attributes") {
        return Ok(None);
    }
    let get = |r: &Form, key: &str| r.text(key).map(Option::unwrap_or_default);
    let is_record =
        |r: &Form| r.get("name").or(r.get("value")).is_some() || r.fields().all(|(_, value)| value.is_empty());
    if !records.iter().all(is_record) {
        return Err(Error::invalid("fields_attributes must be a list of records with name and value"));
    }
    let fields = records.iter().map(|r| Ok((get(r, "name")?, get(r, "value")?))).collect::<Result<Vec<_>>>()?;
    if fields.iter().any(|(name, value)| is_blank(name) != is_blank(value)) {
        return Err(Error::invalid("A profile field needs both a label and a value"));
    }
    Ok(Some(fields))
}

fn picture<'a>(form: &'a Form, key: &str) -> Result<Option<&'a File>> {
    match form.file(key) {
        None if form.single_filled(key)?.is_some() => {
            Err(Error::invalid(format!("{key} must be an uploaded image; DELETE /api/v1/profile/{key} removes it")))
        }
        file => Ok(file),
    }
}

fn store(app: &App, file: Option<&File>, accept: fn(FileReader) -> Result<Encoded>) -> Result<Option<Option<String>>> {
    file.map(|file| Ok(Some(app.media.put(&accept(file.open())?)?))).transpose()
}
