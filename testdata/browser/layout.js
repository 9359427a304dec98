// Nothing sticks out of the page, nothing is cut off, nothing is too small to read. What is wider than the page
// scrolls within a region that a keyboard reaches and a screen reader names.
const wrong = [];
const bad = (e, why) => wrong.push(`${place(e)}: ${why}`);
const width = document.documentElement.clientWidth;
const scrolls = style => /auto|scroll/.test(style.overflowX);

if (document.scrollingElement.scrollWidth > width) {
  wrong.push(`the page is ${document.scrollingElement.scrollWidth} px wide in a window of ${width} px`);
  const out = every('body *').filter(e => {
    if (!seen(e) || e.getBoundingClientRect().right <= width + 0.5) return false;
    for (let p = e.parentElement; p; p = p.parentElement) if (scrolls(getComputedStyle(p)) && p !== document.body) return false;
    return true;
  });
  out.filter(e => !out.some(other => other !== e && e.contains(other))).slice(0, 5)
    .forEach(e => bad(e, `it ends ${Math.round(e.getBoundingClientRect().right - width)} px outside`));
}

every('body *').filter(seen).forEach(e => {
  if (e.closest('svg')) return;
  const style = getComputedStyle(e);
  if (e.clientWidth <= 1 || e.scrollWidth <= e.clientWidth + 1) return; // it fits, or only a screen reader sees it
  if (/hidden|clip/.test(style.overflowX)) return bad(e, `${e.scrollWidth - e.clientWidth} px of it are cut off`);
  if (!scrolls(style)) return;
  const lacks = [];
  if (e.getAttribute('tabindex') !== '0') lacks.push('a tabindex of 0, for keyboards');
  if (!/^(region|group)$/.test(e.getAttribute('role') || '') && e.localName !== 'section') lacks.push('a role of region or group');
  if (!e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby')) lacks.push('a name (aria-label, aria-labelledby)');
  if (lacks.length > 0) bad(e, 'it scrolls, and lacks ' + lacks.join(', '));
});

// The size on the screen: what the style says times the scale of the chart.
texts().forEach(({parent, box}) => {
  let size = parseFloat(getComputedStyle(parent).fontSize);
  const matrix = parent.getScreenCTM ? parent.getScreenCTM() : null;
  if (matrix) size *= Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c));
  if (size < 9.99) bad(parent, `its letters are ${size.toFixed(1)} px high`);
  if (box.left < -0.5 && !parent.closest('[tabindex]')) bad(parent, `it begins ${Math.round(-box.left)} px left of the page`);
  const chart = parent.closest('svg');
  if (!chart) return;
  const frame = (parent.ownerSVGElement || chart).getBoundingClientRect();
  if (box.right > frame.right + 1 || box.left < frame.left - 1 || box.bottom > frame.bottom + 1 || box.top < frame.top - 1) bad(parent, 'it reaches out of its chart');
});
return once(wrong);
