//! `dassie serve --demo`: an instance with invented content in a temporary directory. It connects to no other server.
//!
//! The accounts, posts and pictures are our own. The [script] is data; what other accounts do is delivered as activities
//! to the inbox rules, so that the demo shows what a real instance would.

mod owner;
mod peers;
mod pictures;
mod script;
mod stage;

use std::path::Path;

use crate::config::{Config, DemoOwner};
use crate::domain::interactions::{bookmark, boost, emoji_reaction, favourite, pin};
use crate::domain::notifications::policy::{self, PolicyChange, Treatment};
use crate::domain::posts;
use crate::domain::relationships::{follow, mute};
use crate::error::{Error, Result};
use crate::jobs::WorkerContext;
use script::{Event, PeerPost, Scene};
use stage::Stage;

/// The owner. Only this machine can reach the demo, so the password is no secret.
pub const OWNER: DemoOwner = DemoOwner { username: "wren", password: "demonstration", days: 400 };

const SCENES: [&str; 8] = ["dusk", "dunes", "garden", "loaf", "chart", "night", "leaf", "hills"];
const EMOJI: [&str; 3] = ["fern", "kettle", "wave"];
const FACES: u32 = 13;
const VIDEO: &[u8] = include_bytes!("tide.mp4");

/// Writes the files that other servers would serve, and returns the configuration of the demo.
///
/// # Errors
/// If the files cannot be written.
pub fn prepare(dir: &Path, config: Config) -> Result<Config> {
    let files = dir.join("files");
    let directory = files.join("static");
    std::fs::create_dir_all(&directory).map_err(|e| Error::file(&directory, &e))?;
    let write = |name: String, bytes: &[u8]| {
        let path = directory.join(name);
        std::fs::write(&path, bytes).map_err(|e| Error::file(&path, &e))
    };
    for scene in SCENES {
        write(format!("demo-{scene}.jpg"), &pictures::draw_scene(scene, peers::SIZE.0, peers::SIZE.1)?)?;
    }
    for emoji in EMOJI {
        write(format!("demo-{emoji}.png"), &pictures::draw_emoji(emoji)?)?;
    }
    for face in 0..FACES {
        write(format!("demo-face-{face}.png"), &pictures::draw_avatar(face)?)?;
    }
    write("demo-tide.mp4".into(), VIDEO)?;
    Ok(Config {
        title: "Windy Plot".into(),
        description: "A demonstration of Dassie. Everything here is invented.".into(),
        override_dir: Some(files),
        link_previews: false,
        demo: Some(OWNER),
        ..config
    })
}

/// Fills an empty instance: the last week of the owner is lived through in a few seconds.
///
/// # Errors
/// If a line of the script has no effect, or the database cannot be written.
pub fn fill(ctx: &WorkerContext) -> Result<()> {
    let owner = owner::create(ctx, &OWNER)?;
    owner::fill_profile(ctx)?;
    let mut stage = Stage::new(ctx, owner, script::cast()?)?;
    for scene in script::story()? {
        play(&mut stage, scene)?;
    }
    stage.go_to(0);
    stage.introduce()?;
    stage.arrange()
}

fn play(stage: &mut Stage<'_>, scene: Scene) -> Result<()> {
    stage.go_to(scene.ago);
    let domain = stage.domain().clone();
    match scene.event {
        Event::Own(post) => stage.publish(&post),
        Event::Post(post) => stage.receive(&post),
        Event::Edit(edit) => stage.revise(&edit),
        Event::Group { key, by, author, html } => stage.pass_on(&by, &PeerPost::plain(key, author, html)),
        Event::Follow { who, notify } => follow_all(stage, &who, notify),
        Event::Followed { who } => stage.all_follow(&who),
        Event::Like { post, who } => stage.all_act("Like", &post, &who),
        Event::Boost { post, who } => stage.all_act("Announce", &post, &who),
        Event::React { post, who, emoji } => stage.all_react(&post, &who, &emoji),
        Event::Vote { post, option, who } => stage.all_vote(&post, &option, &who),
        Event::Report { by, post, comment } => stage.report(&by, &post, &comment),
        Event::EndPoll { post } => posts::end_poll(&domain, stage.post(&post)?).map(drop),
        Event::Favourite { post } => favourite::add(&domain, stage.post(&post)?).map(drop),
        Event::Bookmark { post } => bookmark::add(&domain, stage.post(&post)?).map(drop),
        Event::Boosted { post } => boost::add(&domain, stage.post(&post)?, None).map(drop),
        Event::Pin { post } => pin::add(&domain, stage.post(&post)?).map(drop),
        Event::ReactOwn { post, emoji } => emoji_reaction::add(&domain, stage.post(&post)?, emoji).map(drop),
        Event::Choose { post, option } => posts::vote(&domain, stage.post(&post)?, vec![option]),
        Event::Mute { who } => who.iter().try_for_each(|key| mute::mute(&domain, stage.person(key)?, false, None)),
        Event::Lock { on } => stage.lock(on),
        Event::FilterStrangers => {
            let change = PolicyChange { private_mentions: Some(Treatment::Filter), ..PolicyChange::default() };
            policy::change(&domain, change).map(drop)
        }
    }
}

fn follow_all(stage: &mut Stage<'_>, who: &[String], notify: bool) -> Result<()> {
    for key in who {
        follow::follow(stage.domain(), stage.person(key)?, follow::FollowOptions::default())?;
        stage.accept_follow(key)?;
        if notify {
            let options = follow::FollowOptions { notify: Some(true), ..follow::FollowOptions::default() };
            follow::follow(stage.domain(), stage.person(key)?, options)?;
        }
    }
    Ok(())
}
