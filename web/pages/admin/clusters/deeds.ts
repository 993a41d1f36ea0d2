import { html } from 'lit';
import { type Connection, type Removal, removalOf, removeConnection, setEnabled } from '../../../data/connections.ts';
import { may } from '../../../data/session.ts';
import type { Question } from '../../../elements/confirm.ts';
import { toast } from '../../../elements/toast.ts';
import { clusterTexts as t } from '../../../texts/clusters.ts';
import { formatNumber } from '../../../texts/format.ts';
import { total } from './phase.ts';

/** Why this person may not change the connection; undefined when they may. */
export const changeObstacle = (name: string) => (may('cluster.change', { cluster: name, namespace: '*' }) ? undefined : t.mayNotChange);
export const removeObstacle = (name: string) => (may('cluster.delete', { cluster: name, namespace: '*' }) ? undefined : t.mayNotDelete);
export const testObstacle = (name: string) => (may('cluster.test', { cluster: name, namespace: '*' }) ? undefined : t.mayNotTest);

/** Asks before a cloud is left alone: everything in it waits then. */
export function disabling({ name, seen }: Connection, done: () => void): Question {
  const known = total(seen?.counts ?? {});
  return {
    heading: t.disableTitle(name),
    text: known === 0 ? t.disableText : `${t.disableText} ${t.disableCounts(formatNumber(known))}`,
    confirm: t.disable,
    isDangerous: true,
    async run() {
      await setEnabled(name, false);
      toast({ text: t.disabled(name), action: { text: t.enable, run: () => void enable(name, done) } });
      done();
    },
  };
}

/** Takes nothing back that would be lost: no question is asked. */
export async function enable(name: string, done: () => void): Promise<void> {
  await setEnabled(name, true);
  toast({ text: t.enabled(name), tone: 'success' });
  done();
}

/** Asks before a connection goes, with what goes along and what keeps it. Throws Problem. */
export async function removing(connection: Connection, done: () => void): Promise<Question> {
  const { name } = connection;
  const removal = await removalOf(name);
  return {
    heading: t.removeTitle(name),
    text: t.removeText,
    more: html`<div>
      <strong>${t.removes}</strong>
      <ul>
        ${removal.deletes.map((one) => html`<li>${one.kind} <code>${placeOf(one)}</code></li>`)}
      </ul>
    </div>`,
    confirm: t.remove,
    isDangerous: true,
    typed: { name, label: t.typeName(name) },
    obstacle: removal.usedBy.length === 0 ? undefined : `${t.usedBy} ${usersOf(removal)}`,
    async run() {
      await removeConnection(connection);
      toast({ text: t.removed(name) });
      done();
    },
  };
}

function usersOf({ usedBy, moreUsers }: Removal): string {
  const named = usedBy.slice(0, 5).map((one) => `${one.kind} ${placeOf(one)}`);
  return [...named, ...(moreUsers || usedBy.length > named.length ? [t.usedByMore] : [])].join(', ');
}

const placeOf = ({ namespace, name }: { namespace: string; name: string }) => (namespace === '' ? name : `${namespace}/${name}`);
