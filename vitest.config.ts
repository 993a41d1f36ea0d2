import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/parts/longest-first.ts';

/** `unit` needs nothing but Node; the others need the real part they are named after (tests/run.ts brings it up). */
export default defineConfig({
  test: {
    // All cases of a suite over the kinds at once: they wait for the cloud, not for each other.
    maxConcurrency: 32,
    // A second, as it is else, is not enough on a machine that is busy.
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{api,controller,crds,examples,migrations,tests,web}/**/*.test.ts'],
          exclude: ['tests/real/**', '**/node_modules/**'],
          testTimeout: 60_000,
          // What files import is read once by each worker, which takes a third of the work off: they share no state but what they import.
          isolate: false,
          // Hooks open whole applications, and other suites may have the machine.
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'kubectl',
          include: ['tests/real/kubectl/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 400_000,
          // Each file has a Stackwarden and a cloud of its own, and mostly waits for sweeps.
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: {
          name: 'mariadb',
          include: ['tests/real/mariadb/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 400_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/real/browser/**/*.test.ts'],
          globalSetup: ['tests/parts/web-build.ts'],
          setupFiles: ['tests/parts/browser-set-up.ts'],
          testTimeout: 120_000,
          hookTimeout: 400_000,
          // Each file has a Chromium and a Stackwarden of its own: two of them are what two cores bear.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'openstack-calls',
          include: ['tests/real/openstack-calls/**/*.test.ts'],
          // A story of it is told in a browser.
          globalSetup: ['tests/parts/web-build.ts'],
          setupFiles: ['tests/parts/browser-set-up.ts'],
          testTimeout: 900_000,
          hookTimeout: 400_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'openstack-pairs',
          include: ['tests/real/openstack-pairs/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 400_000,
          // Each file has a project of its own, and waits long enough for whatever the cloud is busy with.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'openstack',
          include: ['tests/real/openstack/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 400_000,
          // What has to be seen within a sweep interval is not, on a small machine, when two suites share the cloud.
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'terminal',
          include: ['tests/real/terminal/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Some hold figures against a bound.
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'kubernetes',
          include: ['tests/real/kubernetes/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 400_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
