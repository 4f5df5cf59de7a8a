import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { pictureIn } from '../journal/files.ts';
import { runDirectory } from '../text/home.ts';
import { type Fragments, makeFragments } from './fragments.ts';
import { addressOfPicture, type Notebook } from './notebook.ts';
import { type Offer, pageOf, piecesOf, shell } from './view.ts';

/** What a browser asks for: what to do, with what, and what a person has typed. */
export interface Wish {
  what: string;
  name: string;
  answer: string;
}

/** What the server shows, and whom it tells what is wished. */
export interface Shown {
  notebook: Notebook;
  /** `.runbook`, where the runs have left pictures. */
  home: string;
  offer: Offer | null;
  /** What stands against a wish, in words; null where it is granted. */
  wish(wish: Wish): Promise<string | null>;
}

export interface NotebookServer {
  /** The address to open: whoever has it may run blocks. */
  url: string;
  /** Tells the browsers what has changed of the pieces of the page. */
  changed(): void;
  /** Tells them that the page itself is another. */
  turned(): void;
  close(): Promise<void>;
}

/** How often browsers are told what has changed, at most. */
const TELL_EVERY_MS = 100;
/** A browser sends what was cut again within seconds. */
const MOST_REMEMBERED = 100;
/** A sign of life, so that a browser and what stands between notice a connection that is cut. */
const BEAT_EVERY_MS = 15_000;

const STYLE = readFileSync(new URL('../report/html/page.css', import.meta.url), 'utf8');
const DESK = readFileSync(new URL('./desk.css', import.meta.url), 'utf8');
const SCRIPT = readFileSync(new URL('./page.js', import.meta.url), 'utf8');

/** Nothing but the notebook's own files, no script within the page, and nobody's frame around it. */
const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

/**
 * Serves a notebook on this machine's loopback, at a port of the system's choice. Only who has the address gets in: its
 * token becomes a cookie, which no page of another origin can send along.
 */
export async function serveNotebook({ notebook, home, offer, wish }: Shown): Promise<NotebookServer> {
  const fragments = makeFragments();
  // Asked for now and then, however much happens in between.
  const refresh = () => {
    for (const [id, { markup }] of piecesOf(notebook, offer)) fragments.put(id, markup);
  };
  const token = randomBytes(24).toString('base64url');
  const instance = randomBytes(6).toString('hex');
  const app = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 64 * 1024 });
  const watchers = new Set<Watcher>();
  const once = onceEach<string | null>();

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
    });
    if (!isOurs(request, portOf(app))) return refuse(reply, 'This address is not the notebook’s.');
    const given = (request.query as { token?: string }).token;
    if (request.method === 'GET' && given !== undefined && isSame(given, token)) {
      reply.header('set-cookie', `${cookieName(portOf(app))}=${token}; HttpOnly; SameSite=Strict; Path=/`);
      return reply.redirect('/', 303);
    }
    if (!isSame(cookieOf(request, portOf(app)), token))
      return refuse(
        reply,
        'Open the address that `runbook open` has printed: it has the token that lets you in.',
      );
  });

  app.get('/', (_request, reply) => {
    refresh();
    return reply.type('text/html; charset=utf-8').send(shell(notebook, offer, fragments.version, instance));
  });
  app.get('/page.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(`${STYLE}\n${DESK}`));
  app.get('/page.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(SCRIPT));
  app.get('/favicon.ico', (_request, reply) => reply.code(204).send());
  app.get('/picture', async (request, reply) => {
    const { run = '', name = '' } = request.query as { run?: string; name?: string };
    const address = addressOfPicture(run, name);
    const isShown = notebook.views().some(({ pictures }) => pictures.some((one) => one.address === address));
    const picture = isShown ? await pictureIn(runDirectory(home, run), name) : null;
    if (!picture)
      return reply.code(404).type('text/plain; charset=utf-8').send('There is no such picture.\n');
    return reply.type(picture.type).send(picture.bytes);
  });
  app.get('/events', (request, reply) => {
    reply.hijack();
    const { since } = request.query as { since?: string };
    const seen = Number(request.headers['last-event-id'] ?? since ?? 0);
    const watcher = watch(reply.raw, instance, Number.isFinite(seen) ? seen : 0);
    watchers.add(watcher);
    reply.raw.on('close', () => {
      watcher.close();
      watchers.delete(watcher);
    });
    watcher.tell(fragments);
  });
  app.post('/wish', async (request, reply) => {
    const { id, what, name, answer } = (request.body ?? {}) as Record<string, unknown>;
    const against = await once(wordsOf(id), () =>
      wish({ what: wordsOf(what), name: wordsOf(name), answer: wordsOf(answer) }),
    );
    return against === null ? reply.code(204).send() : reply.code(409).type('text/plain').send(against);
  });

  await app.listen({ host: '127.0.0.1', port: 0 });
  let timer: NodeJS.Timeout | undefined;
  const changed = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      refresh();
      for (const watcher of watchers) watcher.tell(fragments);
    }, TELL_EVERY_MS);
  };
  return {
    url: `http://127.0.0.1:${portOf(app)}/?token=${token}`,
    changed,
    turned() {
      fragments.put('page', pageOf(notebook, offer).markup);
      changed();
    },
    async close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      await app.close();
    },
  };
}

