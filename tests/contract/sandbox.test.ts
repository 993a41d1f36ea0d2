import { startSandbox } from '#examples/sandbox/server.ts';
import { contractSuite } from './suite.ts';

contractSuite('the sandbox', async () => {
  const sandbox = await startSandbox();
  return { authUrl: sandbox.url, password: 'sandbox-secret', close: () => sandbox.close() };
});
