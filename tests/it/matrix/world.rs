//! An installation in which every route has something to be about.

use std::collections::BTreeMap;

use http::StatusCode;
use platform::{
    Ctx,
    access::{
        members::{self, RoleChoice},
        roles,
    },
    audit, elevations, identity, ledger, support,
};
use testkit::{Authenticator, Joined, adult_passport, who};
use types::{
    OrganisationId, Permission, Role, SignInMethod, StaffRole, UserId, console::AuditFilter,
    support::Subject, team::RoleDraft,
};

use super::{
    doors,
    routes::{Body, Route},
};
use crate::app::{App, ORIGIN, Reply};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A member with one of our roles.
    Member(Role),
    /// Somebody who is staff, and has the role Support in the organisation.
    Staff(StaffRole),
    /// A member whose role of the organisation's own gives `keys:read` and `team:read`.
    Custom,
    /// An owner whose sign-in is weaker than what the organisation asks for.
    Limited,
    /// A staff member who looks into the organisation with its consent.
    Looking,
    /// The owner of another organisation.
    Stranger,
    /// A program with an API key of the organisation.
    Key,
    /// Nobody.
    Nobody,
}

impl Asker {
    /// All of them, with the heads of their columns.
    pub(crate) const ALL: [(Self, &'static str); 16] = [
        (Self::Member(Role::Owner), "owner"),
        (Self::Member(Role::Admin), "admin"),
        (Self::Member(Role::Developer), "devel"),
        (Self::Member(Role::Billing), "bill"),
        (Self::Member(Role::Auditor), "audit"),
        (Self::Member(Role::Support), "supp"),
        (Self::Custom, "custom"),
        (Self::Staff(StaffRole::OperatorAdmin), "s:oper"),
        (Self::Staff(StaffRole::Security), "s:secu"),
        (Self::Staff(StaffRole::Support), "s:supp"),
        (Self::Staff(StaffRole::Billing), "s:bill"),
        (Self::Looking, "look"),
        (Self::Limited, "limit"),
        (Self::Stranger, "other"),
        (Self::Key, "key"),
        (Self::Nobody, "nobody"),
    ];
}

/// The installation, what it has by name, and secrets of people by name.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) passkey: Authenticator,
    names: BTreeMap<&'static str, String>,
    sessions: BTreeMap<&'static str, String>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let app = App::offering_sign_up().await;
        let (first, mut passkey) = app.home.first_person().await;
        let (me, organisation) = who(&first);
        let secret = sign_in(&app, &mut passkey).await;
        let mut world = Self {
            app,
            passkey,
            names: BTreeMap::new(),
            sessions: BTreeMap::from([("first", secret)]),
        };
        world.names.insert("organisation", organisation.to_string());
        world.verifications(&first).await;
        world.people(&first, organisation).await;
        world.credentials(&first).await;
        world.event(&first).await;
        world.kept(&first).await;
        world.log(&first).await;
        world.app.home.confirm_all(me).await;
        world
    }

    /// An event of the organisation that has its place in the ledger.
    async fn event(&mut self, first: &Ctx) {
        let system = self.app.home.platform.system();
        ledger::Sequencer::new(&system).step(&system).await.unwrap();
        let log = audit::list(first, &AuditFilter::default()).await.unwrap();
        self.names.insert("event", log.rows[0].id.to_string());
    }

    async fn verifications(&mut self, first: &Ctx) {
        let (key, keys) = doors::keys(first).await;
        self.names.extend(keys);
        let (verification, _) = self.app.started(&key).await;
        for name in ["consenting", "declining"] {
            let (_, path) = self.app.started(&key).await;
            self.names.insert(name, path.trim_start_matches("/v/").to_owned());
        }
        let [line1, line2] = <[String; 2]>::try_from(adult_passport()).unwrap();
        self.names.extend([
            ("verification", verification),
            ("request", doors::request(&self.app, first).await),
            ("line1", line1),
            ("line2", line2),
        ]);
        self.sessions.insert("key", key);
    }

    async fn people(&mut self, first: &Ctx, organisation: OrganisationId) {
        let home = &self.app.home;
        let member = home.joined(organisation, "Mia Member", Role::Support, None).await;
        let guest = home.joined(organisation, "Gil Guest", Role::Support, None).await;
        let clerk = Some(StaffRole::Billing);
        let clerk = home
            .joined(organisation, "Cleo Clerk", Role::Support, clerk)
            .await;
        let guard = Some(StaffRole::Security);
        let guard = home.joined(organisation, "Gus Guard", Role::Support, guard).await;
        home.confirm_all(guard.id).await;
        home.confirm_all(member.id).await;
        let locked = home.joined(organisation, "Lou Locked", Role::Support, None).await;
        let helper = Some(StaffRole::Support);
        let looker = home
            .joined(organisation, "Lex Looker", Role::Support, helper)
            .await;
        home.confirm_all(looker.id).await;
        support::give(first, 4).await.unwrap();
        support::enter(&looker.ctx, organisation, LOOKS_FOR)
            .await
            .unwrap();
        let about = Subject::Person(guest.id);
        support::hand_over(&guard.ctx, about, who(first).0, "You know this customer")
            .await
            .unwrap();
        let handover = support::desk(first).await.unwrap().inbox.remove(0).id;
        let draft = RoleDraft {
            name: "Key reader".into(),
            permissions: vec![Permission::KeysRead, Permission::TeamRead],
        };
        let role = roles::create(first, &draft).await.unwrap();
        let reason = "Waiting for somebody to decide";
        let elevation = elevations::ask(&clerk.ctx, StaffRole::OperatorAdmin, reason, 15)
            .await
            .unwrap();
        let system = home.platform.system();
        let newcomer = platform::demo::guest(&system, organisation, "Nia New", Role::Support, None).await;
        let newcomer = newcomer.unwrap();
        self.names.insert("newcomer", newcomer.to_string());
        let setup = platform::identity::enrolment_link(&system, newcomer)
            .await
            .unwrap();
        let job = "job_00000000000000000000000009";
        let sql = "INSERT INTO jobs (id, kind, payload, state, run_at, attempts, created_at, updated_at)
                   VALUES ($1, 'from.the.future', '', 'failed', 0, 8, 0, 0)";
        home.execute(sql, &[job]).await;
        self.sessions.extend([
            ("guard", guard.secret),
            ("member", member.secret),
            ("looker", looker.secret),
        ]);
        self.names.extend([
            ("member", member.id.to_string()),
            ("guest", guest.id.to_string()),
            ("clerk", clerk.id.to_string()),
            ("guard", guard.id.to_string()),
            ("locked", locked.id.to_string()),
            ("handover", handover.to_string()),
            ("role", role.to_string()),
            ("elevation", elevation.to_string()),
            ("setup", setup),
            ("job", job.to_owned()),
        ]);
    }

    /// A hold and a stream of the organisation, and of the installation.
    async fn kept(&mut self, first: &Ctx) {
        use types::retention::{HoldDraft, LogScope};
        let hold = HoldDraft {
            reason: "A reason that is long enough".into(),
            ..HoldDraft::default()
        };
        let stream = types::streams::StreamDraft {
            name: "SIEM".into(),
            kind: "webhook".into(),
            format: "json".into(),
            url: "https://siem.example.com/".into(),
            ..Default::default()
        };
        for (scope, hold_name, stream_name) in [
            (LogScope::Organisation, "hold", "stream"),
            (LogScope::Installation, "staff_hold", "staff_stream"),
        ] {
            let id = platform::retention::place(first, scope, &hold).await.unwrap();
            self.names.insert(hold_name, id.to_string());
            let made = platform::streams::create(first, scope, &stream).await.unwrap();
            self.names.insert(stream_name, made.id.to_string());
        }
    }

    /// Passwords of people who are not staff, and the first person's passkey.
    async fn credentials(&mut self, first: &Ctx) {
        let home = &self.app.home;
        let [member, guest] =
            ["member", "guest"].map(|name| acting(first, self.names[name].parse().unwrap()));
        for (ctx, name) in [(&member, "second_way"), (&guest, "recovery")] {
            let secret = identity::begin_totp(ctx);
            let code = identity::totp::code_at(&secret, ctx.now()).unwrap();
            let codes = identity::password_totp_set(ctx, PASSWORD, &secret, &code)
                .await
                .unwrap();
            self.names.insert(name, codes.first().cloned().unwrap());
        }
        let passkey = identity::sign_in_methods(first)
            .await
            .unwrap()
            .passkeys
            .remove(0)
            .id
            .to_string();
        let password = PASSWORD.to_owned();
        self.names.extend([("passkey", passkey), ("password", password)]);
        home.clock.advance(1);
        self.names.extend(doors::open(&self.app, first, &guest).await);
    }

    /// An event, saved searches and a made export.
    async fn log(&mut self, first: &Ctx) {
        use platform::audit;
        let filter = types::console::AuditFilter {
            action: Some("session".into()),
            ..Default::default()
        };
        for (name, of_staff) in [("search", false), ("staff_search", true)] {
            audit::save_search(first, of_staff, "Saved", &filter)
                .await
                .unwrap();
            let saved = audit::searches(first, of_staff).await.unwrap().remove(0);
            self.names.insert(name, saved.id.to_string());
        }
        let system = self.app.home.platform.system();
        sequence(&system).await;
        let format = types::audit::ExportFormat::JsonLines;
        let export = audit::ask_export(first, false, &filter, format).await.unwrap();
        assert!(audit::make_due(&system).await.unwrap());
        let newest = audit::list(first, &filter).await.unwrap().rows.remove(0);
        self.names
            .extend([("export", export.to_string()), ("event", newest.id.to_string())]);
    }

    /// Lets somebody in who asks like this; the name under which [`World::ask`] knows them.
    pub(crate) async fn admit(&mut self, asker: Asker) -> &'static str {
        let organisation = self.names["organisation"].parse().unwrap();
        let (role, staff) = match asker {
            Asker::Key => return "key",
            Asker::Nobody => return "nobody",
            Asker::Member(role) => (role, None),
            Asker::Staff(staff) => (Role::Support, Some(staff)),
            Asker::Looking => (Role::Owner, Some(StaffRole::Support)),
            Asker::Custom => (Role::Support, None),
            Asker::Limited | Asker::Stranger => (Role::Owner, None),
        };
        let first = self.app.home.signed_in(&self.sessions["first"]).await;
        let organisation = if asker == Asker::Stranger {
            platform::access::create_organisation(&first, "Other", "UTC")
                .await
                .unwrap()
        } else {
            organisation
        };
        let Joined { id, secret, ctx } = self.app.home.joined(organisation, "Ash Asker", role, staff).await;
        if asker == Asker::Custom {
            let custom = RoleChoice::Custom(self.names["role"].parse().unwrap());
            members::change_role(&first, id, custom).await.unwrap();
        }
        if asker == Asker::Limited {
            self.app.home.began(id, SignInMethod::PasswordTotp).await;
            let sql = "UPDATE organisations SET mfa_requirement = 'passkey' WHERE id = $1";
            self.app.home.execute(sql, &[&organisation.to_string()]).await;
        }
        self.app.home.confirm_all(id).await;
        if asker == Asker::Looking {
            support::enter(&ctx, organisation, LOOKS_FOR).await.unwrap();
        }
        self.sessions.insert("asker", secret);
        "asker"
    }

    /// The text with the names of this world filled in.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (name, value) in &self.names {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        filled
    }

    /// Sends the route's request as one of the people of this world.
    pub(crate) async fn ask(&self, route: &Route, by: &str) -> Reply {
        let path = self.fill(route.path);
        let mut call = self.app.call(route.method, &path);
        match by {
            "nobody" => {}
            "key" => call = call.key(&self.sessions["key"]),
            name => call = call.session(&self.sessions[name]),
        }
        match route.body {
            Body::None => call.send().await,
            Body::Form(fields) => {
                let filled: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| (*name, self.fill(value)))
                    .collect();
                let fields: Vec<_> = filled
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                call.form(&fields).send().await
            }
            Body::Json(text) if text.starts_with('{') => {
                let call = call
                    .header("content-type", "application/json")
                    .header("origin", ORIGIN);
                call.raw(self.fill(text)).send().await
            }
            Body::Json(text) => {
                let call = call.header("content-type", "application/x-www-form-urlencoded");
                call.header("origin", ORIGIN).raw(self.fill(text)).send().await
            }
        }
    }

    /// How often this stands in the audit log.
    pub(crate) async fn told(&self, code: &str) -> i64 {
        let mut read = self.app.home.db.read().await.unwrap();
        db::on!(read, |c| sqlx::query_scalar::<_, i64>(
            "SELECT COUNT(*) FROM audit_events WHERE action = $1"
        )
        .bind(code)
        .fetch_one(c)
        .await)
        .unwrap()
    }

    pub(crate) fn secret(&self, name: &str) -> &str {
        &self.sessions[name]
    }
}

const LOOKS_FOR: &str = "They ask why a key fails";
const PASSWORD: &str = "correct walrus bagpipe lantern";

/// The same context, as this person's.
fn acting(ctx: &Ctx, as_whom: UserId) -> Ctx {
    let mut actor = ctx.actor().clone();
    if let platform::Actor::User { id, staff_role, .. } = &mut actor {
        *id = as_whom;
        *staff_role = None;
    }
    ctx.acting_as(actor)
}

async fn sign_in(app: &App, passkey: &mut Authenticator) -> String {
    let anonymous = app.home.anonymous();
    let ceremony = platform::identity::sign_in_begin(&anonymous).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, testkit::Fault::None);
    let session = platform::identity::sign_in_finish(&anonymous, &ceremony.ceremony, answer).await;
    session.unwrap().secret
}

/// In the matrix: what was answered, in a word.
pub(crate) fn word(status: StatusCode) -> String {
    status.as_u16().to_string()
}

/// Gives every event its place in the ledger.
async fn sequence(system: &Ctx) {
    let mut sequencer = ledger::Sequencer::new(system);
    while matches!(sequencer.step(system).await.unwrap(), ledger::Step::Grown { .. }) {}
    sequencer.end(system).await.unwrap();
}
