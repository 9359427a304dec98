// On paper nothing can be opened or scrolled: what a <details> or a scroll region holds is all there. Only tables that
// would take pages stay closed (class "long").
const wrong = [];
every('details:not(.long)').forEach(e => {
  const hidden = every('table, svg, p, li', e).filter(inner => !inner.closest('summary') && !inner.closest('svg svg, [hidden], [aria-hidden=true]') && !seen(inner));
  if (hidden.length > 0) wrong.push(`${place(e)}: closed on paper, with ${hidden.length} parts in it`);
});
every('body *').filter(seen).forEach(e => {
  if (!e.closest('svg') && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1 && /auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX))
    wrong.push(`${place(e)}: ${e.scrollWidth - e.clientWidth} px of it do not fit the paper`);
});
// A browser shrinks what is too wide for the paper; by more than half again nobody can read it.
const paper = document.documentElement.clientWidth, page = document.scrollingElement.scrollWidth;
if (page > paper * 1.5) wrong.push(`the page is ${page} px wide on paper of ${paper} px`);
return once(wrong);
