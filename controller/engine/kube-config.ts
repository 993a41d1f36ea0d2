import { createHash } from 'node:crypto';
import type { AgentOptions } from 'node:https';
import { type Cluster, type DispatcherOptions, KubeConfig, type RequestContext } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';

/**
 * A KubeConfig whose requests share one connection pool. client-node makes a new one for every request when a CA or a client
 * certificate is set: 800 requests were 800 TLS connections. The pool changes with the TLS options, for certificates are renewed.
 */
export class PooledKubeConfig extends KubeConfig {
  #pool: { readonly dispatcher: Dispatcher; readonly tls: string } | undefined;
  #tls = '';

  /** Called by client-node right before it would make a pool: without options it makes none. */
  override createDispatcherOptions(cluster: Cluster | null, agentOptions: AgentOptions): DispatcherOptions {
    const options = super.createDispatcherOptions(cluster, agentOptions);
    this.#tls = createHash('sha256').update(JSON.stringify(options)).digest('hex');
    return this.#pool?.tls === this.#tls ? { type: 'none' } : options;
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    const made = context.getDispatcher();
    if (made && this.#pool?.tls !== this.#tls) {
      const old = this.#pool?.dispatcher;
      this.#pool = { dispatcher: made, tls: this.#tls };
      // Ends when its last request does; a watch may take minutes.
      void old?.close().catch(() => undefined);
    } else if (made && made !== this.#pool?.dispatcher) {
      void made.close().catch(() => undefined);
    }
    if (this.#pool) context.setDispatcher(this.#pool.dispatcher);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const pool = this.#pool?.dispatcher;
    this.#pool = undefined;
    await pool?.destroy();
  }
}
