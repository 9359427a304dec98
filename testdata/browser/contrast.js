// Every text that is seen stands out from what is behind it: 4.5 to 1, large ones 3 to 1 (WCAG 1.4.3). Behind a text
// of a chart are the shapes drawn before it.
const pixel = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d', {willReadFrequently: true});
const colours = new Map();
const colour = css => {
  if (!colours.has(css)) {
    const plain = css.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/);
    if (plain) {
      colours.set(css, [+plain[1], +plain[2], +plain[3], plain[4] === undefined ? 1 : +plain[4]]);
    } else { // the browser converts what is in another colour space
      pixel.clearRect(0, 0, 1, 1);
      pixel.fillStyle = css;
      pixel.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
      colours.set(css, [r, g, b, a / 255]);
    }
  }
  return colours.get(css);
};
const over = (top, back) => [0, 1, 2].map(i => top[i] * top[3] + back[i] * (1 - top[3])).concat(1);
const faded = ([r, g, b, a], by) => [r, g, b, a * by];
const luminance = c => {
  const [r, g, b] = c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
const canvas = getComputedStyle(document.documentElement).colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18, 1] : [255, 255, 255, 1];

// opacity of an element together with all that it is in.
const opacity = e => { let all = 1; for (; e; e = e.parentElement) all *= parseFloat(getComputedStyle(e).opacity); return all; };

// behindHTML lays the backgrounds of all that the element is in upon one another.
const behindHTML = e => {
  const layers = [];
  for (let p = e; p; p = p.parentElement) {
    const style = getComputedStyle(p);
    if (style.backgroundImage !== 'none') return null; // no single colour is behind it
    if (!(p instanceof SVGElement) || p.localName === 'svg') layers.push(faded(colour(style.backgroundColor), opacity(p)));
  }
  return layers.reverse().reduce((back, layer) => over(layer, back), canvas);
};

// behindChart adds the shapes under a point of a chart, in the order in which they are painted.
const behindChart = (text, box, back) => {
  const chart = text.closest('svg');
  for (const shape of every('rect, path, circle, ellipse, polygon', chart)) {
    if (!(shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
    if (shape.closest('defs, clipPath, mask, pattern, symbol') || !seen(shape)) continue;
    const matrix = shape.getScreenCTM();
    if (!matrix) continue;
    const point = new DOMPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2).matrixTransform(matrix.inverse());
    const style = getComputedStyle(shape);
    if (style.fill === 'none' || !shape.isPointInFill(point)) continue;
    if (style.fill.startsWith('url')) return null;
    back = over(faded(colour(style.fill), parseFloat(style.fillOpacity) * opacity(shape)), back);
  }
  return back;
};

const wrong = new Map();
texts().forEach(({parent, box}) => {
  const style = getComputedStyle(parent), chart = parent.closest('svg');
  let back = behindHTML(parent), ink = colour(chart ? style.fill : style.color);
  if (back && chart) back = behindChart(parent, box, back);
  if (!back) return wrong.set(place(parent), `${place(parent)}: what is behind it is no single colour`);
  ink = over(faded(ink, opacity(parent) * (chart ? parseFloat(style.fillOpacity) : 1)), back);
  const size = parseFloat(style.fontSize) * (chart && parent.getScreenCTM() ? Math.abs(parent.getScreenCTM().d) : 1);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  const got = ratio(ink, back);
  if (got >= (large ? 3 : 4.5)) return;
  const key = ink.map(Math.round) + ' on ' + back.map(Math.round);
  if (!wrong.has(key)) wrong.set(key, `${place(parent)}: contrast ${got.toFixed(2)} of rgb(${ink.slice(0, 3).map(Math.round)}) on rgb(${back.slice(0, 3).map(Math.round)})`);
});
return [...wrong.values()];
