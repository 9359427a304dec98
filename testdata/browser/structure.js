// What the document is made of: nothing that runs or fetches, and what a screen reader goes by.
const wrong = [];
const bad = (e, why) => wrong.push(`${place(e)}: ${why}`);

every('script').filter(e => e.type !== 'application/json').forEach(e => bad(e, `a script of type "${e.type}"`));
every('img, iframe, frame, object, embed, link, base, form, audio, video, source, track, portal, foreignObject, image, feImage, animate, set')
  .forEach(e => bad(e, 'an element that has no business here'));
every('meta[http-equiv]').filter(e => e.httpEquiv.toLowerCase() !== 'content-security-policy').forEach(e => bad(e, `http-equiv ${e.httpEquiv}`));
every('*').forEach(e => [...e.attributes].forEach(a => {
  if (/^on/i.test(a.name)) bad(e, `an event handler ${a.name}`);
  if (/^(src|srcset|srcdoc|action|formaction|data|poster|background|ping)$/i.test(a.name)) bad(e, `the attribute ${a.name}`);
  if (!/^(xlink:)?href$/i.test(a.name)) return;
  const scheme = a.value.replace(/[\s\u0000-\u0020]/g, '').match(/^([a-z][a-z0-9+.-]*):/i);
  if (scheme && !/^https?$/i.test(scheme[1])) bad(e, `a link to ${a.value.slice(0, 60)}`);
  if (a.value.startsWith('//')) bad(e, `a link to ${a.value.slice(0, 60)}`);
  if (e.localName !== 'a' && !a.value.startsWith('#')) bad(e, `it fetches ${a.value.slice(0, 60)}`);
}));
every('style').filter(e => /@import|url\((?!["']?#)|expression\(/i.test(e.textContent)).forEach(e => bad(e, 'a style that fetches'));

const policy = every('head > meta[http-equiv="Content-Security-Policy" i]').map(e => e.content).join('; ');
if (!/(^|;)\s*default-src 'none'\s*(;|$)/.test(policy)) wrong.push(`content security policy "${policy}" lets things in`);
if (/script-src|unsafe-eval|https?:|\*/.test(policy)) wrong.push(`content security policy "${policy}" makes exceptions`);

if (document.compatMode !== 'CSS1Compat') wrong.push('no doctype: the browser falls back to quirks mode');
if (!document.documentElement.lang) wrong.push('no language is set');
if (!document.title.trim()) wrong.push('no title');
if (document.characterSet !== 'UTF-8') wrong.push(`it is read as ${document.characterSet}`);
if (!document.querySelector('meta[name=viewport]')) wrong.push('no viewport: telephones would shrink it');
if (document.getAnimations().length > 0) wrong.push('something moves');

const ids = every('[id]').map(e => e.id);
once(ids.filter((id, n) => ids.indexOf(id) !== n)).forEach(id => wrong.push(`the id ${id} stands twice`));
every('[aria-labelledby], [aria-describedby], [headers], [for]').forEach(e =>
  ['aria-labelledby', 'aria-describedby', 'headers', 'for'].forEach(name =>
    (e.getAttribute(name) || '').split(/\s+/).filter(id => id && !document.getElementById(id)).forEach(id => bad(e, `${name} names ${id}, which is not there`))));

const headings = every('h1, h2, h3, h4, h5, h6');
const levels = headings.map(e => Number(e.localName[1]));
if (levels.filter(l => l === 1).length !== 1) wrong.push(`${levels.filter(l => l === 1).length} headings of level 1`);
levels.forEach((l, n) => { if (l > (n ? levels[n - 1] : 0) + 1) bad(headings[n], `a heading of level ${l} after one of level ${n ? levels[n - 1] : 0}`); });
headings.filter(e => !e.textContent.trim()).forEach(e => bad(e, 'an empty heading'));

every('table').forEach(e => {
  if (!(e.caption && e.caption.textContent.trim()) && !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby')) bad(e, 'a table without caption or label');
  if (!e.querySelector('th')) bad(e, 'a table without headers');
});
every('th').forEach(e => {
  if (!/^(col|row|colgroup|rowgroup)$/.test(e.getAttribute('scope') || '')) bad(e, 'a header cell without scope');
  if (!e.textContent.trim() && !e.getAttribute('aria-label')) bad(e.closest('table'), 'an empty header cell: a <td>, or a text for screen readers');
});

every('svg').forEach(e => {
  if (e.getAttribute('aria-hidden') === 'true') return;
  if (e.getAttribute('role') !== 'img') return bad(e, 'an svg that is neither role=img nor aria-hidden');
  for (const name of ['title', 'desc']) {
    const child = [...e.children].find(c => c.localName === name);
    if (!child || !child.textContent.trim()) bad(e, `a chart without <${name}>`);
  }
  const around = e.closest('figure, section, article, details, main, body');
  if (!every('h1, h2, h3, h4, h5, h6', around).some(h => h.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) bad(e, 'a chart without a heading before it');
});

every('details').forEach(e => {
  const summary = e.firstElementChild;
  if (!summary || summary.localName !== 'summary' || !summary.textContent.trim()) bad(e, 'details without a summary');
});
every('a').forEach(e => {
  if (!e.hasAttribute('href')) return;
  if (!e.textContent.trim() && !e.getAttribute('aria-label')) bad(e, 'a link without a text');
  const to = e.getAttribute('href');
  if (to.startsWith('#') && to !== '#' && !document.getElementById(decodeURIComponent(to.slice(1)))) bad(e, `a link to ${to}, which is not there`);
});
return once(wrong);
