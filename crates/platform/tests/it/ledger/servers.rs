//! Two servers: one works, and whoever was overtaken writes nothing.

use platform::{
    Ctx,
    ledger::{Sequencer, Step},
};
use testkit::{Cluster, Installation};

use super::{all, sequence, whole, write};

/// Longer than a claim.
const LONG: i64 = 11;

async fn two(cluster: &Cluster) -> (Installation, Installation) {
    let url = cluster.database().await.unwrap();
    let one = Installation::at(&url).await;
    let two = one.another_server(&url).await;
    (one, two)
}

#[tokio::test]
async fn the_other_takes_over_when_the_claim_ends_and_the_first_writes_nothing_more() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let (one, two) = two(&cluster).await;
    let (here, there) = (one.platform.system(), two.platform.system());
    let (mut first, mut second) = (Sequencer::new(&here), Sequencer::new(&there));
    sequence(&mut first, &here).await;
    write(&here, 3).await;
    assert_eq!(
        second.step(&there).await.unwrap(),
        Step::Elsewhere,
        "it is the first's"
    );
    sequence(&mut first, &here).await;
    write(&here, 3).await;
    one.clock.advance(LONG);
    sequence(&mut second, &there).await;
    write(&here, 3).await;
    assert_eq!(first.step(&here).await.unwrap(), Step::Elsewhere, "overtaken");
    sequence(&mut second, &there).await;
    whole(&one).await;
    write(&here, 3).await;
    second.end(&there).await.unwrap();
    sequence(&mut first, &here).await;
    whole(&two).await;
}

/// The first has begun a batch, its claim ends, and it wakes up again: by its epoch it is known.
#[tokio::test]
async fn a_batch_under_an_old_epoch_is_not_written() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let (one, two) = two(&cluster).await;
    let (here, there) = (one.platform.system(), two.platform.system());
    let mut first = Sequencer::new(&here);
    sequence(&mut first, &here).await;
    write(&here, 3).await;
    one.execute(
        "UPDATE ledger_state SET epoch = epoch + 1, claimant = 'another', claimed_until = 9000000000000000",
        &[],
    )
    .await;
    assert_eq!(first.step(&here).await.unwrap(), Step::Elsewhere);
    one.execute("UPDATE ledger_state SET claimed_until = NULL", &[])
        .await;
    assert_eq!(all(&there).await, 3);
    whole(&one).await;
}

/// Writers on both servers and both sequencers at once: nothing is lost, nothing is twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_lose_nothing() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let (one, two) = two(&cluster).await;
    let mut writers = tokio::task::JoinSet::new();
    for ctx in [one.platform.system(), two.platform.system()] {
        for _ in 0..3 {
            let ctx = ctx.clone();
            writers.spawn(async move { write(&ctx, 60).await });
        }
    }
    let stop = tokio::sync::watch::Sender::new(false);
    let mut sequencers = tokio::task::JoinSet::new();
    for ctx in [one.platform.system(), two.platform.system()] {
        let (stopped, clock) = (stop.subscribe(), one.clock.clone());
        sequencers.spawn(async move {
            let mut sequencer = Sequencer::new(&ctx).in_batches_of(16);
            let mut grown = 0;
            while !*stopped.borrow() {
                match sequencer.step(&ctx).await.unwrap() {
                    Step::Grown { events, .. } => grown += events,
                    // The other's claim ends at once, again and again.
                    Step::Elsewhere => clock.advance(LONG),
                    Step::Idle => {}
                    Step::Stopped(why) => panic!("{why}"),
                }
                tokio::task::yield_now().await;
            }
            grown
        });
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    stop.send_replace(true);
    let by_them: u64 = sequencers.join_all().await.into_iter().sum();
    one.clock.advance(LONG);
    let rest = the_rest(&one.platform.system()).await;
    assert_eq!(whole(&one).await, by_them + rest);
}

/// Gives places until nothing waits. The claims have ended, but a step that came to nothing drops
/// its transaction, whose lock PostgreSQL keeps until it hears of that.
async fn the_rest(ctx: &Ctx) -> u64 {
    let mut sequencer = Sequencer::new(ctx);
    let mut events_placed = 0;
    loop {
        match sequencer.step(ctx).await.unwrap() {
            Step::Grown { events, .. } => events_placed += events,
            Step::Elsewhere => tokio::task::yield_now().await,
            Step::Idle => return events_placed,
            Step::Stopped(why) => panic!("{why}"),
        }
    }
}
