//! The shapes of a drawing, and their colours in light and dark mode.

use std::fmt::Write as _;

/// A drawing in progress.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    body: String,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Box {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Which end of a text is at its position.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

const STYLE: &str = "\
  svg { --paper: #ffffff; --ink: #1c2430; --soft: #5d6b7e; --line: #b9c3d0; --fill: #f4f6f9; color-scheme: light dark;
    --keystone: #c8553d; --glance: #2b7fb8; --placement: #7d6bb5; --neutron: #2a8c5a; --cinder: #b8862b; --nova: #c2477f; --swift: #3d8f95; --backing: #74808f; }
  @media (prefers-color-scheme: dark) { svg { --paper: #12161c; --ink: #dfe5ee; --soft: #93a1b5; --line: #44505f; --fill: #1b2129;
    --keystone: #e07a63; --glance: #5aa7da; --placement: #a596d8; --neutron: #4fb683; --cinder: #d9ab55; --nova: #e078a8; --swift: #66b7bd; --backing: #8f9bab; } }
  text { font: 13px system-ui, sans-serif; fill: var(--ink); }
  .title { font-size: 22px; font-weight: 600; }
  .name { font-weight: 600; }
  .soft { fill: var(--soft); font-size: 12px; }
  .paper { fill: var(--paper); }
  .frame { fill: none; stroke: var(--line); }
  .node { fill: var(--fill); stroke: var(--line); }
  .box { fill: var(--paper); stroke: var(--line); }
  .arrow { fill: none; stroke: var(--soft); stroke-width: 1.4; marker-end: url(#head); }
  .lane { fill: none; stroke: var(--backing); stroke-dasharray: 3 4; marker-end: url(#head); }
  .head { fill: var(--soft); }
  .keystone { fill: var(--keystone); } .glance { fill: var(--glance); } .placement { fill: var(--placement); }
  .neutron { fill: var(--neutron); } .cinder { fill: var(--cinder); } .nova { fill: var(--nova); }
  .swift { fill: var(--swift); } .backing { fill: var(--backing); }
";

impl Box {
    pub(super) fn middle(&self) -> f64 {
        self.x + self.width / 2.0
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

impl Canvas {
    /// Draws a rectangle; `class` selects its style.
    pub(super) fn rect(&mut self, at: Box, class: &str, round: f64) {
        let Box { x, y, width, height } = at;
        let _ = writeln!(
            self.body,
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{round}"/>"#
        );
    }

    /// Draws a box with a stripe in the colour of its service.
    pub(super) fn striped(&mut self, at: Box, colour: &str) {
        self.rect(at, "box", 4.0);
        self.rect(Box { width: 5.0, ..at }, colour, 2.0);
    }

    /// Writes a text.
    pub(super) fn text(&mut self, x: f64, y: f64, class: &str, anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let _ = writeln!(
            self.body,
            r#"<text class="{class}" x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>"#
        );
    }

    /// Draws an arrow down from one point to another, vertical at both ends.
    pub(super) fn arrow(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let bend = (to.1 - from.1) / 2.0;
        let _ = writeln!(
            self.body,
            r#"<path class="{class}" d="M{} {} C{} {} {} {} {} {}"/>"#,
            from.0,
            from.1,
            from.0,
            from.1 + bend,
            to.0,
            to.1 - bend,
            to.0,
            to.1
        );
    }

    /// Returns the finished SVG.
    pub(super) fn finish(self, title: &str, width: f64, height: f64) -> String {
        let body = self.body;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{title}">
<title>{title}</title>
<style>
{STYLE}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0 L8 4 L0 8 z"/></marker></defs>
<rect class="paper" width="{width}" height="{height}"/>
{body}</svg>
"#
        )
    }
}
