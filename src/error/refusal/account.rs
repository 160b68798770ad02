//! Refusals of sign-ins, and of changes of the account.

use serde::{Deserialize, Serialize};

use crate::protocol::passkey;

/// Why a sign-in or a change of the account is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum AccountRefusal {
    /// The user name or the password is wrong.
    #[error("The user name or the password is wrong")]
    WrongCredentials,
    /// The password that confirms a change is wrong.
    #[error("The password is wrong")]
    WrongPassword,
    /// The password that is to be changed is wrong.
    #[error("The current password is wrong")]
    WrongCurrentPassword,
    /// The length of a new password.
    #[error("Password must have {minimum} to {maximum} bytes")]
    PasswordLength {
        /// The fewest bytes.
        minimum: usize,
        /// The most bytes.
        maximum: usize,
    },
    /// A code of two-factor authentication is wrong, or was used.
    #[error("The code is wrong, or was used already")]
    CodeUsed,
    /// The code that enables two-factor authentication is wrong.
    #[error("The code is wrong: enter the one that the app shows now")]
    CodeWrong,
    /// The challenge of a passkey has expired.
    #[error("This page was open for too long: load it again")]
    PageTooOld,
    /// What the browser has sent for a passkey is not valid.
    #[error("The passkey was not accepted: {0}")]
    PasskeyNotAccepted(passkey::Refusal),
    /// The passkey is not stored.
    #[error("This passkey is not known here: it may have been removed")]
    PasskeyUnknown,
    /// The challenge of a passkey was used.
    #[error("This sign-in was used already: load the page again")]
    SignInUsed,
    /// The passkey is stored.
    #[error("This passkey is stored already")]
    PasskeyStored,
    /// There are as many passkeys as are stored.
    #[error("There are {0} passkeys; remove one first")]
    TooManyPasskeys(usize),
    /// The user name has other characters.
    #[error("The user name may only contain lowercase letters a to z, digits and _")]
    UserNameCharacters,
    /// The user name is empty, or longer than this number.
    #[error("User name must have 1 to {0} characters")]
    UserNameLength(usize),
    /// The display name is longer than this number.
    #[error("Display name must have at most {0} characters")]
    DisplayNameLength(usize),
    /// The server has been set up.
    #[error("this server already has an owner")]
    OwnerExists,
    /// The account has moved to this one.
    #[error("Your account has moved to {0}; to use it here again, cancel the move in the settings")]
    Moved(String),
    /// More profile fields than this number.
    #[error("Cannot have more than {0} profile fields")]
    TooManyFields(usize),
    /// This is not the domain of a site that names the owner as author.
    #[error("`{0}` is not a domain name; write it like example.org")]
    NotADomain(String),
    /// More domains of such sites than this number.
    #[error("Cannot have more than {0} domains")]
    TooManyDomains(usize),
}
