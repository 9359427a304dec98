// What Tab has to reach, in this order; and from now on, what it does reach and how that shows.
const wrong = [];
every('[tabindex]').filter(e => e.tabIndex > 0).forEach(e => wrong.push(`${place(e)}: a tabindex of ${e.tabIndex} upsets the order`));
const stops = every('a[href], summary, button, input, select, textarea, [tabindex]').filter(e => e.tabIndex >= 0 && seen(e));
window.crywolfStops = {want: stops.map(place), got: [], unseen: []};
document.addEventListener('focusin', event => {
  const e = event.target, style = getComputedStyle(e);
  window.crywolfStops.got.push(place(e));
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  if (!ring && style.boxShadow === 'none') window.crywolfStops.unseen.push(place(e));
}, true);
document.activeElement.blur();
window.scrollTo(0, 0);
return wrong;
