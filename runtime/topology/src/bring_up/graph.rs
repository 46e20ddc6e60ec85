//! Runs pieces of work that depend on each other, each as soon as possible.

use std::collections::BTreeSet;
use std::pin::Pin;

use futures_util::stream::{FuturesUnordered, StreamExt as _};

/// One piece of work.
pub(super) struct Piece<'a, E> {
    /// Its name.
    pub id: String,
    /// The names of those that have to be done before it; unknown names count as done.
    pub after: Vec<String>,
    /// The work to do.
    pub work: Pin<Box<dyn Future<Output = Result<(), E>> + Send + 'a>>,
}

impl<'a, E> Piece<'a, E> {
    /// Creates a piece.
    pub(super) fn new(
        id: impl Into<String>,
        after: Vec<String>,
        work: impl Future<Output = Result<(), E>> + Send + 'a,
    ) -> Self {
        Self { id: id.into(), after, work: Box::pin(work) }
    }
}

/// Runs all pieces, at most `at_once` at a time, and stops at the first failure.
pub(super) async fn carry_out<E>(pieces: Vec<Piece<'_, E>>, at_once: usize) -> Result<(), E> {
    let mut open: BTreeSet<String> = pieces.iter().map(|piece| piece.id.clone()).collect();
    let mut waiting = pieces;
    let mut running = FuturesUnordered::new();
    loop {
        let mut later = Vec::new();
        for piece in waiting {
            let free = piece.after.iter().all(|id| !open.contains(id));
            if free && running.len() < at_once {
                let Piece { id, work, .. } = piece;
                running.push(async move { work.await.map(|()| id) });
            } else {
                later.push(piece);
            }
        }
        waiting = later;
        match running.next().await {
            Some(done) => drop(open.remove(&done?)),
            // The rest wait for each other. A plan has no such cycle.
            None => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn a_piece_begins_when_those_before_it_are_done() {
        let order = Mutex::new(Vec::new());
        let piece = |id: &'static str, after: &[&str]| {
            let order = &order;
            let after = after.iter().map(|id| (*id).to_owned()).collect();
            Piece::new(id, after, async move {
                tokio::task::yield_now().await;
                order.lock().unwrap().push(id);
                Ok::<(), ()>(())
            })
        };
        let pieces = vec![piece("c", &["b"]), piece("b", &["a", "unknown"]), piece("a", &[])];
        carry_out(pieces, 8).await.unwrap();
        assert_eq!(*order.lock().unwrap(), ["a", "b", "c"]);
    }

    #[tokio::test]
    async fn the_first_failure_ends_it() {
        let pieces = vec![
            Piece::new("a", vec![], async { Err("no") }),
            Piece::new("b", vec!["a".to_owned()], async { Ok(()) }),
        ];
        assert_eq!(carry_out(pieces, 8).await, Err("no"));
    }
}
