//! The compose form: what was entered, and how it is shown again.

use serde::Serialize;

use crate::app::App;
use crate::domain::posts::attachments::{self, MediaDetails};
use crate::domain::posts::polls::DraftPoll;
use crate::domain::posts::{self, Draft, Revision};
use crate::error::{Error, Result};
use crate::http::Form;
use crate::limits;
use crate::media::store_upload;
use crate::protocol::ids::{MediaId, StatusId};
use crate::protocol::visibility::Visibility;
use crate::store::database::settings;
use crate::store::media;

/// The durations of a poll that the form offers, in seconds.
const POLL_DURATIONS: [(u64, &str); 4] =
    [(3_600, "an hour"), (86_400, "a day"), (259_200, "three days"), (604_800, "a week")];
/// The empty fields for the options of a poll.
const POLL_FIELDS: usize = 4;

/// The button that submitted the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Step {
    /// Publish or save.
    #[default]
    Send,
    /// Attach or remove pictures, and show the form again.
    Attach,
}

/// A picture of the form: an upload, with the description that was entered for it.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    /// The upload.
    pub(crate) id: MediaId,
    /// Its description.
    pub(crate) description: String,
}

/// The poll fields.
#[derive(Debug, Clone)]
pub(crate) struct PollFields {
    options: Vec<String>,
    seconds: u64,
    multiple: bool,
}

/// What was entered in the compose form.
#[derive(Debug, Clone)]
pub(crate) struct ComposeForm {
    pub(crate) text: String,
    pub(crate) warning: String,
    pub(crate) language: String,
    pub(crate) visibility: Visibility,
    pub(crate) in_reply_to: Option<StatusId>,
    pub(crate) quote: Option<StatusId>,
    pub(crate) pictures: Vec<Picture>,
    pub(crate) alt: String,
    pub(crate) poll: PollFields,
    pub(crate) step: Step,
}

impl ComposeForm {
    /// An empty form with the owner's defaults.
    pub(crate) fn empty(app: &App) -> Result<Self> {
        let (visibility, language) = app
            .domain
            .store
            .read(|c| Ok((posts::default_visibility(c)?, settings::get(c, settings::DEFAULT_LANGUAGE)?)))?;
        Ok(Self {
            text: String::new(),
            warning: String::new(),
            language: language.unwrap_or_default(),
            visibility,
            in_reply_to: None,
            quote: None,
            pictures: Vec::new(),
            alt: String::new(),
            poll: PollFields { options: Vec::new(), seconds: 86_400, multiple: false },
            step: Step::Send,
        })
    }

    /// Parses a submitted form. Absent fields have the owner's defaults.
    pub(crate) fn parse(app: &App, form: &Form) -> Result<Self> {
        let empty = Self::empty(app)?;
        let text = |key: &str| form.get(key).unwrap_or_default().to_owned();
        let removed = form.number("remove").map(MediaId);
        let ids = form.list("media_ids").into_iter().filter_map(|id| id.parse().ok().map(MediaId));
        let picture = |id: MediaId| Picture { id, description: text(&format!("description-{id}")) };
        let is_attach = form.is_set("attach") || removed.is_some();
        Ok(Self {
            text: text("text").replace("\r\n", "\n"),
            warning: text("warning"),
            language: form.filled("language").unwrap_or_default().to_ascii_lowercase(),
            visibility: form.get("visibility").and_then(Visibility::parse).unwrap_or(empty.visibility),
            in_reply_to: form.number("in_reply_to").map(StatusId),
            quote: form.number("quote").map(StatusId),
            pictures: ids.filter(|id| Some(*id) != removed).take(limits::POST_MEDIA).map(picture).collect(),
            alt: text("alt"),
            poll: PollFields {
                options: form.list("option").into_iter().map(str::to_owned).collect(),
                seconds: form.number("poll_seconds").unwrap_or(empty.poll.seconds),
                multiple: form.is_set("poll_multiple"),
            },
            step: if is_attach { Step::Attach } else { Step::Send },
        })
    }

    /// Stores the pictures that were chosen; their descriptions are stored with the post. Those before a picture that cannot
    /// be used stay attached.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a picture cannot be used, or there are too many.
    pub(crate) fn attach(&mut self, app: &App, form: &Form) -> Result<()> {
        for file in form.files("picture") {
            if self.pictures.len() >= limits::POST_MEDIA {
                return Err(Error::invalid(format!("Cannot attach more than {} pictures", limits::POST_MEDIA)));
            }
            let upload = store_upload(&app.media, file.open())?;
            let added = attachments::add(&app.domain, upload, MediaDetails::default(), None)?;
            self.pictures.push(Picture { id: added.id, description: std::mem::take(&mut self.alt) });
        }
        Ok(())
    }

