import { type KubeConfig, type KubernetesListObject, type KubernetesObject, KubernetesObjectApi } from '@kubernetes/client-node';

interface WithConditions extends KubernetesObject {
  status?: { conditions?: { type: string; status: string; reason: string; message: string }[] };
}

/**
 * Prints a line when an object becomes Ready or Stalled, until all are Ready or `deadline` (epoch ms) is over. Resolves to those
 * that are not Ready.
 */
export async function showProgress(
  kubeConfig: KubeConfig,
  objects: readonly KubernetesObject[],
  options: { deadline: number; startedAt: number; print: (line: string) => void; signal: AbortSignal },
): Promise<string[]> {
  const api = KubernetesObjectApi.makeApiClient(kubeConfig);
  const shown = new Map<string, string>();
  let waiting: string[] = [];
  do {
    waiting = [];
    for (const kind of new Set(objects.map((object) => object.kind ?? ''))) {
      const known = await listKind(api, objects, kind);
      for (const object of objects.filter((candidate) => candidate.kind === kind)) {
        const name = `${kind} ${object.metadata?.name}`;
        const state = stateOf(known.find((candidate) => candidate.metadata?.name === object.metadata?.name));
        if (!state.isReady) waiting.push(name);
        if (state.line && shown.get(name) !== state.line) {
          shown.set(name, state.line);
          options.print(`  ${((Date.now() - options.startedAt) / 1000).toFixed(1).padStart(5)} s  ${name}: ${state.line}`);
        }
      }
    }
    if (waiting.length > 0) await new Promise((done) => setTimeout(done, 250));
  } while (waiting.length > 0 && Date.now() < options.deadline && !options.signal.aborted);
  return waiting;
}

async function listKind(api: KubernetesObjectApi, objects: readonly KubernetesObject[], kind: string): Promise<WithConditions[]> {
  const sample = objects.find((object) => object.kind === kind);
  const list: KubernetesListObject<WithConditions> = await api.list(sample?.apiVersion ?? '', kind, sample?.metadata?.namespace);
  return list.items;
}

function stateOf(object: WithConditions | undefined): { isReady: boolean; line: string } {
  const condition = (type: string) => object?.status?.conditions?.find((candidate) => candidate.type === type);
  if (condition('Ready')?.status === 'True') return { isReady: true, line: 'Ready' };
  const stalled = condition('Stalled');
  return { isReady: false, line: stalled?.status === 'True' ? `${stalled.reason}: ${stalled.message}` : '' };
}
