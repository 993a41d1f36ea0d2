import { html, nothing, type TemplateResult } from 'lit';
import type { CloudHealth, CloudState } from '../../data/cloud-states.ts';
import { type Cause, causes, type DriftOverTime, type StalledObject } from '../../data/overview.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import { formatAgo, formatList, formatNumber, formatTime } from '../../texts/format.ts';
import { kindName, typeOfKind } from '../../texts/kinds.ts';
import { overviewTexts as t } from '../../texts/overview.ts';
import { driftNow } from './figures.ts';

const healthIcons: Readonly<Record<CloudHealth, readonly [icon: IconName, tone: string]>> = {
  down: ['circle-x', 'danger'],
  partly: ['triangle-alert', 'warning'],
  connecting: ['refresh-cw', 'brand'],
  up: ['circle-check', 'success'],
  off: ['pause', 'neutral'],
};
const worstFirst = Object.keys(healthIcons) as CloudHealth[];
const mostClouds = 6;

/** How many clouds are up, and which are not. */
export function cloudsTile(clouds: readonly CloudState[]): TemplateResult {
  const wanted = clouds.filter(({ health }) => health !== 'off');
  const up = wanted.filter(({ health }) => health === 'up').length;
  const seen = wanted.flatMap(({ seenAt }) => seenAt ?? []).toSorted();
  const sorted = clouds.toSorted((a, b) => worstFirst.indexOf(a.health) - worstFirst.indexOf(b.health));
  return html`<section class="card">
    <h2>${t.clouds.title}</h2>
    <a class="figure" href="/clusters">${t.clouds.up(formatNumber(up), formatNumber(wanted.length))}</a>
    <p class="quiet small">${seen[0] === undefined ? t.clouds.notSeen : t.clouds.allFresh(formatAgo(seen[0]))}</p>
    <ul class="plain">
      ${sorted.slice(0, mostClouds).map(({ name, health, message }) => {
        const [icon, tone] = healthIcons[health];
        return html`<li title=${message || nothing}>
          <a href=${`/clusters/${name}`}>${name}</a>
          <span class="state ${tone}"><sw-icon name=${icon}></sw-icon>${t.clouds.health[health]}</span>
        </li>`;
      })}
    </ul>
  </section>`;
}

const causeIcons: Readonly<Record<Cause, readonly [icon: IconName, tone: string]>> = {
  drifted: ['git-compare', 'warning'],
  missing: ['unlink', 'danger'],
  contested: ['refresh-cw', 'brand'],
  undeclared: ['circle-question-mark', 'neutral'],
};

/** What has drifted now, by cause. */
export function driftTile(drift: DriftOverTime | undefined, isSeen: (cluster: string) => boolean): TemplateResult {
  const { counts, unknown } = drift ? driftNow(drift, isSeen) : { counts: undefined, unknown: [] };
  const sum = causes.reduce((total, cause) => total + (counts?.[cause] ?? 0), 0);
  return html`<h2>${t.drift.title}</h2>
    <ul class="plain counts">
      ${causes.map((cause) => {
        const [icon, tone] = causeIcons[cause];
        const count = counts?.[cause] ?? 0;
        return html`<li>
          <span class="state ${count > 0 ? tone : 'none'}"><sw-icon name=${icon}></sw-icon>${t.drift.causes[cause]}</span>
          <a class="number" href=${`/drift?cause=${cause}`} aria-label=${`${t.drift.causes[cause]}: ${formatNumber(count)}`}>${formatNumber(count)}</a>
        </li>`;
      })}
    </ul>
    ${sum === 0 && unknown.length === 0 ? html`<p class="quiet small">${t.drift.none}</p>` : nothing}
    ${unknown.length > 0 ? html`<p class="quiet small">${t.drift.unknown(formatList(unknown))}</p>` : nothing}`;
}

const mostStalled = 8;

/** Objects that need a person, with the reason. */
export function stalledCard(
  objects: readonly StalledObject[],
  { isWhole, showAll }: { readonly isWhole: boolean; readonly showAll: () => void },
): TemplateResult {
  const shown = isWhole ? objects : objects.slice(0, mostStalled);
  const heading = html`<h2>${t.stalled.title}${objects.length > 0 ? html`<span class="badge danger">${formatNumber(objects.length)}</span>` : nothing}</h2>`;
  if (objects.length === 0)
    return html`${heading}
      <p class="state success"><sw-icon name="circle-check"></sw-icon>${t.stalled.none}</p>
      <p class="quiet small">${t.stalled.clear}</p>`;
  const { columns } = t.stalled;
  return html`${heading}
    <div class="scroll" role="region" tabindex="0" aria-label=${t.stalled.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">${columns.object}</th>
            <th scope="col">${columns.cluster}</th>
            <th scope="col">${columns.why}</th>
            <th scope="col">${columns.since}</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (object) => html`<tr>
              <td><a href=${addressOf(object)}>${kindName(object.kind)} ${object.namespace === '' ? '' : `${object.namespace}/`}${object.name}</a></td>
              <td>${object.cluster}</td>
              <td><div class="why" title=${object.message}><strong>${object.reason}</strong> ${object.message}</div></td>
              <td class="short"><time datetime=${object.since} title=${formatTime(object.since)}>${formatAgo(object.since)}</time></td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      objects.length > shown.length
        ? html`<button class="link" @click=${showAll}>${t.stalled.all(formatNumber(objects.length - shown.length))}</button>`
        : nothing
    }`;
}

/** Where one sees more of an object, made in the cloud or not. */
function addressOf({ kind, namespace, name, cluster, id }: StalledObject): string {
  if (kind === 'Cluster') return `/clusters/${name}`;
  if (id !== '' && typeOfKind[kind] !== undefined) return `/resources/${typeOfKind[kind]}/${cluster}/${encodeURIComponent(id)}`;
  return `/history/${kind}/${namespace}/${name}`;
}
