//! Draws a plan: which service needs which, the load balancer, the backing services, and
//! the processes of each node. The result is one self-contained SVG.

mod canvas;
mod nodes;
mod services;

use canvas::{Anchor, Canvas};

use crate::plan::Plan;

/// The width of every drawing; the height depends on the content.
const WIDTH: f64 = 1180.0;
const MARGIN: f64 = 24.0;

/// Draws a plan.
pub fn svg(plan: &Plan) -> String {
    let mut canvas = Canvas::default();
    canvas.text(MARGIN, 40.0, "title", Anchor::Start, &plan.topology);
    let below = services::draw(&mut canvas, plan, 64.0);
    let below = nodes::draw(&mut canvas, plan, below + 40.0);
    canvas.finish(&format!("topology {}", plan.topology), WIDTH, below + MARGIN)
}

#[cfg(test)]
mod tests {
    use super::svg;
    use crate::{document, shipped};

    #[test]
    fn every_process_node_and_service_is_drawn() {
        for name in shipped::names() {
            let plan = document::topology(name).unwrap().resolve(None).unwrap();
            let drawn = svg(&plan);
            for process in &plan.processes {
                assert!(drawn.contains(&format!(">{}<", process.id)), "{name}: {}", process.id);
            }
            for node in &plan.nodes {
                assert!(drawn.contains(&format!(">{}<", node.name)), "{name}: {}", node.name);
            }
            for service in &plan.services {
                assert!(drawn.contains(&format!(">{}<", service.service)), "{name}");
            }
        }
    }
}
