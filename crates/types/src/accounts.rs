//! What pages about accounts are given to show: mails of the local outbox, invitations, the
//! profile, and recoveries.

use serde::{Deserialize, Serialize};

use crate::{
    CustomRoleId, InvitationId, MailId, OrganisationId, RecoveryId, Role, StaffRole, Timestamp, UserId,
};

/// A mail that stays in the local outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxMail {
    /// Its id.
    pub id: MailId,
    /// To whom.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// Paragraphs of plain text, in order.
    pub paragraphs: Vec<String>,
    /// A label and a path each.
    pub links: Vec<(String, String)>,
    /// When it was queued.
    pub created_at: Timestamp,
}

/// An open invitation in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRow {
    /// Its id.
    pub id: InvitationId,
    /// To whom.
    pub email: String,
    /// The name of the role that is offered.
    pub role: String,
    /// Who invited: the display name.
    pub invited_by: String,
    /// When its link stops working.
    pub expires_at: Timestamp,
    /// Whether it does not work any more.
    pub is_expired: bool,
}

/// The page of invitations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationsPage {
    /// Invitations that nobody has accepted yet, newest first.
    pub open: Vec<InvitationRow>,
    /// The roles that the viewer may offer.
    pub roles: Vec<Role>,
    /// The organisation's own roles that the viewer may offer: id and name.
    pub custom: Vec<(CustomRoleId, String)>,
}

/// An invitation as the invited person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationOffer {
    /// Which organisation invites.
    pub organisation: String,
    /// To whom it was sent.
    pub email: String,
    /// The name of the role that is offered.
    pub role: String,
    /// Whether an account has this address: it signs in and accepts.
    pub has_account: bool,
    /// Whether the viewer is signed in as that account.
    pub is_mine: bool,
    /// When the link stops working.
    pub expires_at: Timestamp,
}

/// A sign-up whose address is confirmed by opening the link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpOffer {
    /// The person's name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The organisation that will be made.
    pub organisation: String,
}

/// The viewer's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The display name.
    pub name: String,
    /// The address.
    pub email: String,
    /// An address that waits to be confirmed, and until when.
    pub pending_email: Option<(String, Timestamp)>,
}

/// Where a recovery stands, for the person with the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecoveryStep {
    /// A second way must be shown by the person.
    SecondWay,
    /// A staff member must approve it.
    Approval,
    /// It waits until then.
    Waiting(Timestamp),
    /// A new way to sign in can be made.
    Ready,
}

/// A recovery as the person with the link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryView {
    /// The person's name.
    pub name: String,
    /// The account's address.
    pub email: String,
    /// Where it stands.
    pub step: RecoveryStep,
    /// When it ends if nothing more is done.
    pub expires_at: Timestamp,
}

/// A recovery of the viewer's own account, which any session can cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRecovery {
    /// Which.
    pub id: RecoveryId,
    /// When it was begun.
    pub started_at: Timestamp,
    /// From when on it lets somebody in, if its second way was shown.
    pub ready_at: Option<Timestamp>,
}

/// An account as staff find it by its exact address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffAccount {
    /// Its id.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The staff role, if the person is staff.
    pub staff_role: Option<StaffRole>,
    /// The organisations the person belongs to: id and name.
    pub organisations: Vec<(OrganisationId, String)>,
    /// Whether a recovery is open.
    pub is_recovering: bool,
}

/// A recovery that waits for a staff member's approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryRow {
    /// Which.
    pub id: RecoveryId,
    /// Whose account: name.
    pub name: String,
    /// Whose account: address.
    pub email: String,
    /// The staff role, if the person is staff.
    pub staff_role: Option<StaffRole>,
    /// Who began it: a name; empty if the person did.
    pub started_by: String,
    /// When.
    pub started_at: Timestamp,
    /// Whether the viewer may approve it: it is not theirs, and they did not begin it.
    pub may_approve: bool,
}
