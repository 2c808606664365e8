//! Streams of OCSF.

use platform::streams;
use testkit::Installation;
use types::streams::StreamDraft;

use super::{ORGANISATION, draft, events, send, siem};

#[tokio::test]
async fn a_stream_of_ocsf_has_the_place_the_text_and_only_the_personal_fields_that_are_wanted() {
    let home = Installation::in_memory().await;
    let siem = siem(&home);
    let (user, _) = home.first_person().await;
    for with_personal in [true, false] {
        let draft = StreamDraft {
            format: "ocsf".into(),
            with_personal,
            ..draft()
        };
        streams::create(&user, ORGANISATION, &draft).await.unwrap();
    }
    events(&home, &user, 2).await;
    send(&home.platform.system()).await;
    let mut read = home.db.read().await.unwrap();
    let texts: Vec<(i64, String)> = db::on!(read, |c| sqlx::query_as(
        "SELECT leaf_index, canonical FROM audit_events WHERE leaf_index IS NOT NULL"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    drop(read);
    let taken = siem.taken.lock().unwrap();
    assert_eq!(taken.len(), 2, "a batch each");
    let mut with_address = Vec::new();
    for (_, parcel) in taken.iter() {
        let mut addresses = 0;
        for line in &parcel.lines {
            assert!(line.json.is_ascii() && !line.json.contains('\n'), "{}", line.json);
            let event: serde_json::Value = serde_json::from_str(&line.json).unwrap();
            let leaf = line.leaf.unwrap();
            assert_eq!(event["metadata"]["version"], "1.5.0");
            assert_eq!(event["metadata"]["sequence"], leaf);
            assert_eq!(event["metadata"]["uid"], line.id.as_str());
            let carried = &event["unmapped"]["loomwire"];
            let (_, text) = texts.iter().find(|(place, _)| *place == leaf).unwrap();
            assert_eq!(carried["canonical"], text.as_str(), "the exact bytes");
            assert_eq!(carried["leafIndex"], leaf);
            assert!(carried["proof"].is_null() && carried["opened"].is_null());
            addresses += usize::from(line.json.contains("192.0.2.7"));
        }
        with_address.push(addresses > 0);
    }
    with_address.sort_unstable();
    assert_eq!(with_address, [false, true], "with, and without");
}
