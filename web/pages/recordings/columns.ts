import { css, html, type TemplateResult } from 'lit';
import type { RecordingState, TerminalRow } from '../../data/terminals.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import { clockText } from '../../elements/player-clock.ts';
import type { TableColumn } from '../../elements/table-columns.ts';
import { formatBytes, formatTime } from '../../texts/format.ts';
import { endText, recordingTexts as t } from '../../texts/recordings.ts';

const icons: Readonly<Record<RecordingState, IconName>> = {
  none: 'ban',
  running: 'circle-dot',
  sealed: 'lock',
  interrupted: 'triangle-alert',
  failed: 'triangle-alert',
  removed: 'trash',
};

/** What became of a recording, in a shape and a word. */
export function recordingMark(state: RecordingState): TemplateResult {
  return html`<span class="recording ${state}" title=${t.stateHints[state]}><sw-icon name=${icons[state]}></sw-icon>${t.states[state]}</span>`;
}

export const serverHref = ({ cluster, serverId }: TerminalRow): string =>
  `/resources/server/${encodeURIComponent(cluster)}/${encodeURIComponent(serverId)}`;

export const recordingHref = ({ id }: TerminalRow): string => `/recordings/${encodeURIComponent(id)}`;

/** An instance that is gone keeps the id it had. */
export const serverName = ({ serverName: name, serverId }: TerminalRow): string => (name === '' ? serverId : name);

export const endOf = ({ state, endReason }: TerminalRow): string => (state === 'ended' ? endText(endReason ?? '') : t.live);

export function columns(): readonly TableColumn<TerminalRow>[] {
  const { columns: name } = t;
  return [
    {
      name: 'at',
      label: name.at,
      width: 215,
      isPinned: true,
      text: ({ createdAt }) => formatTime(createdAt),
      cell: (row) => html`<a tabindex="-1" href=${recordingHref(row)}>${formatTime(row.createdAt)}</a>`,
    },
    { name: 'user', label: name.user, width: 130, text: ({ user }) => user },
    {
      name: 'server',
      label: name.server,
      width: 150,
      text: serverName,
      cell: (row) => html`<a tabindex="-1" href=${serverHref(row)}>${serverName(row)}</a>`,
    },
    { name: 'cluster', label: name.cluster, width: 100, text: ({ cluster }) => cluster },
    { name: 'purpose', label: name.purpose, width: 130, text: ({ purpose }) => t.purposes[purpose] },
    { name: 'remote', label: name.remote, width: 190, text: ({ remote }) => remote ?? '' },
    { name: 'duration', label: name.duration, width: 90, align: 'end', text: ({ durationMs }) => clockText(durationMs) },
    { name: 'bytes', label: name.bytes, width: 90, align: 'end', text: ({ bytes }) => formatBytes(bytes) },
    {
      name: 'recording',
      label: name.recording,
      width: 130,
      text: ({ recording }) => t.states[recording],
      cell: ({ recording }) => recordingMark(recording),
    },
    { name: 'end', label: name.end, width: 170, text: endOf },
  ];
}

export const recordingStyles = css`
  .recording {
    display: inline-flex;
    align-items: center;
    gap: var(--wa-space-2xs);
    white-space: nowrap;
  }
  .recording sw-icon {
    color: var(--wa-color-text-quiet);
  }
  .recording.sealed sw-icon {
    color: var(--wa-color-success-on-quiet);
  }
  .recording.running sw-icon {
    color: var(--wa-color-brand-on-quiet);
  }
  .recording:is(.interrupted, .failed) sw-icon {
    color: var(--wa-color-warning-on-quiet);
  }
`;
