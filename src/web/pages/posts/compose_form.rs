//! The compose form: what was entered, and the post that it becomes.

use crate::app::App;
use crate::domain::interactions::interaction_policy::QuotePolicy;
use crate::domain::posts::attachments::{self, MediaDetails};
use crate::domain::posts::polls::DraftPoll;
use crate::domain::posts::{self, Draft, Revision, TextFormat};
use crate::error::refusal::{PostRefusal, SettingRefusal};
use crate::error::{Error, Result};
use crate::http::Form;
use crate::limits;
use crate::media::store_upload;
use crate::protocol::ids::{DraftId, MediaId, ScheduledId, StatusId, TokenId};
use crate::protocol::time::Timestamp;
use crate::protocol::time::zone::Zone;
use crate::protocol::visibility::Visibility;
use crate::store::database::settings;
use crate::store::media::Media;

/// The button that submitted the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Step {
    /// Publish, schedule or save.
    #[default]
    Send,
    /// Attach or remove pictures, and show the form again.
    Attach,
    /// Show the form again with the text as it will be shown.
    Preview,
    /// Keep the post as a draft.
    Keep,
    /// As [`Step::Keep`], by the script while the owner writes.
    Autosave,
}

/// A picture of the form: an upload, with what was entered for it.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    /// The upload.
    pub(crate) id: MediaId,
    /// Its description.
    pub(crate) description: String,
    /// The point that a cropped preview keeps in view.
    pub(crate) focus: Option<(f32, f32)>,
}

impl Picture {
    /// The picture of a stored upload.
    pub(super) fn of(media: &Media) -> Self {
        Self { id: media.id, description: media.description.clone().unwrap_or_default(), focus: media.focus }
    }

    fn details(&self) -> MediaDetails {
        MediaDetails { description: Some(self.description.clone()), focus: self.focus, thumbnail: None }
    }
}

/// The poll fields.
#[derive(Debug, Clone)]
pub(crate) struct PollFields {
    pub(super) options: Vec<String>,
    pub(super) seconds: u64,
    pub(super) multiple: bool,
}

impl Default for PollFields {
    fn default() -> Self {
        Self { options: Vec::new(), seconds: 86_400, multiple: false }
    }
}

/// What was entered in the compose form.
#[derive(Debug, Clone)]
pub(crate) struct ComposeForm {
    pub(crate) text: String,
    pub(crate) format: TextFormat,
    pub(crate) warning: String,
    pub(crate) language: String,
    pub(crate) visibility: Visibility,
    pub(crate) quote_policy: QuotePolicy,
    pub(crate) in_reply_to: Option<StatusId>,
    pub(crate) quote: Option<StatusId>,
    pub(crate) pictures: Vec<Picture>,
    pub(crate) alt: String,
    pub(crate) poll: PollFields,
    /// When it is published, as the field has it: `2026-11-20T23:19`. Empty for now.
    pub(crate) scheduled_at: String,
    /// The zone of that time.
    pub(crate) zone: Zone,
    /// The draft that it is kept in.
    pub(crate) draft: Option<DraftId>,
    /// The scheduled post that it replaces.
    pub(crate) scheduled: Option<ScheduledId>,
    pub(crate) step: Step,
}

/// Refuses choices of how to post that do not exist. They would count as the owner's defaults, and publish more than was
/// requested.
///
/// # Errors
/// [`Error::Invalid`] naming the choice.
pub(crate) fn check_posting_choices(form: &Form) -> Result<()> {
    form.one_of("visibility", "public, unlisted, private, direct", Visibility::parse)?;
    form.one_of("quote_policy", "public, followers, nobody", QuotePolicy::parse)?;
    form.one_of("format", "text/plain, text/markdown", TextFormat::parse)?;
    Ok(())
}

/// Refuses a time zone that does not exist.
///
/// # Errors
/// [`Error::Invalid`] naming it.
pub(crate) fn check_zone(form: &Form) -> Result<()> {
    match form.single("zone")?.filter(|name| !name.is_empty() && Zone::named(name).is_none()) {
        Some(name) => Err(Error::invalid(SettingRefusal::UnknownTimeZone(name.to_owned()))),
        None => Ok(()),
    }
}

