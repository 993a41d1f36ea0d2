import { createHash } from 'node:crypto';
import type { AgentOptions } from 'node:https';
import { type Cluster, type DispatcherOptions, KubeConfig, type RequestContext } from '@kubernetes/client-node';
import { Agent, type buildConnector, type Dispatcher, ProxyAgent } from 'undici';

/**
 * A KubeConfig whose requests share one connection pool. client-node makes a new one for every request when a CA or a client
 * certificate is set: 800 requests were 800 TLS connections. The pool changes with the TLS options, for certificates are renewed.
 */
export class PooledKubeConfig extends KubeConfig {
  #pool: { readonly dispatcher: Dispatcher; readonly made: string } | undefined;

  /** Called by client-node right before it would make a pool of its own; only of a SOCKS proxy it makes one still. */
  override createDispatcherOptions(cluster: Cluster | null, agentOptions: AgentOptions): DispatcherOptions {
    const options = super.createDispatcherOptions(cluster, agentOptions);
    if (options.type === 'socks') return options;
    const made = createHash('sha256').update(JSON.stringify(options)).digest('hex');
    if (this.#pool?.made === made) return { type: 'none' };
    // Ends when its last request does; a watch may take minutes.
    void this.#pool?.dispatcher.close().catch(() => undefined);
    this.#pool = { dispatcher: poolFor(options), made };
    return { type: 'none' };
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    if (this.#pool && !context.getDispatcher()) context.setDispatcher(this.#pool.dispatcher);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const pool = this.#pool?.dispatcher;
    this.#pool = undefined;
    await pool?.destroy();
  }
}

/** TLS options as undici takes them: the same as Node's, but for what `exactOptionalPropertyTypes` makes of an absent field. */
type Connect = buildConnector.BuildOptions;

/**
 * Without HTTP/2, which undici 8 would choose: there all requests and watches share one connection, and when that is reset during its
 * handshake every later request waits for ever (seen in one of three runs of 60 resets).
 */
function poolFor(options: Exclude<DispatcherOptions, { type: 'socks' }>): Dispatcher {
  switch (options.type) {
    case 'proxy':
      return new ProxyAgent({
        uri: options.uri,
        requestTls: options.requestTls as Connect,
        connect: options.connect as Connect,
        allowH2: false,
      });
    case 'agent':
      return new Agent({ connect: options.connect as Connect, allowH2: false });
    case 'none':
    default:
      return new Agent({ allowH2: false });
  }
}
