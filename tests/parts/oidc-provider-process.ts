import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

/**
 * A real identity provider (oidc-provider) on a free port of loopback, whose people sign in with any password: anna is in group ops, carl in
 * none. Takes the redirect address as its argument; prints its own.
 */
const redirectUri = process.argv[2] ?? '';
const groups: Readonly<Record<string, readonly string[]>> = { anna: ['ops', 'unknown here'], rosa: ['bosses'], carl: [] };

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'stackwarden', client_secret: 'the secret of the client', redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'groups'], email: ['email'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: `subject of ${id}`, preferred_username: id, name: id, email: `${id}@example.org`, groups: groups[id] ?? [] }),
    }),
    cookies: { keys: ['not a secret: a test'] },
    pkce: { required: () => true },
  });
  const answer = provider.callback();
  server.on('request', (request, reply) => void answer(request, reply));
  process.stdout.write(`${issuer}\n`);
});
