// On paper nothing can be opened or scrolled: what a <details> or a scroll region holds is all there.
const wrong = [];
every('details').forEach(e => {
  const hidden = every('table, svg, p, li', e).filter(inner => !inner.closest('summary') && !inner.closest('svg svg, [hidden], [aria-hidden=true]') && !seen(inner));
  if (hidden.length > 0) wrong.push(`${place(e)}: closed on paper, with ${hidden.length} parts in it`);
});
every('body *').filter(seen).forEach(e => {
  if (!e.closest('svg') && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1 && /auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX))
    wrong.push(`${place(e)}: ${e.scrollWidth - e.clientWidth} px of it do not fit the paper`);
});
return once(wrong);
