import { existsSync, fstatSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Sandbox, startSandbox } from './server.ts';

const usage = `node examples/sandbox/main.ts --listen 127.0.0.1:PORT [--latency MS] [--region NAME] [--seed N] [--time-scale X] [--clouds FILE] [--cloud NAME] [--diagnostics-for-members]`;

/** The sandbox as a process of its own: prints its auth URL, and ends on SIGTERM, SIGINT or when its parent goes away. */
async function main(): Promise<void> {
  const options = readOptions();
  const sandbox = await startSandbox(options.sandbox);
  if (options.cloudsFile !== undefined) writeClouds(options.cloudsFile, sandbox.cloudsYaml(options.cloudName));
  endWith(sandbox);
  // Last: whoever waits for this line may send SIGTERM the next moment.
  console.log(`sandbox cloud, auth URL ${sandbox.url}, region ${sandbox.region}, seed ${sandbox.seed}`);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      listen: { type: 'string', default: '127.0.0.1:0' },
      latency: { type: 'string', default: '0' },
      region: { type: 'string', default: 'RegionOne' },
      seed: { type: 'string', default: '1' },
      'time-scale': { type: 'string', default: '1' },
      clouds: { type: 'string' },
      cloud: { type: 'string', default: 'sandbox' },
      'diagnostics-for-members': { type: 'boolean', default: false },
    },
  });
  const [, host, port] = /^(.*):(\d+)$/.exec(values.listen) ?? [];
  if (host === undefined || port === undefined) throw new RangeError(`--listen must be HOST:PORT, not ${values.listen}`);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(host))
    throw new RangeError('--listen must name a loopback address: everybody who reaches the sandbox may steer it');
  return {
    sandbox: {
      host: host.replace(/^\[|\]$/g, ''),
      port: Number(port),
      latencyMs: number('--latency', values.latency),
      timeScale: number('--time-scale', values['time-scale']),
      seed: number('--seed', values.seed),
      region: values.region,
      showsDiagnosticsToMembers: values['diagnostics-for-members'],
    },
    cloudsFile: values.clouds,
    cloudName: values.cloud,
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new RangeError(`${name} must be a number, not ${text}`);
  return value;
}

function endWith(sandbox: Sandbox): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    void sandbox.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
  // A pipe from our parent closes with it, however it dies. A terminal or /dev/null says nothing about a parent.
  const stdin = fstatSync(0);
  if (!stdin.isFIFO() && !stdin.isSocket()) return;
  process.stdin.on('end', end);
  process.stdin.on('error', end);
  process.stdin.resume();
}

const mark = '# Written by the Stackwarden sandbox; overwritten at its next start.';

/** Readable by its owner only: it holds a password, if only one to a play cloud. A file somebody else wrote is left alone. */
function writeClouds(file: string, text: string): void {
  if (existsSync(file) && !readFileSync(file, 'utf8').startsWith(mark))
    throw new RangeError(`${file} was not written by the sandbox; name another file with --clouds`);
  writeFileSync(file, `${mark}\n${text}`, { mode: 0o600 });
}

try {
  await main();
} catch (error) {
  console.error(`sandbox: ${error instanceof Error ? error.message : String(error)}\nusage: ${usage}`);
  process.exit(1);
}
