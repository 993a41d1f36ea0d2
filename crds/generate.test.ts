import { expect, it } from 'vitest';
import { crdFiles, outdated } from './generate.ts';

it('is committed as the kinds declare it', () => {
  expect(outdated(import.meta.dirname)).toEqual([]);
});

it('has one file for every kind', () => {
  expect([...crdFiles().keys()].toSorted()).toEqual([
    'clusters.yaml',
    'floatingips.yaml',
    'images.yaml',
    'instances.yaml',
    'instancesnapshots.yaml',
    'keypairs.yaml',
    'networks.yaml',
    'ports.yaml',
    'routers.yaml',
    'securitygroups.yaml',
    'servergroups.yaml',
    'subnets.yaml',
    'volumes.yaml',
    'volumesnapshots.yaml',
  ]);
});
