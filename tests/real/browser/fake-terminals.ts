import type { ClientFrame, ServerFrame } from '#api/terminal/protocol.ts';
import type { Page } from '#tests/parts/browser.ts';

type Stream = Parameters<Parameters<Page['routeWebSocket']>[1]>[0];

/** The far side of one terminal, in a test's hand: for what a real host does too rarely to wait for. */
export interface FakeTerminal {
  readonly id: string;
  readonly user: string;
  /** All that was typed. */
  typed: string;
  readonly heard: ClientFrame[];
  say(frame: ServerFrame): void;
  write(text: string): void;
  /** Breaks the connection, as a network does. */
  cut(code?: number): Promise<void>;
  readonly attachments: number;
}

interface FakeOptions {
  readonly target: { readonly cluster: string; readonly server: string; readonly name: string };
  readonly purposes?: Readonly<Record<string, { readonly allowed: boolean; readonly why?: string }>>;
  /** What happens once somebody attached; by default it opens at once. */
  readonly opened?: (terminal: FakeTerminal) => void;
}

/** Answers for the server in one page, about terminals alone. What a terminal wrote is kept whole, so that one comes back to all of it. */
export async function fakeTerminals(page: Page, { target, purposes, opened }: FakeOptions): Promise<readonly FakeTerminal[]> {
  const all: ReturnType<typeof newTerminal>[] = [];
  const possible = {
    ssh: { allowed: true },
    serial: { allowed: true },
    vnc: { allowed: false, why: 'Screens cannot be recorded.' },
    ...purposes,
  };
  await page.route('**/api/v1/terminal-targets/**', (route) =>
    route.fulfill({
      json: {
        name: target.name,
        powerState: 'running',
        addresses: [
          { address: '203.0.113.7', kind: 'floating', network: 'public' },
          { address: '10.0.0.5', kind: 'fixed', network: 'front' },
        ],
        profiles: [{ id: 'p1', name: 'Debian', user: 'debian', port: 22, via: 'floating', hasKey: true }],
        hostKeys: [],
        bastion: null,
        recording: 'text',
        purposes: possible,
      },
    }),
  );
  const rowOf = ({ id, user }: FakeTerminal) => ({
    id,
    purpose: 'ssh',
    user: 'admin',
    cluster: target.cluster,
    namespace: 'default',
    serverId: target.server,
    serverName: target.name,
    remote: `${user}@203.0.113.7:22`,
    state: 'open',
    createdAt: new Date().toISOString(),
    openedAt: new Date().toISOString(),
    endedAt: null,
    endReason: null,
    endDetail: null,
    recording: 'running',
    isMine: true,
    people: [],
    mayAttach: true,
    mayWatch: true,
    mayEnd: true,
    mayReplay: false,
  });
  await page.route(/\/api\/v1\/terminals(\?.*)?$/, async (route) => {
    if (route.request().method() !== 'POST') return route.fulfill({ json: { items: all.map(rowOf) } });
    const wish = route.request().postDataJSON() as { user?: string };
    const terminal = newTerminal(`t${all.length + 1}`, wish.user ?? 'debian');
    all.push(terminal);
    return route.fulfill({ status: 201, json: ticketOf(terminal.id) });
  });
  await page.route(/\/api\/v1\/terminals\/[^/]+\/tickets$/, (route) =>
    route.fulfill({ status: 201, json: ticketOf(route.request().url().split('/').at(-2) ?? '') }),
  );
  await page.route(/\/api\/v1\/terminals\/[^/]+$/, (route) => {
    const found = all.find(({ id }) => route.request().url().endsWith(`/${id}`));
    return found
      ? route.fulfill({ json: rowOf(found) })
      : route.fulfill({ status: 404, json: { title: 'NotFound', detail: 'No such terminal.' } });
  });

  function newTerminal(id: string, user: string) {
    let output = Buffer.alloc(0);
    const terminal = {
      id,
      user,
      typed: '',
      heard: [] as ClientFrame[],
      attachments: 0,
      stream: undefined as Stream | undefined,
      output: () => output,
      say: (frame: ServerFrame) => terminal.stream?.send(JSON.stringify(frame)),
      write(text: string) {
        const bytes = Buffer.from(text);
        output = Buffer.concat([output, bytes]);
        terminal.stream?.send(bytes);
      },
      async cut(code = 1011) {
        const { stream } = terminal;
        terminal.stream = undefined;
        await stream?.close({ code });
      },
    };
    return terminal satisfies FakeTerminal;
  }

  await page.routeWebSocket(/\/api\/v1\/terminals\/[^/]+\/stream$/, (stream) => {
    const id = stream.url().split('/').at(-2);
    const terminal = all.find((one) => one.id === id);
    if (!terminal) return void stream.close({ code: 4004 });
    stream.onMessage((message) => {
      if (typeof message !== 'string') {
        const text = message.toString('utf8');
        terminal.typed += text;
        terminal.write(text.replaceAll('\r', '\r\n$ '));
        return;
      }
      const frame = JSON.parse(message) as ClientFrame;
      terminal.heard.push(frame);
      if (frame.type !== 'attach') return;
      terminal.stream = stream;
      terminal.attachments += 1;
      const output = terminal.output();
      const since = frame.since ?? 0;
      terminal.say({ type: 'attached', at: since, snapshot: 0, cols: frame.cols, rows: frame.rows });
      if (output.length > since) stream.send(output.subarray(since));
      if (terminal.attachments > 1 || !opened) terminal.say({ type: 'state', state: 'open' });
      else opened(terminal);
      if (terminal.attachments === 1 && !opened) terminal.write('Welcome\r\n$ ');
    });
  });
  return all;
}

function ticketOf(id: string) {
  return { id, ticket: `ticket-${id}`, expiresAt: new Date(Date.now() + 30_000).toISOString(), stream: `/api/v1/terminals/${id}/stream` };
}
