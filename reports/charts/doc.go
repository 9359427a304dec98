// Package charts draws a report's charts: plain numbers in; SVG, a table of the same numbers and lines for a
// terminal out. It knows nothing of reports, the database, the clock or the system, so one input always gives the same
// bytes.
//
// # Rules
//
//   - The heading of a chart is its finding, made by rule from the numbers drawn. It claims no more than they show: below a
//     count that each function names it says that there are too few, and what a fair die could have done is called so.
//   - A nil *Figure means that there is nothing to draw. Unknown is a gap and prints as –; it is never drawn as 0.
//   - Counts start at 0. Axes of small multiples are the same. Times to resolve stand on a log axis, and the heat map
//     steps by powers of two, so that one storm does not whiten the rest.
//   - Colour is never the only carrier of meaning: solid against hollow, a hatch, a dash or a word goes with it, so that grey
//     print and every kind of colour vision read the same. There is one blue, by lightness, and one orange.
//   - All colours are CSS variables (see CSS), from the very constants that Pairs lists for the contrast test. No SVG has a
//     colour, a style or a script of its own.
//   - Charts are 340 units wide with text of 12, so that it is 10 px where a screen of 320 px leaves them 288; the
//     stylesheet lets them grow to 28rem. Only the heat map (Wide) needs more; it scrolls in a region of its own.
//   - Every SVG has a title and a description, and beside it goes a table with the same numbers (Figure.HTML puts it into
//     <details>). Nothing is in a tool-tip alone.
//   - Labels are other people's text. They are escaped by html/template, cut by their width, and lose control
//     characters here even if reports.Clean did not see them.
//   - Coordinates have at most one decimal; points that fall on the same unit are drawn once. A heat map stays below 16 kB.
//
// # The page
//
// CSS dresses the page too. Classes for its templates: "verdict" with "over", "watch" or "ok"; "demo" and "banner" for boxes that
// must be seen; "scroll" around what may be wider than the screen (give it tabindex="0", role="region" and a label);
// "l" for a cell aligned left and "sub" for an indented one; "muted" for small print; "figures" around figures, which
// then stand two in a row where there is room.
package charts
