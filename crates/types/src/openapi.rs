//! What the API's description says of shapes that a type alone does not tell.

use utoipa::openapi::{
    ArrayBuilder, Object, ObjectBuilder, RefOr, Schema, SchemaFormat, Type,
    schema::{AdditionalProperties, AnyOfBuilder, ArrayItems, SchemaType},
};

use crate::{limits::LimitedCall, usage::ENDPOINTS};

/// Networks of a key at most.
const NETWORKS: usize = 50;
/// How a limit may be named.
const LIMIT_NAME: &str = "^[a-z0-9][a-z0-9-]{0,39}$";

/// An id of the kind with this prefix.
pub(crate) fn id(prefix: &str) -> RefOr<Schema> {
    let object = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$")))
        .description(Some("An id: not a secret. Later ones sort later."))
        .examples([format!("{prefix}_01kbqv5xk4e0t8m3z9w2r7c6yh")]);
    Schema::Object(object.build()).into()
}

/// One of some words, each with its meaning.
pub(crate) fn words(what: &str, words: &[(&str, &str)]) -> RefOr<Schema> {
    let meanings = words
        .iter()
        .map(|(word, meaning)| format!("\n- `{word}`:{meaning}"));
    let meanings = meanings.collect::<Vec<_>>().concat();
    let object = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words.iter().map(|(word, _)| *word)))
        .description(Some(format!("{}\n{meanings}", what.trim())));
    Schema::Object(object.build()).into()
}

/// `StartBody::ip`.
pub(crate) fn optional_address() -> RefOr<Schema> {
    let format = |name: &str| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom(name.to_owned())))
    };
    let any = AnyOfBuilder::new()
        .item(format("ipv4"))
        .item(format("ipv6"))
        .item(ObjectBuilder::new().schema_type(Type::Null))
        .description(Some("The person's address: kept as a keyed hash, for 30 days."))
        .examples(["192.0.2.44"]);
    Schema::AnyOf(any.build()).into()
}

/// `StartBody::checks`.
pub(crate) fn checks() -> RefOr<Schema> {
    let word = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(["document", "age"]));
    let list = list(word.build(), true)
        .min_items(Some(1))
        .description(Some(
            "What to check. The document is always checked; `age` without `minimumAge` means 18.",
        ))
        .examples([["document", "age"].as_slice()]);
    Schema::Array(list.build()).into()
}

/// `UsageQuery::endpoint`.
pub(crate) fn endpoint() -> RefOr<Schema> {
    let known = ENDPOINTS.into_iter().chain(["other"]);
    let object = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(known));
    Schema::Object(object.build()).into()
}

/// `EvidenceBody::mrz`: the three forms of ICAO 9303.
pub(crate) fn mrz() -> RefOr<Schema> {
    let lines = |count: usize, length: usize| {
        let line = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(format!("^[0-9A-Z<]{{{length}}}$")));
        list(line.build(), false)
            .min_items(Some(count))
            .max_items(Some(count))
    };
    let any = AnyOfBuilder::new()
        .item(lines(2, 44))
        .item(lines(2, 36))
        .item(lines(3, 30))
        .description(Some(
            "The machine-readable lines: two of 44 or 36 characters, or three of 30.",
        ));
    Schema::AnyOf(any.build()).into()
}

/// `NewKeyBody::allow_list`.
pub(crate) fn networks() -> RefOr<Schema> {
    networks_or(false, "Left out or empty: everywhere.")
}

/// `ChangeKeyBody::allow_list`.
pub(crate) fn optional_networks() -> RefOr<Schema> {
    networks_or(true, "Empty: everywhere. Null: as it is.")
}

/// `NewKeyBody::limits`.
pub(crate) fn limits() -> RefOr<Schema> {
    limits_or(false, "Left out or empty: none.")
}

/// `ChangeKeyBody::limits`.
pub(crate) fn optional_limits() -> RefOr<Schema> {
    limits_or(true, "Empty: none. Null: as they are.")
}

fn limits_or(null: bool, left_out: &str) -> RefOr<Schema> {
    let name = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(LIMIT_NAME));
    let list = list(name.build(), null)
        .description(Some(format!(
            "The named limits that it is held to; those of the calling key at least. {left_out}"
        )))
        .examples([["nightly-batch"].as_slice()]);
    Schema::Array(list.build()).into()
}

/// `LimitBody::costs` and `LimitAnswer::costs`.
pub(crate) fn costs() -> RefOr<Schema> {
    let cost = |call: &LimitedCall| {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(0))
            .maximum(Some(1_000_000))
            .description(Some(call.spelled()))
    };
    let calls = LimitedCall::ALL.iter();
    let object = calls.fold(ObjectBuilder::new(), |object, call| {
        object.property(call.as_str(), cost(call))
    });
    let object = object
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
        .description(Some("Units that calls take. Those that are left out take 1."));
    Schema::Object(object.build()).into()
}

fn networks_or(null: bool, left_out: &str) -> RefOr<Schema> {
    let network = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom("cidr".to_owned())));
    let list = list(network.build(), null)
        .max_items(Some(NETWORKS))
        .description(Some(format!(
            "From where the key may be used: networks in CIDR notation, or addresses. {left_out}"
        )))
        .examples([["192.0.2.0/24"].as_slice()]);
    Schema::Array(list.build()).into()
}

fn list(item: Object, null: bool) -> ArrayBuilder {
    let kind = if null {
        SchemaType::from_iter([Type::Array, Type::Null])
    } else {
        SchemaType::from(Type::Array)
    };
    ArrayBuilder::new()
        .schema_type(kind)
        .items(ArrayItems::RefOrSchema(Box::new(RefOr::T(Schema::Object(item)))))
}
