import { describe, expect, it } from 'vitest';
import type { Diagnostics } from '../../data/instance.ts';
import { figuresOf, troublesOf } from './samples.ts';

const nic = { mac: null, rxPackets: 0, rxErrors: 1, rxDrops: 2, txPackets: 0, txErrors: 0, txDrops: 0 };
const disk = { readRequests: 0, writeRequests: 0, errors: 4 };
const sample = (second: number, bytes: number | null, utilisation: number | null): Diagnostics => ({
  at: new Date(Date.UTC(2026, 10, 29, 12, 0, second)).toISOString(),
  state: 'running',
  hypervisor: 'kvm',
  uptimeSeconds: second,
  memory: { maximumMiB: 512, usedMiB: 256 },
  cpus: [{ id: 0, timeNs: second * 500_000_000, utilisation }],
  nics: [{ ...nic, rxBytes: bytes, txBytes: null }],
  disks: [{ ...disk, readBytes: bytes, writeBytes: bytes }],
});

describe('the figures of an instance', () => {
  it('are rates of what is counted, from the second sample on', () => {
    const { received, read, sent, memory } = figuresOf([sample(0, 0, 5), sample(2, 1000, 7), sample(4, 4000, 9)]);
    expect(received.map(({ y }) => y)).toEqual([500, 1500]);
    expect(read).toHaveLength(2);
    expect(sent.map(({ y }) => y)).toEqual([null, null]);
    expect(memory.map(({ y }) => y)).toEqual([268_435_456, 268_435_456, 268_435_456]);
  });

  it('have a gap where a counter began anew', () => {
    expect(figuresOf([sample(0, 5000, 5), sample(2, 10, 5)]).received.map(({ y }) => y)).toEqual([null]);
  });

  it('take how busy a CPU is from what is said, or from the time it worked', () => {
    expect(
      figuresOf([sample(0, 0, 5), sample(2, 0, 7)])
        .cpu.get(0)
        ?.map(({ y }) => y),
    ).toEqual([5, 7]);
    expect(
      figuresOf([sample(0, 0, null), sample(2, 0, null)])
        .cpu.get(0)
        ?.map(({ y }) => y),
    ).toEqual([50]);
  });

  it('are none before the first sample', () => {
    expect(figuresOf([])).toMatchObject({ memory: [], received: [] });
  });

  it('count errors and drops together', () => expect(troublesOf(sample(0, 0, 0))).toBe(7));
});
