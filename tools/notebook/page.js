/// <reference lib="dom.iterable" />
// The page is made by the tool. Here its pieces are put in place when they change, wishes are sent, clocks tick, and
// tables are sorted and searched.
// @ts-check

/** Pieces come from the tool, in which all text is escaped. */
function place(/** @type {{ id: string, html: string }} */ { id, html }) {
  const old = document.getElementById(id);
  if (!old) return;
  const template = document.createElement('template');
  template.innerHTML = html;
  const fresh = template.content.firstElementChild;
  if (!fresh) return;
  const kept = new Map([...old.querySelectorAll('[data-keep]')].map((one) => [keyOf(one), stateOf(one)]));
  const typed = /** @type {HTMLInputElement | null} */ (old.querySelector('input[name=answer]'));
  const focused =
    document.activeElement && old.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  for (const one of fresh.querySelectorAll('[data-keep]')) {
    const state = kept.get(keyOf(one));
    if (state) Object.assign(one, state);
  }
  old.replaceWith(fresh);
  const field = /** @type {HTMLInputElement | null} */ (fresh.querySelector('input[name=answer]'));
  // A question that is still the same one keeps what was typed.
  if (field && typed && field.form?.dataset.name === typed.form?.dataset.name) field.value = typed.value;
  if (focused) {
    const again = [...fresh.querySelectorAll('button, input, select, summary, a, [tabindex]')].find(
      (one) => keyOf(one) === focused,
    );
    if (again) /** @type {HTMLElement} */ (again).focus({ preventScroll: true });
  } else if (field && !typed) field.focus();
  enhance(fresh);
}

/** What a person has made of an element: whether it is open, or ticked. */
const stateOf = (/** @type {Element} */ one) =>
  one instanceof HTMLDetailsElement
    ? { open: one.open }
    : { checked: /** @type {HTMLInputElement} */ (one).checked };

/** What tells an element of a piece from the others of it. */
function keyOf(/** @type {Element} */ one) {
  const { keep, do: what, name, answer } = /** @type {HTMLElement} */ (one).dataset;
  return JSON.stringify([
    one.tagName,
    keep,
    what,
    name,
    answer,
    one.getAttribute('aria-label'),
    one.getAttribute('href'),
  ]);
}

function enhance(/** @type {Element} */ root) {
  for (const tail of root.querySelectorAll('.tail')) tail.scrollTop = tail.scrollHeight;
  for (const table of root.querySelectorAll('table[data-rows]'))
    sortable(/** @type {HTMLTableElement} */ (table));
  tick(root);
  // A style that looks for it would be asked anew of the whole page with each piece of it.
  if (root.querySelector('#head') ?? root.id === 'head')
    document.body.classList.toggle('closed', document.getElementById('head')?.classList.contains('closed'));
}

function sortable(/** @type {HTMLTableElement} */ table) {
  const body = table.tBodies[0];
  if (!body || body.rows.length < 2) return;
  for (const [at, head] of [...(table.tHead?.rows[0]?.cells ?? [])].entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const direction = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
      for (const other of head.parentElement?.children ?? []) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', direction === 1 ? 'ascending' : 'descending');
      const text = (/** @type {HTMLTableRowElement} */ row) => row.cells[at]?.textContent ?? '';
      const order = new Intl.Collator(undefined, { numeric: true });
      body.append(...[...body.rows].sort((one, other) => direction * order.compare(text(one), text(other))));
    });
  }
  const search = document.createElement('input');
  search.type = 'search';
  search.className = 'search';
  search.placeholder = 'search these rows';
  search.setAttribute('aria-label', 'search these rows');
  search.addEventListener('input', () => {
    const wanted = search.value.toLowerCase();
    for (const row of body.rows) row.hidden = !(row.textContent ?? '').toLowerCase().includes(wanted);
  });
  table.parentElement?.before(search);
}

/** Clocks that count from a moment on. */
function tick(/** @type {Element} */ root) {
  for (const clock of root.querySelectorAll('[data-since]')) {
    const s = Math.max(
      0,
      Math.floor((Date.now() - Date.parse(/** @type {HTMLElement} */ (clock).dataset.since ?? '')) / 1000),
    );
    clock.textContent = s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  }
}

/**
 * How long a wish waits before it is sent, and sent again. A browser ends its connections where a network comes or goes, and
 * cannot say what arrived; the tool does what has one id once. What is wished is not sent later than that: by then a person
 * may want something else.
 */
const WAITS_MS = [0, 200, 1000];

async function wish(/** @type {Record<string, string>} */ asked) {
  const note = document.getElementById('note');
  const body = JSON.stringify({ id: crypto.randomUUID(), ...asked });
  let against = 'The tool does not answer: it has ended, or is on its way out.';
  for (const wait of WAITS_MS) {
    try {
      await new Promise((resolve) => setTimeout(resolve, wait));
      const headers = { 'content-type': 'application/json' };
      const response = await fetch('/wish', { method: 'POST', headers, body });
      against = response.ok ? '' : await response.text();
      break;
    } catch {}
  }
  if (note) note.textContent = against;
}

/**
 * Pieces that came while a button is held down; null where none is. A browser makes no click of a press whose button is
 * replaced, or moves away, before it is let go of.
 * @type {{ id: string, html: string }[] | null}
 */
let held = null;
document.addEventListener('pointerdown', ({ target, button }) => {
  if (button === 0 && /** @type {Element} */ (target).closest('button')) held ??= [];
});
/** The click comes after the pointer is up, and before the next task. */
const letGo = () =>
  setTimeout(() => {
    const pieces = held ?? [];
    held = null;
    pieces.forEach(place);
  });
for (const end of ['pointerup', 'pointercancel', 'contextmenu', 'dragend'])
  document.addEventListener(end, letGo);
window.addEventListener('blur', letGo);

document.addEventListener('click', (event) => {
  const button = /** @type {HTMLElement | null} */ (
    /** @type {Element} */ (event.target).closest('button[data-do]')
  );
  if (!button) return;
  const { do: what = '', name = '', answer = '' } = button.dataset;
  void wish({ what, name, answer });
});

document.addEventListener('submit', (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  event.preventDefault();
  const given = new FormData(form);
  const name = form.dataset.name ?? String(given.get('name') ?? '');
  void wish({ what: form.dataset.do ?? '', name, answer: String(given.get('answer') ?? '') });
});

const { version = '0', instance = '' } = document.body.dataset;
const source = new EventSource(`/events?since=${version}`);
// Another tool answers at the same address: what is shown is not of it.
source.addEventListener('hello', ({ data }) => void (data === instance || location.reload()));
source.addEventListener('message', ({ data }) => {
  const pieces = JSON.parse(data);
  if (held) held.push(...pieces);
  else pieces.forEach(place);
});
source.addEventListener('error', () => document.body.classList.add('away'));
source.addEventListener('open', () => document.body.classList.remove('away'));
setInterval(() => tick(document.body), 1000);
enhance(document.body);
