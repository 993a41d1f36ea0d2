import type { RecordingPolicy } from './ports.ts';

/** What holds for all terminals, as the operator set it. */
export interface TerminalSettings {
  /** Of clusters that say nothing else. */
  readonly recording: RecordingPolicy;
  readonly recordingDays: number;
  readonly idleMs: number;
  readonly maxMs: number;
  /** How long a terminal waits for a page that is gone. */
  readonly detachMs: number;
  readonly perPerson: number;
  readonly perTarget: number;
  /** Loopback and this machine may be targets: for tests. */
  readonly localTargets: boolean;
}

const minuteMs = 60_000;

/** From the values of the table of settings, which has checked them. */
export function terminalSettings(find: (name: string) => unknown): TerminalSettings {
  const number = (name: string) => find(`terminal.${name}`) as number;
  return {
    recording: find('terminal.recording') as RecordingPolicy,
    recordingDays: number('recordingDays'),
    idleMs: number('idleMinutes') * minuteMs,
    maxMs: number('maxMinutes') * minuteMs,
    detachMs: number('detachMinutes') * minuteMs,
    perPerson: number('perPerson'),
    perTarget: number('perTarget'),
    localTargets: find('terminal.localTargets') === true,
  };
}
