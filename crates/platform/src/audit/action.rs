//! The codes of the audit log, and how each is told.

use types::verification::UnknownWord;

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $sentence:literal;)+) => {
        /// What happened. A code never changes its meaning; its version is in the event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $variant,)+ }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The predicate of the sentence: what the actor did. `{x}` stands for the
            /// detail `x`.
            const fn predicate(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)+ }
            }
        }
    };
}

actions! {
    /// The first person was made and the installation is in use.
    SetupCompleted = "setup.completed", "set up this installation and the organisation {organisation}";
    /// A link for the first person was made.
    SetupLinkMade = "setup.link_made", "made a one-time setup link";
    /// Somebody who was known already made a first passkey.
    PasskeyEnrolled = "user.passkey_enrolled", "made a passkey through a one-time link";
    /// Somebody signed in.
    SignedIn = "session.signed_in", "signed in with a passkey";
    /// Somebody tried to, and could not.
    SignInFailed = "session.sign_in_failed", "tried to sign in and was refused: {reason}";
    /// Somebody signed out.
    SignedOut = "session.signed_out", "signed out";
    /// A session moved to another organisation.
    OrganisationSwitched = "session.organisation_switched", "opened the organisation {organisation}";
    /// An organisation was made.
    OrganisationCreated = "organisation.created", "made the organisation {organisation}";
    /// Name, time zone or policy of an organisation changed.
    OrganisationUpdated = "organisation.updated", "changed the organisation's settings: {changes}";
    /// An API key was made.
    ApiKeyCreated = "api_key.created", "made the {environment} API key {name} (…{lastFour})";
    /// An API key was revoked.
    ApiKeyRevoked = "api_key.revoked", "revoked the {environment} API key {name} (…{lastFour})";
    /// A verification was started.
    VerificationStarted = "verification.started", "started a {environment} verification";
    /// The person agreed to be verified.
    VerificationConsented = "verification.consented", "agreed to be verified";
    /// The person did not.
    VerificationDeclined = "verification.declined", "declined to be verified";
    /// What was given cannot be used; another try is open.
    VerificationResubmission = "verification.resubmission", "gave lines whose check digits do not agree (try {attempt})";
    /// A verification was decided.
    VerificationDecided = "verification.decided", "gave evidence; the verification was {outcome}";
    /// Evidence was refused without a decision.
    VerificationRefused = "verification.evidence_refused", "gave evidence that was refused: {reason}";
    /// A verification's time ran out.
    VerificationExpired = "verification.expired", "ended the verification: its time ran out";
    /// Somebody took verifications away as a file.
    VerificationsExported = "verification.exported", "exported verifications ({filter})";
    /// All of them were given.
    ExportEnded = "verification.export_ended", "was given the last of {rows} exported verifications";
    /// Somebody asked for something that they may not do.
    PermissionDenied = "permission.denied", "asked for what needs the permission {permission}, and was refused";
    /// A failed job was queued again.
    JobRetried = "job.retried", "queued the failed job {kind} again";
    /// The installation's own keys were made.
    InstallationKeysMade = "installation.keys_made", "made this installation's keys";
    /// Data keys were wrapped under a newer master key.
    MasterKeyRotated = "vault.master_key_rotated", "wrapped {rewrapped} data keys under master key version {masterVersion}";
    /// A backup was made.
    BackupMade = "backup.made", "made the backup {file} with {events} audit events";
    /// A backup or a restore drill did not succeed.
    BackupFailed = "backup.failed", "could not finish the {kind}: {problem}";
    /// A backup was restored into a scratch place and compared.
    BackupRestored = "backup.restored", "restored the backup {file} in a drill and found its {events} audit events again";
    /// A backup's file was removed, its time being over.
    BackupRemoved = "backup.removed", "removed the backup {file}, kept for {keepDays} days";
    /// The whole database was restored from a backup: what came after it is missing.
    DatabaseRestored = "database.restored", "started on a database restored at {restoredAt} from the backup {file} of {madeAt}";
    /// Somebody ended one of their own sessions.
    SessionRevoked = "session.revoked", "ended a session";
    /// Somebody ended all of their sessions but the present one.
    SessionsRevoked = "session.others_revoked", "ended all other sessions ({sessions})";
    /// Somebody said of a notice that it was not them.
    AccountDisowned = "account.disowned", "said by the link in a notice that it was not them: {sessions} sessions were ended";
    /// Somebody reported something suspicious.
    SuspicionReported = "signal.reported", "reported something suspicious";
    /// Staff read signals.
    SignalsRead = "signal.read", "read {signals} {state} signals";
    /// Staff dealt with a signal.
    SignalHandled = "signal.handled", "marked a signal as handled";
    /// Somebody chose what they are reminded of.
    RemindersChosen = "reminder.chosen", "chose what they are reminded of: {reminders}";
    /// Somebody was invited to an organisation.
    InvitationSent = "invitation.sent", "invited somebody as {role}";
    /// An invitation was sent again, with a new link.
    InvitationResent = "invitation.resent", "sent an invitation again";
    /// An invitation was revoked.
    InvitationRevoked = "invitation.revoked", "revoked an invitation";
    /// An invitation was accepted.
    InvitationAccepted = "invitation.accepted", "accepted an invitation as {role}";
    /// Somebody asked to sign up.
    SignUpAsked = "account.sign_up_asked", "asked for an account";
    /// Somebody confirmed an address and made an account and an organisation.
    SignedUp = "account.signed_up", "signed up and made the organisation {organisation}";
    /// Somebody changed their name.
    NameChanged = "account.name_changed", "changed their name";
    /// Somebody asked for another e-mail address.
    EmailChangeAsked = "account.email_change_asked", "asked to change their e-mail address";
    /// It was confirmed.
    EmailChanged = "account.email_changed", "changed their e-mail address";
    /// Staff looked for an account by its address.
    AccountLookedUp = "account.looked_up", "looked for an account by its e-mail address and found {found}";
    /// Somebody asked to recover an account.
    RecoveryAsked = "recovery.asked", "asked to recover an account";
    /// The recovery of an account was begun.
    RecoveryStarted = "recovery.started", "began the recovery of an account ({origin})";
    /// The second way was shown: the waiting time begins.
    RecoveryConfirmed = "recovery.confirmed", "showed the second way of a recovery: {way}";
    /// A second way did not hold, or somebody tried to approve their own.
    RecoveryRefused = "recovery.refused", "was refused at a recovery: {way}";
    /// A recovery was cancelled.
    RecoveryCancelled = "recovery.cancelled", "cancelled a recovery through a {through}";
    /// A recovery put a new way to sign in in the place of the old ones.
    RecoveryCompleted = "recovery.completed", "recovered their account ({way}); every session was ended";
    /// A rule about who may do what to whom stood against it.
    AccessRefused = "access.refused", "tried what the rules of roles do not allow: {rule}";
    /// A member has another role.
    MemberRoleChanged = "member.role_changed", "changed a member's role from {from} to {to}";
    /// A member was removed; their keys stay.
    MemberRemoved = "member.removed", "removed a member ({role}), who had made {keys} working API keys";
    /// A member's sessions in the organisation were ended by somebody else.
    MemberSessionsEnded = "member.sessions_ended", "ended a member's sessions";
    /// A member left.
    MemberLeft = "member.left", "left the organisation";
    /// A role of the organisation's own was made.
    CustomRoleCreated = "custom_role.created", "made the role {name} with {permissions}";
    /// A role of the organisation's own gives something else.
    CustomRoleChanged = "custom_role.changed", "changed the role {name} of {members} members from {from} to {to}";
    /// A role of the organisation's own was deleted.
    CustomRoleDeleted = "custom_role.deleted", "deleted the role {name}";
    /// What the organisation asks of sign-ins and sessions changed.
    SecurityPolicyChanged = "security.policy_changed", "changed the security policy: {changes}";
    /// A staff role was given, changed or taken.
    StaffRoleChanged = "staff.role_changed", "changed somebody's staff role from {from} to {to}";
    /// Staff asked for a higher role for a time.
    ElevationRequested = "elevation.requested", "asked to be {role} for {minutes} minutes";
    /// The same, where nobody else could approve it.
    ElevationDelayed = "elevation.delayed", "will be {role} for {minutes} minutes after a delay, APPROVED BY NOBODY ELSE since nobody else could";
    /// Another person approved it.
    ElevationApproved = "elevation.approved", "approved that somebody is {role} for {minutes} minutes";
    /// Another person refused it.
    ElevationRefused = "elevation.refused", "refused that somebody is {role}";
    /// Whoever asked took it back.
    ElevationWithdrawn = "elevation.withdrawn", "took back the request to be {role}";
    /// Its time is over, or was cut short.
    ElevationEnded = "elevation.ended", "ended the elevation to {role}: {why}";
    /// A dangerous action was confirmed with a fresh passkey or code.
    Confirmed = "session.confirmed", "confirmed with a fresh {means} to be there, for the action {action}";
    /// Somebody tried to, and could not.
    ConfirmationRefused = "session.confirmation_refused", "tried to confirm the action {action} and was refused: {reason}";
    /// Somebody signed in with a password and a code.
    SignedInWithPassword = "session.signed_in_with_password", "signed in with a password and a {factor}";
    /// Too many wrong passwords or codes came in a row.
    PasswordDisabled = "user.password_disabled", "was wrong {failures} times in a row, so the account takes neither password nor code any more";
    /// A passkey was added to an account.
    PasskeyAdded = "user.passkey_added", "added a passkey";
    /// A passkey was given another name.
    PasskeyRenamed = "user.passkey_renamed", "renamed a passkey";
    /// A passkey was removed.
    PasskeyRemoved = "user.passkey_removed", "removed a passkey";
    /// Password, authenticator app and recovery codes were set.
    PasswordTotpEnrolled = "user.password_totp_enrolled", "set a password and an authenticator app";
    /// A password was changed.
    PasswordChanged = "user.password_changed", "changed the password";
    /// Another authenticator app took the place of the one before.
    TotpReplaced = "user.totp_replaced", "replaced the authenticator app";
    /// Password, authenticator app and recovery codes were removed.
    PasswordTotpRemoved = "user.password_totp_removed", "removed the password and the authenticator app";
    /// Recovery codes were made anew.
    RecoveryCodesMade = "user.recovery_codes_made", "made new recovery codes";
}

impl std::str::FromStr for Action {
    type Err = UnknownWord;

    fn from_str(code: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.code() == code)
            .ok_or(UnknownWord)
    }
}

/// The sentence of an event: actor and predicate, the details filled in.
pub(super) fn sentence(code: &str, actor: &str, details: &[(String, String)]) -> String {
    let Ok(action) = code.parse::<Action>() else {
        return format!("{actor}: {code}.");
    };
    let mut predicate = action.predicate().to_owned();
    for (name, value) in details {
        predicate = predicate.replace(&format!("{{{name}}}"), value);
    }
    format!("{actor} {predicate}.")
}
