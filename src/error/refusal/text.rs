//! Refusals of texts by their length.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is wrong with the length of a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum TextRefusal {
    /// The text is blank.
    #[error("{0} can't be blank")]
    Blank(RequiredText),
    /// The text is too long.
    #[error("{text} is too long (maximum is {maximum} characters)")]
    TooLong {
        /// Which text.
        text: LimitedText,
        /// The most characters.
        maximum: usize,
    },
}

/// A text that must not be blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequiredText {
    /// The text of a post.
    Post,
    /// The title of a list or filter.
    Title,
    /// The contexts of a filter.
    FilterContext,
    /// A keyword of a filter.
    Keyword,
}

impl fmt::Display for RequiredText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Post => "Text",
            Self::Title => "Title",
            Self::FilterContext => "Context",
            Self::Keyword => "Keyword",
        })
    }
}

/// A text that has a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LimitedText {
    /// The content warning of a post.
    ContentWarning,
    /// The description of an attachment.
    MediaDescription,
    /// The title of a list or filter.
    Title,
    /// A keyword of a filter.
    Keyword,
    /// A note about an account.
    AccountNote,
    /// The comment of a report.
    ReportComment,
    /// The owner's display name.
    DisplayName,
    /// The owner's note.
    ProfileNote,
    /// The description of the avatar.
    AvatarDescription,
    /// The description of the header.
    HeaderDescription,
    /// The label of a profile field.
    FieldLabel,
    /// The value of a profile field.
    FieldValue,
    /// The description of the server.
    ServerDescription,
    /// The privacy policy of the server.
    PrivacyPolicy,
    /// The terms of service of the server.
    TermsOfService,
    /// A rule of the server.
    Rule,
    /// What is searched for.
    Search,
}

impl fmt::Display for LimitedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ContentWarning => "Content warning",
            Self::MediaDescription | Self::ServerDescription => "Description",
            Self::Title => "Title",
            Self::Keyword => "Keyword",
            Self::AccountNote | Self::ReportComment => "Comment",
            Self::DisplayName => "Display name",
            Self::ProfileNote => "Note",
            Self::AvatarDescription => "Avatar description",
            Self::HeaderDescription => "Header description",
            Self::FieldLabel => "Profile field label",
            Self::FieldValue => "Profile field",
            Self::PrivacyPolicy => "Privacy policy",
            Self::TermsOfService => "Terms of service",
            Self::Rule => "A rule",
            Self::Search => "The search",
        })
    }
}
