import { contractSuite } from '#tests/contract/suite.ts';

contractSuite('a real OpenStack', async () => ({
  authUrl: process.env.STACKWARDEN_TEST_AUTH_URL ?? 'http://127.0.0.1:25000/v3',
  password: process.env.STACKWARDEN_TEST_PASSWORD ?? 'osc-secret',
}));
