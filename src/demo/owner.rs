//! What the owner does.

use std::io::Cursor;
use std::time::Duration;

use super::pictures::draw_scene;
use super::script::{OwnPost, Picture};
use super::stage::Stage;
use crate::config::DemoOwner;
use crate::domain::account::profile::{self, ProfileChange};
use crate::domain::account::{hashtags, setup};
use crate::domain::filters::{self, Expiry, FilterChange, KeywordChange, KeywordText};
use crate::domain::posts::attachments::{self, MediaDetails};
use crate::domain::posts::polls::DraftPoll;
use crate::domain::posts::{self, Draft, TextFormat, drafts, scheduled};
use crate::domain::relationships::lists::{self, ListChange};
use crate::domain::relationships::mute;
use crate::domain::{Domain, Owner};
use crate::error::Result;
use crate::jobs::WorkerContext;
use crate::media;
use crate::protocol::ids::MediaId;
use crate::protocol::visibility::Visibility;
use crate::store::account::markers;
use crate::store::database::pagination::Page;
use crate::store::filters::{FilterAction, FilterContext, FilterContexts};
use crate::store::notifications::{self, Selection};
use crate::store::visibility::Viewer;

/// Creates the owner.
pub(super) fn create(ctx: &WorkerContext, owner: &DemoOwner) -> Result<Owner> {
    let new = setup::NewOwner {
        username: owner.username.into(),
        display_name: "Wren Okonkwo-Hale".into(),
        password: owner.password.into(),
    };
    setup::create(&ctx.domain, new)
}

/// Fills in the profile.
pub(super) fn fill_profile(ctx: &WorkerContext) -> Result<()> {
    let avatar = media::accept_avatar(Cursor::new(draw_scene("leaf", 500, 400)?))?;
    let header = media::accept_header(Cursor::new(draw_scene("dusk", 1500, 500)?))?;
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let change = ProfileChange {
        note: Some(
            "Vegetables on a windy plot, weather in a notebook, bread when it rains. This page is a demonstration: \
             the person, the posts and the pictures are invented."
                .into(),
        ),
        fields: Some(vec![
            field("Plot", "Number 12, above the harbour"),
            field("Best this year", "Kale"),
            field("Pronouns", "they/them"),
        ]),
        avatar: Some(Some(ctx.media.put(&avatar)?)),
        avatar_alt: Some("A green leaf with pale veins".into()),
        header: Some(Some(ctx.media.put(&header)?)),
        header_alt: Some("Violet ridges under an orange sky".into()),
        discoverable: Some(true),
        default_language: Some("en".into()),
        ..ProfileChange::default()
    };
    profile::update_profile(&ctx.domain, change)
}

impl Stage<'_> {
    /// The owner publishes a post.
    pub(super) fn publish(&mut self, post: &OwnPost) -> Result<()> {
        let mut draft = Draft {
            text: post.text.clone(),
            summary: post.cw.clone().unwrap_or_default(),
            visibility: post.visibility.as_deref().and_then(Visibility::parse),
            ..Draft::default()
        };
        if post.format.as_deref() == Some("markdown") {
            draft.format = TextFormat::Markdown;
        }
        draft.in_reply_to = post.reply_to.as_deref().map(|key| self.post(key)).transpose()?;
        draft.quote = post.quote.as_deref().map(|key| self.post(key)).transpose()?;
        for picture in &post.pictures {
            draft.media.push(self.upload(picture)?);
        }
        draft.poll = post.poll.as_ref().map(|poll| DraftPoll {
            options: poll.options.clone(),
            seconds: poll.minutes * 60,
            ..DraftPoll::default()
        });
        let id = posts::create(self.domain(), draft)?.status.id;
        self.remember(&post.key, id)
    }

    fn upload(&self, picture: &Picture) -> Result<MediaId> {
        let stored = media::store_upload(&self.ctx.media, Cursor::new(draw_scene(&picture.scene, 1200, 900)?))?;
        let details =
            MediaDetails { description: Some(picture.alt.clone()), focus: picture.focus, ..MediaDetails::default() };
        Ok(attachments::add(self.domain(), stored, details, None)?.id)
    }

    pub(super) fn lock(&self, on: bool) -> Result<()> {
        profile::update_profile(self.domain(), ProfileChange { locked: Some(on), ..ProfileChange::default() })
    }

    /// Lists, filters, hashtags, drafts and scheduled posts; what is older than the morning was read.
    pub(super) fn arrange(&self) -> Result<()> {
        let domain = self.domain();
        domain.transact(|tx| {
            let morning = tx.now().minus(Duration::from_secs(10 * 3600));
            let all = notifications::list(tx, Viewer::Owner(tx.owner()?.id), &Selection::all(), &Page::newest(100))?;
            let read = all.iter().find(|n| n.created_at < morning).map_or(0, |n| n.id.0);
            markers::set(tx, "notifications", read, tx.now())
        })?;
        for (title, members) in
            [("Early risers", &["jonas", "midori", "nadia"][..]), ("Maps and mosses", &["ida", "tomas"][..])]
        {
            let list = lists::create(domain, ListChange { title: Some(title.into()), ..ListChange::default() })?;
            let members = members.iter().map(|key| self.person(key)).collect::<Result<Vec<_>>>()?;
            lists::add_members(domain, list.id, members)?;
        }
        for tag in ["gardening", "bryology", "bread"] {
            hashtags::follow(domain, tag)?;
        }
        mute::set_note(domain, self.person("tomas")?, "Lent me the long ladder. Ask before October.".into())?;
        add_filters(domain)?;
        add_drafts(domain)
    }
}

fn add_filters(domain: &std::sync::Arc<Domain>) -> Result<()> {
    let filter = |title: &str, words: &[&str], action: FilterAction, expiry: Expiry| FilterChange {
        title: Some(title.into()),
        contexts: Some(FilterContexts::new([FilterContext::Home, FilterContext::Public, FilterContext::Thread])),
        action: Some(action),
        expiry: Some(expiry),
        keywords: words
            .iter()
            .map(|word| KeywordChange::Add(KeywordText { keyword: Some((*word).into()), whole_word: Some(true) }))
            .collect(),
    };
    let week = Expiry::After(Duration::from_secs(7 * 24 * 3600));
    filters::create(domain, filter("No spoilers", &["cup final", "penalties"], FilterAction::Warn, week))?;
    filters::create(domain, filter("Parking", &["parking"], FilterAction::Hide, Expiry::Never))?;
    Ok(())
}

fn add_drafts(domain: &std::sync::Arc<Domain>) -> Result<()> {
    let text = |text: &str| Draft { text: text.into(), ..Draft::default() };
    drafts::save(
        domain,
        None,
        &text(
            "A list of everything that the wind has taken this year, in order of size:\n\n- one hat\n- the idea of a greenhouse",
        ),
    )?;
    drafts::save(
        domain,
        None,
        &Draft { summary: "Slugs".into(), ..text("A truce has been proposed. I have asked for it in writing.") },
    )?;
    let soon = domain.now().plus(Duration::from_secs(15 * 3600));
    scheduled::schedule(domain, text("Good morning. The kettle is on, the frost is not. #gardening"), soon)?;
    Ok(())
}