/** What a browser sends may be anything. */
const wordsOf = (sent: unknown): string => (typeof sent === 'string' ? sent : '');

/**
 * Does what comes with an id once, and answers a second time as it did the first: a browser whose connection was cut sends
 * again what may have arrived.
 */
function onceEach<Answer>() {
  const answers = new Map<string, Promise<Answer>>();
  return (id: string, act: () => Promise<Answer>): Promise<Answer> => {
    if (id === '') return act();
    const answer = answers.get(id) ?? act();
    answers.set(id, answer);
    const [oldest = ''] = answers.keys();
    if (answers.size > MOST_REMEMBERED) answers.delete(oldest);
    return answer;
  };
}

const portOf = ({ server }: { server: { address(): unknown } }): number =>
  (server.address() as AddressInfo | null)?.port ?? 0;

const refuse = (reply: FastifyReply, why: string) =>
  reply.code(403).type('text/plain; charset=utf-8').send(`${why}\n`);

/** Cookies know no ports: two notebooks on one machine keep theirs apart by name. */
const cookieName = (port: number) => `notebook-${port}`;

function cookieOf({ headers }: FastifyRequest, port: number): string {
  const cookies = (headers.cookie ?? '').split(';').map((one) => one.trim().split('='));
  return cookies.find(([name]) => name === cookieName(port))?.[1] ?? '';
}

function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Whether a request is meant for this server, by whatever name, and what it asks for comes from a page of this server. */
function isOurs({ headers, method }: FastifyRequest, port: number): boolean {
  const { host, origin } = headers;
  if (!['127.0.0.1', 'localhost'].some((name) => host === `${name}:${port}`)) return false;
  const site = headers['sec-fetch-site'];
  // Whoever follows a link to it comes from elsewhere; a cookie that is strict then stays at home.
  if (method === 'GET') return true;
  return origin === `http://${host}` && (site === undefined || site === 'same-origin');
}

/** A browser that watches. */
interface Watcher {
  tell(fragments: Fragments): void;
  close(): void;
}

/** One that reads slowly is told the newest of each piece once it reads again, and nothing is kept for it meanwhile. */
function watch(response: ServerResponse, instance: string, since: number): Watcher {
  let seen = since;
  let isFull = false;
  let latest: Fragments | null = null;
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(`retry: 1000\nevent: hello\ndata: ${instance}\n\n`);
  const beat = setInterval(() => response.write(':\n\n'), BEAT_EVERY_MS);
  const watcher: Watcher = {
    tell(fragments) {
      latest = fragments;
      if (isFull) return;
      const changes = fragments.since(seen);
      if (changes.length === 0) return;
      seen = fragments.version;
      const pieces = changes.map(({ id, html }) => ({ id, html }));
      isFull = !response.write(`id: ${seen}\ndata: ${JSON.stringify(pieces)}\n\n`);
    },
    close() {
      clearInterval(beat);
      response.end();
    },
  };
  response.on('drain', () => {
    isFull = false;
    if (latest) watcher.tell(latest);
  });
  return watcher;
}
