//! The lower part: each node with its processes.

use super::canvas::{Anchor, Box, Canvas};
use super::{MARGIN, WIDTH};
use crate::plan::{Plan, Process};

const CHIP: (f64, f64) = (242.0, 26.0);
const GAP: f64 = 8.0;
const PADDING: f64 = 14.0;
const HEAD: f64 = 36.0;
/// The most processes in one column of a node.
const LONGEST: usize = 7;

/// Draws the nodes from `top` down and returns the lower edge.
pub(super) fn draw(canvas: &mut Canvas, plan: &Plan, top: f64) -> f64 {
    let (mut x, mut y, mut lowest) = (MARGIN, top, top);
    for node in &plan.nodes {
        let on: Vec<&Process> = plan.processes.iter().filter(|p| p.node == node.name).collect();
        // As few columns as possible, of even length.
        let most = 4_usize;
        let columns = on.len().div_ceil(LONGEST).clamp(1, most);
        let lines = on.len().div_ceil(columns).max(1);
        let width = number(columns) * (CHIP.0 + GAP) - GAP + 2.0 * PADDING;
        let height = HEAD + number(lines) * (CHIP.1 + GAP) - GAP + PADDING;
        if x > MARGIN && x + width > WIDTH - MARGIN + 1.0 {
            (x, y) = (MARGIN, lowest + 20.0);
        }
        let at = Box { x, y, width, height };
        canvas.rect(at, "node", 6.0);
        canvas.text(x + PADDING, y + 24.0, "name", Anchor::Start, &node.name);
        canvas.text(x + width - PADDING, y + 24.0, "soft", Anchor::End, &node.driver);
        for (place, process) in on.into_iter().enumerate() {
            let column = number(place / lines);
            let line = number(place % lines);
            let chip = Box {
                x: x + PADDING + column * (CHIP.0 + GAP),
                y: y + HEAD + line * (CHIP.1 + GAP),
                width: CHIP.0,
                height: CHIP.1,
            };
            one(canvas, process, chip);
        }
        x += width + 20.0;
        lowest = lowest.max(at.bottom());
    }
    lowest
}

fn one(canvas: &mut Canvas, process: &Process, at: Box) {
    let colour = process.component.service().map_or("backing", |service| service.name());
    canvas.striped(at, colour);
    canvas.text(at.x + 14.0, at.y + 17.5, "chip", Anchor::Start, &process.id);
    let mut words = Vec::new();
    if process.workers > 1 {
        words.push(format!("{} workers", process.workers));
    }
    words.extend(process.release.clone());
    canvas.text(at.x + at.width - 8.0, at.y + 17.5, "soft", Anchor::End, &words.join(", "));
}

/// Counts here are small.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