impl ComposeForm {
    /// Refuses what cannot be read of a post that is to be sent; everywhere else it counts as absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field.
    pub(super) fn check(form: &Form) -> Result<()> {
        check_posting_choices(form)?;
        check_zone(form)?;
        for key in ["text", "warning", "alt", "scheduled_at"] {
            form.single(key)?;
        }
        // The value of an unknown button would publish what was to be shown or kept.
        for key in ["poll_multiple", "attach", "preview", "keep", "autosave"] {
            form.choice(key)?;
        }
        for key in ["in_reply_to", "quote", "draft", "scheduled"] {
            form.exact::<i64>(key)?;
        }
        form.exact::<u64>("poll_seconds")?;
        let media = form.exact_list::<i64>("media_ids")?;
        if media.len() > limits::POST_MEDIA {
            return Err(Error::invalid(PostRefusal::TooManyPictures(limits::POST_MEDIA)));
        }
        for id in media {
            form.single_filled(&format!("focus-{id}"))?.map(attachments::parse_focus).transpose()?;
        }
        Ok(())
    }

    /// An empty form with the owner's defaults.
    pub(crate) fn empty(app: &App) -> Result<Self> {
        app.domain.store.read(|c| {
            Ok(Self {
                text: String::new(),
                format: posts::default_format(c)?,
                warning: String::new(),
                language: settings::get(c, settings::DEFAULT_LANGUAGE)?.unwrap_or_default(),
                visibility: posts::default_visibility(c)?,
                quote_policy: posts::default_quote_policy(c)?,
                in_reply_to: None,
                quote: None,
                pictures: Vec::new(),
                alt: String::new(),
                poll: PollFields::default(),
                scheduled_at: String::new(),
                zone: posts::time_zone(c)?.unwrap_or_default(),
                draft: None,
                scheduled: None,
                step: Step::Send,
            })
        })
    }

    /// The form of a post that waits on the server.
    pub(super) fn of_draft(app: &App, draft: &Draft, media: &[Media]) -> Result<Self> {
        let empty = Self::empty(app)?;
        let poll = draft.poll.as_ref().map(|poll| PollFields {
            options: poll.options.clone(),
            seconds: poll.seconds,
            multiple: poll.multiple,
        });
        Ok(Self {
            text: draft.text.clone(),
            format: draft.format,
            warning: draft.summary.clone(),
            language: draft.language.clone().unwrap_or_default(),
            visibility: draft.visibility.unwrap_or(empty.visibility),
            quote_policy: draft.quote_policy.unwrap_or(empty.quote_policy),
            in_reply_to: draft.in_reply_to,
            quote: draft.quote,
            pictures: media.iter().map(Picture::of).collect(),
            poll: poll.unwrap_or_default(),
            ..empty
        })
    }

    /// Parses a submitted form. Absent fields have the owner's defaults.
    pub(crate) fn parse(app: &App, form: &Form) -> Result<Self> {
        let empty = Self::empty(app)?;
        let text = |key: &str| form.get(key).unwrap_or_default().to_owned();
        let removed = form.number("remove").map(MediaId);
        let ids = form.list("media_ids").into_iter().filter_map(|id| id.parse().ok().map(MediaId));
        let focus = |id: MediaId| {
            let entered = form.get(&format!("focus-{id}"))?;
            attachments::parse_focus(entered).ok()
        };
        let picture = |id: MediaId| Picture { id, description: text(&format!("description-{id}")), focus: focus(id) };
        let format = form.get("format").map_or(empty.format, TextFormat::of_media_type);
        Ok(Self {
            text: text("text").replace("\r\n", "\n"),
            format,
            warning: text("warning"),
            language: form.filled("language").unwrap_or_default().trim().to_owned(),
            visibility: form.get("visibility").and_then(Visibility::parse).unwrap_or(empty.visibility),
            quote_policy: form.get("quote_policy").and_then(QuotePolicy::parse).unwrap_or(empty.quote_policy),
            in_reply_to: form.number("in_reply_to").map(StatusId),
            quote: form.number("quote").map(StatusId),
            pictures: ids.filter(|id| Some(*id) != removed).take(limits::POST_MEDIA).map(picture).collect(),
            alt: text("alt"),
            poll: PollFields {
                options: form.list("option").into_iter().map(str::to_owned).collect(),
                seconds: form.number("poll_seconds").unwrap_or(empty.poll.seconds),
                multiple: form.is_set("poll_multiple"),
            },
            scheduled_at: text("scheduled_at").trim().to_owned(),
            // The zone that the form showed, even if the owner has chosen another one since.
            zone: form.get("zone").and_then(Zone::named).unwrap_or(empty.zone),
            draft: form.number("draft").map(DraftId),
            scheduled: form.number("scheduled").map(ScheduledId),
            step: match () {
                () if form.is_set("attach") || removed.is_some() => Step::Attach,
                () if form.is_set("preview") => Step::Preview,
                () if form.is_set("keep") => Step::Keep,
                () if form.is_set("autosave") => Step::Autosave,
                () => Step::Send,
            },
        })
    }

