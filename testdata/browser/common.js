// What all checks use. Each check is the body of a function that comes after this text and returns what is wrong, a
// sentence each. None of it is in the documents, which have no script.
const every = (selector, from = document) => [...from.querySelectorAll(selector)];

// seen tells whether an element is rendered: not in a closed <details>, not hidden.
const seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true});

const excerpt = text => text.trim().replace(/\s+/g, ' ').slice(0, 40);

// place says which element is meant.
const place = e => {
  const section = e.closest('[id]');
  const name = e.localName + (e.getAttribute('class') ? '.' + e.getAttribute('class').replaceAll(' ', '.') : '');
  return `<${name}> "${excerpt(e.innerText || e.textContent)}"` + (section ? ` in #${section.id}` : '');
};

// texts are the text nodes that a reader sees, with the element that styles them.
const texts = () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (node.data.trim() === '' || parent.closest('script, style, template, title, desc') || !seen(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width > 1 && box.height > 1) found.push({node, parent, box}); // else only a screen reader sees it
  }
  return found;
};

// once drops repetitions: one fault of a table is in all its cells.
const once = sentences => [...new Set(sentences)];