    /// The post to publish. The descriptions of its pictures are stored.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a description is too long, [`Error::NotFound`] if a picture is no longer stored.
    pub(crate) fn draft(&self, app: &App) -> Result<Draft> {
        for picture in &self.pictures {
            let details = MediaDetails { description: Some(picture.description.clone()), focus: None, thumbnail: None };
            attachments::describe(&app.domain, picture.id, details, None)?;
        }
        Ok(Draft {
            text: self.text.clone(),
            summary: self.warning.clone(),
            visibility: Some(self.visibility),
            language: Some(self.language.clone()).filter(|l| !l.is_empty()),
            in_reply_to: self.in_reply_to,
            quote: self.quote,
            poll: self.draft_poll(),
            media: self.pictures.iter().map(|p| p.id).collect(),
            ..Draft::default()
        })
    }

    /// The edit to save.
    pub(crate) fn revision(&self) -> Revision {
        let details = |p: &Picture| {
            (p.id, MediaDetails { description: Some(p.description.clone()), focus: None, thumbnail: None })
        };
        Revision {
            text: Some(self.text.clone()),
            summary: Some(self.warning.clone()),
            language: Some(self.language.clone()).filter(|l| !l.is_empty()),
            media: Some(self.pictures.iter().map(|p| p.id).collect()),
            media_details: self.pictures.iter().map(details).collect(),
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

/// A picture as the form shows it.
#[derive(Debug, Serialize)]
struct PictureView {
    id: String,
    preview: String,
    description: String,
    limit: usize,
}

/// A duration of a poll.
#[derive(Debug, Serialize)]
struct DurationView {
    seconds: u64,
    label: &'static str,
}

#[derive(Debug, Serialize)]
struct PollView {
    options: Vec<String>,
    seconds: u64,
    multiple: bool,
    durations: Vec<DurationView>,
}

/// The limits that the browser may check before the server does.
#[derive(Debug, Serialize)]
struct LimitsView {
    text: usize,
    warning: usize,
    option: usize,
    description: usize,
    media: usize,
}

/// The compose form as pages show it.
#[derive(Debug, Serialize)]
pub(crate) struct ComposeView {
    text: String,
    warning: String,
    language: String,
    visibility: &'static str,
    in_reply_to: Option<String>,
    quote: Option<String>,
    media: Vec<PictureView>,
    alt: String,
    poll: PollView,
    limits: LimitsView,
    /// An existing post is edited.
    editing: bool,
    /// The optional fields are shown.
    is_open: bool,
}

/// Whether the form is for a new post or an existing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A new post.
    New,
    /// An edit.
    Edit,
}

/// The form with what was entered.
pub(crate) fn view(app: &App, entered: &ComposeForm, purpose: Purpose) -> Result<ComposeView> {
    let mut options = entered.poll.options.clone();
    let has_poll = options.iter().any(|o| !o.trim().is_empty());
    options.resize(options.len().clamp(POLL_FIELDS, limits::POST_POLL_OPTIONS), String::new());
    Ok(ComposeView {
        text: entered.text.clone(),
        warning: entered.warning.clone(),
        language: entered.language.clone(),
        visibility: entered.visibility.as_str(),
        in_reply_to: entered.in_reply_to.map(|id| id.to_string()),
        quote: entered.quote.map(|id| id.to_string()),
        media: pictures(app, &entered.pictures)?,
        alt: entered.alt.clone(),
        poll: PollView {
            options,
            seconds: entered.poll.seconds,
            multiple: entered.poll.multiple,
            durations: POLL_DURATIONS.map(|(seconds, label)| DurationView { seconds, label }).into(),
        },
        limits: LimitsView {
            text: limits::POST_CHARS,
            warning: limits::POST_SUMMARY_CHARS,
            option: limits::POLL_OPTION_CHARS,
            description: limits::ALT_CHARS,
            media: limits::POST_MEDIA,
        },
        editing: purpose == Purpose::Edit,
        is_open: has_poll || !entered.warning.is_empty() || !entered.alt.is_empty() || !entered.pictures.is_empty(),
    })
}

/// The pictures of the form that are still stored.
fn pictures(app: &App, pictures: &[Picture]) -> Result<Vec<PictureView>> {
    app.domain.store.read(|c| {
        let mut views = Vec::with_capacity(pictures.len());
        for picture in pictures {
            let Some(preview) = media::get(c, picture.id)?.and_then(|m| m.preview.or(m.file)) else { continue };
            views.push(PictureView {
                id: picture.id.to_string(),
                preview: app.domain.site.media(&preview),
                description: picture.description.clone(),
                limit: limits::ALT_CHARS,
            });
        }
        Ok(views)
    })
}