    /// Returns `true` if nothing was entered that can be lost.
    pub(super) fn is_blank(&self) -> bool {
        let has_poll = self.poll.options.iter().any(|o| !o.trim().is_empty());
        self.text.trim().is_empty() && self.warning.trim().is_empty() && self.pictures.is_empty() && !has_poll
    }

    /// Stores the pictures that were chosen; their descriptions are stored with the post. Those before a picture that cannot
    /// be used stay attached.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a picture cannot be used, or there are too many.
    pub(crate) fn attach(&mut self, app: &App, form: &Form) -> Result<()> {
        for file in form.files("picture") {
            if self.pictures.len() >= limits::POST_MEDIA {
                return Err(Error::invalid(PostRefusal::TooManyPictures(limits::POST_MEDIA)));
            }
            let upload = store_upload(&app.media, file.open())?;
            let added = attachments::add(&app.domain, upload, MediaDetails::default(), None)?;
            self.pictures.push(Picture { description: std::mem::take(&mut self.alt), ..Picture::of(&added) });
        }
        Ok(())
    }

    /// Stores the descriptions of the pictures, which were uploaded with this token or on a page.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a description is too long, [`Error::NotFound`] if a picture is no longer stored.
    pub(super) fn describe(&self, app: &App, token: Option<TokenId>) -> Result<()> {
        for picture in &self.pictures {
            attachments::describe(&app.domain, picture.id, picture.details(), token)?;
        }
        Ok(())
    }

    /// When it is published; `None` for now.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the time cannot be read.
    pub(super) fn due(&self) -> Result<Option<Timestamp>> {
        if self.scheduled_at.is_empty() {
            return Ok(None);
        }
        let due = self.zone.time(&self.scheduled_at);
        due.map(Some).ok_or_else(|| Error::invalid(PostRefusal::TimeForm))
    }

    /// The post as entered.
    pub(super) fn draft(&self) -> Draft {
        Draft {
            text: self.text.clone(),
            format: self.format,
            summary: self.warning.clone(),
            visibility: Some(self.visibility),
            language: Some(self.language.clone()).filter(|l| !l.is_empty()),
            in_reply_to: self.in_reply_to,
            quote: self.quote,
            quote_policy: Some(self.quote_policy),
            poll: self.draft_poll(),
            media: self.pictures.iter().map(|p| p.id).collect(),
            ..Draft::default()
        }
    }

    /// The edit to save.
    pub(crate) fn revision(&self) -> Revision {
        Revision {
            text: Some(self.text.clone()),
            format: Some(self.format),
            summary: Some(self.warning.clone()),
            language: Some(self.language.clone()).filter(|l| !l.is_empty()),
            media: Some(self.pictures.iter().map(|p| p.id).collect()),
            media_details: self.pictures.iter().map(|p| (p.id, p.details())).collect(),
            ..Revision::default()
        }
    }

    /// The poll, if an option is filled in.
    fn draft_poll(&self) -> Option<DraftPoll> {
        let options: Vec<String> = self.poll.options.iter().filter(|o| !o.trim().is_empty()).cloned().collect();
        (!options.is_empty()).then_some(DraftPoll {
            options,
            seconds: self.poll.seconds,
            multiple: self.poll.multiple,
            hide_totals: false,
        })
    }
}
