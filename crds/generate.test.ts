import { expect, it } from 'vitest';
import { crdFiles, outdated } from './generate.ts';

it('is committed as the kinds declare it', () => {
  expect(outdated(import.meta.dirname)).toEqual([]);
});

it('has one file for every kind', () => {
  expect([...crdFiles().keys()].toSorted()).toEqual([
    'clusters.yaml',
    'floatingips.yaml',
    'instances.yaml',
    'keypairs.yaml',
    'networks.yaml',
    'ports.yaml',
    'routers.yaml',
    'securitygroups.yaml',
    'subnets.yaml',
    'volumes.yaml',
  ]);
});
