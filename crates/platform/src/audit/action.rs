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
            pub(super) const fn predicate(self) -> &'static str {
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
    /// What an API key may do, from where or for how long was changed.
    ApiKeyChanged = "api_key.changed", "changed the {environment} API key {name} (…{lastFour}): {changes}";
    /// One API key took over from another.
    ApiKeyRotated = "api_key.rotated", "rotated the {environment} API key {name}: …{newLastFour} takes over, and …{lastFour} works until {until}";
    /// A limit of an organisation's own was made or changed.
    RateLimitSet = "rate_limit.set", "set the limit {name} to {units} units in {seconds} seconds";
    /// A limit of an organisation's own was removed, and taken from its keys.
    RateLimitRemoved = "rate_limit.removed", "removed the limit {name}";
    /// The day came on which a key was planned to be rotated.
    ApiKeyRotationDue = "api_key.rotation_due", "noted that the rotation of the {environment} API key {name} (…{lastFour}) is due";
    /// To when a key works from which another took over was changed.
    ApiKeyOverlapChanged = "api_key.overlap_changed", "let the rotated {environment} API key {name} (…{lastFour}) work until {until}";
    /// What an organisation asks of its keys changed.
    KeyPolicyChanged = "api_key.policy_changed", "changed what is asked of API keys: {policy}";
    /// A key that was past the policy was disabled.
    ApiKeyDisabled = "api_key.disabled", "disabled the {environment} API key {name} (…{lastFour}): {reason}";
    /// A disabled key was enabled again.
    ApiKeyEnabled = "api_key.enabled", "enabled the {environment} API key {name} (…{lastFour}) again";
    /// A key was found where it should not be.
    ApiKeyLeaked = "api_key.leaked", "was told by {source} that the {environment} API key {name} (…{lastFour}) was found elsewhere; it {done}";
    /// An API key that is known was refused; told once in ten minutes.
    ApiKeyRefused = "api_key.refused", "called with an API key and was refused: {reason}";
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
    /// Somebody took figures of usage, or lines of the log of requests, away as a file.
    UsageExported = "usage.exported", "exported {what} as CSV ({filter})";
    /// All lines of the log of requests that the file has were given.
    RequestsGiven = "usage.export_ended", "was given the last of {rows} exported requests";
    /// Staff set how many billable units an organisation may start in a month.
    QuotaSet = "quota.set", "set the quota of billable units a month from {from} to {to}";
    /// Live starts were refused: told once in a while, however many they were.
    QuotaReached = "quota.start_refused", "was refused to start verifications: the quota of {limit} billable units for {month} is used up";
    /// Somebody asked for something that they may not do.
    PermissionDenied = "permission.denied", "asked for what needs the permission {permission}, and was refused";
    /// Somebody went to do something dangerous without a fresh confirmation.
    StepUpRefused = "session.confirmation_missing", "was refused the dangerous action {action}: {reason}";
    /// A failed job was queued again.
    JobRetried = "job.retried", "queued the failed job {kind} again";
    /// The installation's own keys were made.
    InstallationKeysMade = "installation.keys_made", "made this installation's keys";
    /// Data keys were wrapped under a newer master key.
    MasterKeyRotated = "vault.master_key_rotated", "wrapped {rewrapped} data keys under master key version {masterVersion}";
    /// API keys have another pepper from now on.
    PepperRotated = "vault.pepper_rotated", "made version {version} of the pepper of API keys";
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

    // Finding events
    /// Staff read an audit log.
    AuditRead = "audit.read", "read {events} events of the audit log ({log}; filter: {filter})";
    /// Somebody saved a search of the log.
    SearchSaved = "audit.search_saved", "saved a search of the audit log";
    /// Somebody removed one.
    SearchRemoved = "audit.search_removed", "removed a saved search of the audit log";
    /// Somebody asked for a file of audit events.
    AuditExportAsked = "audit.export_asked", "asked for an export of audit events as {format} ({filter})";
    /// The file was gone through: its length and digest are known.
    AuditExportMade = "audit.export_made", "made an export of {events} audit events";
    /// Somebody began to download it.
    AuditExportOpened = "audit.export_opened", "began to download an export of audit events, from byte {from}";
    /// They were given the last byte of it.
    AuditExportGiven = "audit.export_given", "was given the last of {events} exported audit events";

    // The ledger.
    /// A key that signs the ledger's checkpoints was made.
    LedgerKeyMade = "ledger.key_made", "made a key for the ledger's checkpoints: {verifierKey}";
    /// Something in the database is not as it was written, so events get no places any more.
    LedgerStopped = "ledger.stopped", "STOPPED SEQUENCING THE AUDIT LOG: {problem}";
    /// That was put right.
    LedgerResumed = "ledger.resumed", "went on with sequencing the audit log, what was wrong having been put right";
    /// A witness does not sign checkpoints.
    WitnessFailing = "ledger.witness_failing", "got no signature by the witness {witness}: {problem}";
    /// It does again.
    WitnessRecovered = "ledger.witness_recovered", "got a signature by the witness {witness} again";
    /// The database did not finish a write for longer than it should take; it did in the end.
    WriteStalled = "database.write_stalled", "waited {seconds} s for the database to finish a write";
    /// Staff ended the sessions of everybody but themselves.
    EverybodysSessionsEnded = "session.everybodys_ended", "ENDED EVERYBODY'S SESSIONS ({sessions})";
    /// Staff read a page of the installation that tells of people or customers.
    StaffPageRead = "staff.page_read", "read the staff page {page} ({shown})";
    /// Staff looked for something at the support desk.
    SupportLookedUp = "support.looked_up", "looked for something by its {kind} at the support desk ({found} found)";
    /// Staff read what the support desk knows of something.
    SupportSubjectRead = "support.subject_read", "read what the support desk knows of the {kind} ({shown})";
    /// Staff wrote a note.
    SupportNoteAdded = "support.note_added", "wrote a note about the {kind} at the support desk";
    /// Staff handed something over to a colleague.
    SupportHandedOver = "support.handed_over", "handed the {kind} over to a colleague at the support desk";
    /// Staff closed a hand-over.
    SupportHandoverClosed = "support.handover_closed", "closed a hand-over at the support desk";
    /// Staff asked an organisation to let support look into it.
    SupportConsentAsked = "support.consent_asked", "asked to look into the organisation";
    /// An organisation lets support look into it.
    SupportConsentGiven = "support.consent_given", "let support look into the organisation for {hours} hours";
    /// An organisation does not.
    SupportConsentRefused = "support.consent_refused", "refused that support looks into the organisation";
    /// An organisation does not any more.
    SupportConsentWithdrawn = "support.consent_withdrawn", "took back that support looks into the organisation ({looks} looks were ended)";
    /// The time of a consent, or of a request for one, was over.
    SupportConsentEnded = "support.consent_ended", "ended that support looks into the organisation: {why}";
    /// A staff member began to look into an organisation.
    SupportLookBegan = "support.look_began", "began to look into the organisation with its consent";
    /// A staff member who looks into an organisation read a page of it.
    SupportPageRead = "support.page_read", "looked at the page {page}";
    /// A staff member who looks into an organisation tried to do something else than read.
    SupportLookBlocked = "support.look_blocked", "tried to send the form {page} while looking in, and was refused";
    /// The look was left, or ended.
    SupportLookEnded = "support.look_ended", "ended the look into the organisation: {why}";


    /// Audit events past their time were removed; their hashes stay.
    AuditRetired = "audit.retired", "retired {events} audit events from before {before}, places {first} to {last}, as the policy of {days} days says";
    /// Verifications past their time were removed.
    VerificationsPurged = "verification.purged", "removed {verifications} verifications from before {before}, as the policy of {days} days says; the figures stay";
    /// Counts of API calls past their time were removed.
    CallsPurged = "api_key.calls_purged", "removed {rows} counts of API calls from before {before}, as the policy of {days} days says";
    /// How long things are kept changed.
    RetentionChanged = "retention.changed", "changed how long things are kept: {changes}";
    /// A legal hold was placed.
    HoldPlaced = "legal_hold.placed", "placed a legal hold on {what}";
    /// A legal hold was released.
    HoldReleased = "legal_hold.released", "RELEASED THE LEGAL HOLD on {what}: its events can go from now on";
    /// A stream was made.
    StreamCreated = "stream.created", "made the stream {name} to {target}, {personal} personal fields";
    /// A test event was sent through a stream.
    StreamTested = "stream.tested", "sent a test event through the stream {name}: {outcome}";
    /// A stream was stopped for a time.
    StreamPaused = "stream.paused", "paused the stream {name}";
    /// It goes on.
    StreamResumed = "stream.resumed", "resumed the stream {name}";
    /// A stream sends again from an earlier place, or from a later one.
    StreamReplayed = "stream.replayed", "set the stream {name} from place {from} to place {to}";
    /// A stream got another secret.
    StreamSecretMade = "stream.secret_made", "made a new secret for the stream {name}";
    /// A stream was deleted.
    StreamDeleted = "stream.deleted", "deleted the stream {name} to {target}, which had come to place {place}";
    /// The other side of a stream does not take events.
    StreamFailing = "stream.failing", "could not send events through the stream {name} since {since}: {problem}";
    /// It takes them again.
    StreamRecovered = "stream.recovered", "sends events through the stream {name} again";
    /// An address was given that is told of events.
    WebhookCreated = "webhook.created", "made the {environment} webhook to {target} for {events}";
    /// Where it leads, or what it is told, changed.
    WebhookUpdated = "webhook.updated", "changed the webhook to {target}: {changes}";
    /// It is not told any more.
    WebhookDisabled = "webhook.disabled", "disabled the webhook to {target}: {why}";
    /// It is told again.
    WebhookEnabled = "webhook.enabled", "enabled the webhook to {target}";
    /// It was deleted, with its log.
    WebhookDeleted = "webhook.deleted", "deleted the webhook to {target}";
    /// A new secret signs; the one before signs too for a while.
    WebhookSecretRotated = "webhook.secret_rotated", "rotated the secret of the webhook to {target}: the old one signs too until {until}";
    /// The secret before signs nothing more.
    WebhookOldSecretEnded = "webhook.old_secret_ended", "stopped signing with the old secret of the webhook to {target}";
    /// A test event was sent.
    WebhookTested = "webhook.tested", "sent a test event to the webhook to {target}";
    /// One delivery, or those that had failed, are sent again.
    WebhookReplayed = "webhook.replayed", "replayed {deliveries} deliveries to the webhook to {target}";
    /// It has taken nothing for days: it will be disabled.
    WebhookFailing = "webhook.failing", "could not send events to the webhook to {target} since {since}: {problem}";
    /// It takes them again.
    WebhookRecovered = "webhook.recovered", "sends events to the webhook to {target} again";
    /// Something is watched from now on.
    AlertRuleCreated = "alert_rule.created", "made the alert {name} ({kind}; warning: {warning}, critical: {critical})";
    /// What is watched, or who is told, changed.
    AlertRuleChanged = "alert_rule.changed", "changed {what} of the alert {name} ({kind}; warning: {warning}, critical: {critical})";
    /// It is watched again.
    AlertRuleEnabled = "alert_rule.enabled", "switched the alert {name} on";
    /// It is watched no longer.
    AlertRuleDisabled = "alert_rule.disabled", "switched the alert {name} off";
    /// It was deleted, with its history.
    AlertRuleRemoved = "alert_rule.removed", "deleted the alert {name} ({kind})";
    /// Nobody is told for a while.
    AlertRuleSilenced = "alert_rule.silenced", "silenced the alert {name} until {until}";
    /// People are told again.
    AlertRuleUnsilenced = "alert_rule.unsilenced", "ended the silence of the alert {name}";
    /// Somebody took note of what fires.
    AlertRuleAcknowledged = "alert_rule.acknowledged", "acknowledged the alert {name}, which is {state}";
    /// There is a further place where people are told.
    AlertChannelCreated = "alert_channel.created", "made the {kind} channel {name} of alerts, to {to}";
    /// A test message was sent there.
    AlertChannelTested = "alert_channel.tested", "sent a test through the {kind} channel {name} of alerts";
    /// People are told there no longer.
    AlertChannelRemoved = "alert_channel.removed", "removed the {kind} channel {name} of alerts";
    /// A value got past a threshold.
    AlertFired = "alert.fired", "found the alert {name} {to}, which was {from}: {kind} is {value}";
    /// A value is past the milder threshold only.
    AlertEased = "alert.eased", "found the alert {name} only a {to} any more, which was {from}: {kind} is {value}";
    /// A value is past no threshold any more.
    AlertCleared = "alert.cleared", "found the alert {name} over, which was {from}: {kind} is {value}";
    /// Staff set what a billable unit costs an organisation.
    PriceSet = "price.set", "set the price of a billable unit from {from} to {to}";
    /// A person's fields were erased from every event.
    PersonErased = "user.personal_fields_erased", "ERASED {fields} personal fields of a person from the audit log, and what else their key sealed";
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
