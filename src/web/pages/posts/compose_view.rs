//! The compose form as pages show it.

use serde::Serialize;

use super::compose_form::{ComposeForm, Picture};
use crate::app::App;
use crate::error::Result;
use crate::limits;
use crate::protocol::activitystreams::types::{Emoji, MediaKind};
use crate::protocol::html;
use crate::store::media;
use crate::web::locale::Message;
use crate::web::templates::Html;
use crate::web::view::{self, Painter};

/// The durations of a poll that the form offers, in seconds.
const POLL_DURATIONS: [(u64, Message); 4] = [
    (3_600, Message::new("compose-an-hour")),
    (86_400, Message::new("compose-a-day")),
    (259_200, Message::new("compose-three-days")),
    (604_800, Message::new("compose-a-week")),
];
/// The empty fields for the options of a poll.
const POLL_FIELDS: usize = 4;

/// A picture as the form shows it.
#[derive(Debug, Serialize)]
struct PictureView {
    id: String,
    preview: String,
    description: String,
    limit: usize,
    /// The points that can be kept in view; none if it is no picture.
    focuses: Vec<FocusView>,
}

/// A point of a picture.
#[derive(Debug, Serialize)]
struct FocusView {
    value: String,
    label: Message,
    chosen: bool,
}

/// The points that the form offers by name. The script offers all others by a click on the picture.
const FOCUSES: [((f32, f32), Message); 9] = [
    ((0.0, 0.0), Message::new("script-focus-centre")),
    ((0.0, 0.8), Message::new("script-focus-top")),
    ((0.0, -0.8), Message::new("script-focus-bottom")),
    ((-0.8, 0.0), Message::new("script-focus-left")),
    ((0.8, 0.0), Message::new("script-focus-right")),
    ((-0.8, 0.8), Message::new("script-focus-top-left")),
    ((0.8, 0.8), Message::new("script-focus-top-right")),
    ((-0.8, -0.8), Message::new("script-focus-bottom-left")),
    ((0.8, -0.8), Message::new("script-focus-bottom-right")),
];

fn focuses(chosen: Option<(f32, f32)>) -> Vec<FocusView> {
    let chosen = chosen.unwrap_or_default();
    let view = |point: (f32, f32), label| FocusView {
        value: format!("{:.2},{:.2}", point.0, point.1),
        label,
        chosen: point == chosen,
    };
    let mut all: Vec<FocusView> = FOCUSES.into_iter().map(|(point, label)| view(point, label)).collect();
    if all.iter().all(|focus| !focus.chosen) {
        all.push(view(chosen, Message::new("script-focus-chosen")));
    }
    all
}

/// A duration of a poll.
#[derive(Debug, Serialize)]
struct DurationView {
    seconds: u64,
    label: Message,
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

/// The text as it will be shown.
#[derive(Debug, Serialize)]
pub(crate) struct PreviewView {
    warning: Html,
    content: Html,
}

impl PreviewView {
    /// The preview of a post with this HTML and these custom emoji of this server.
    pub(super) fn new(warning: &str, html: &str, emoji: &[Emoji]) -> Self {
        let mut painter = Painter::new(emoji, limits::EMOJI_HTML, &str::to_owned);
        Self { warning: painter.paint(&html::escape(warning)), content: view::content(&mut painter, html) }
    }
}

/// The compose form as pages show it.
#[derive(Debug, Serialize)]
pub(crate) struct ComposeView {
    text: String,
    format: &'static str,
    warning: String,
    language: String,
    visibility: &'static str,
    quote_policy: &'static str,
    visibilities: Vec<view::VisibilityView>,
    quote_policies: Vec<view::QuotePolicyView>,
    in_reply_to: Option<String>,
    quote: Option<String>,
    media: Vec<PictureView>,
    alt: String,
    poll: PollView,
    scheduled_at: String,
    /// The zone of that time.
    zone: String,
    /// The draft that it is kept in.
    draft: Option<String>,
    /// The scheduled post that it replaces.
    scheduled: Option<String>,
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
        format: entered.format.media_type(),
        warning: entered.warning.clone(),
        language: entered.language.clone(),
        visibility: entered.visibility.as_str(),
        quote_policy: entered.quote_policy.as_str(),
        visibilities: view::visibilities(),
        quote_policies: view::quote_policies(),
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
        scheduled_at: entered.scheduled_at.clone(),
        zone: entered.zone.name().to_owned(),
        draft: entered.draft.map(|id| id.to_string()),
        scheduled: entered.scheduled.map(|id| id.to_string()),
        limits: LimitsView {
            text: limits::POST_CHARS,
            warning: limits::POST_SUMMARY_CHARS,
            option: limits::POLL_OPTION_CHARS,
            description: limits::ALT_CHARS,
            media: limits::POST_MEDIA,
        },
        editing: purpose == Purpose::Edit,
        is_open: has_poll
            || !entered.warning.is_empty()
            || !entered.alt.is_empty()
            || !entered.pictures.is_empty()
            || !entered.scheduled_at.is_empty(),
    })
}

/// The pictures of the form that are still stored.
fn pictures(app: &App, pictures: &[Picture]) -> Result<Vec<PictureView>> {
    app.domain.store.read(|c| {
        let mut views = Vec::with_capacity(pictures.len());
        for picture in pictures {
            let Some(stored) = media::get(c, picture.id)? else { continue };
            let Some(preview) = stored.preview.or(stored.file) else { continue };
            views.push(PictureView {
                id: picture.id.to_string(),
                preview: app.domain.site.media(&preview),
                description: picture.description.clone(),
                limit: limits::ALT_CHARS,
                focuses: if stored.kind == MediaKind::Image { focuses(picture.focus) } else { Vec::new() },
            });
        }
        Ok(views)
    })
}
