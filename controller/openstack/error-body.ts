/** What an error answer says, whatever form its service writes it in. */
export interface ErrorBody {
  readonly type?: string;
  readonly detail: string;
}

const MAX_DETAIL = 500;
const SENSITIVE_KEY = /^(user_data|admin_?pass|password|secret|personality|contents|private_key|token)$/i;

/**
 * Reads Neutron's `NeutronError`, Nova's and Cinder's one top-level key, Keystone's `error`, and the HTML of Glance and of proxies.
 * Services quote what they refuse, so values of `sent` that are secret are taken out of the text.
 */
export function readErrorBody(raw: string, status: number, sent: unknown): ErrorBody {
  const { type, detail } = parse(raw);
  const plain = withoutValues(detail).replace(/\s+/g, ' ').trim();
  const clean = secretsOf(sent).reduce((text, secret) => text.replaceAll(secret, '[hidden]'), plain);
  const shown = clean.length > MAX_DETAIL ? `${clean.slice(0, MAX_DETAIL)}...` : clean;
  return { ...(type ? { type } : {}), detail: shown || `no explanation (status ${status})` };
}

function parse(raw: string): { type?: string; detail: string } {
  const body = parseJson(raw);
  if (body === undefined) return { detail: fromHtml(raw) };
  const neutron = body['NeutronError'];
  if (typeof neutron === 'string') return { detail: neutron };
  if (isRecord(neutron)) return { type: asText(neutron['type']), detail: asText(neutron['message']) };
  if (typeof body['message'] === 'string') return { type: asText(body['title']), detail: body['message'] };
  for (const [key, value] of Object.entries(body)) {
    if (!isRecord(value) || typeof value['message'] !== 'string') continue;
    // Keystone puts everything under `error`; its title says more.
    return { type: key === 'error' ? asText(value['title']) : key, detail: value['message'] };
  }
  const first = Object.values(body).find((value) => typeof value === 'string');
  return { detail: asText(first) };
}

function parseJson(raw: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(raw);
    if (!isRecord(body)) return undefined;
    const errors = body['errors'];
    return Array.isArray(errors) && isRecord(errors[0]) ? { message: errors[0]['detail'] ?? errors[0]['title'] } : body;
  } catch {
    return undefined;
  }
}

function fromHtml(raw: string): string {
  if (!/<\w+/.test(raw)) return raw.slice(0, 2000);
  const body = /<body[^>]*>([\s\S]*?)(<\/body>|$)/i.exec(raw)?.[1] ?? raw;
  const text = body.replace(/<h1>[\s\S]*?<\/h1>/i, '').replace(/<[^>]*>/g, ' ');
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', '#x27': "'", '#39': "'" };
  const plain = text.replace(/&(#?\w+);/g, (entity, name: string) => named[name] ?? entity).trim();
  return plain || (/<title>([\s\S]*?)<\/title>/i.exec(raw)?.[1] ?? '').trim();
}

/** Schema errors of Nova and Cinder quote the whole refused value, some twice: keep the attribute and the reason. */
function withoutValues(detail: string): string {
  const head = /^(Invalid input for field\/attribute \S+?)\. Value: /.exec(detail);
  if (!head) return detail;
  const reasonAt = detail.lastIndexOf('. ') + 2;
  if (reasonAt <= head[0].length) return `${head[1]}: the value is refused`;
  const reason = detail.slice(reasonAt);
  // Reasons that name a property and no value.
  if (/^('[\w:.-]+' is a |Additional properties )/.test(reason)) return `${head[1]}: ${reason}`;
  return `${head[1]}: ${reason.replace(/^[\s\S]*(?= (?:is|are|does|has|was|were)\b)/, 'the value')}`;
}

function secretsOf(sent: unknown, found: string[] = [], isSecret = false): string[] {
  if (typeof sent === 'string') {
    if (isSecret && sent.length >= 3) found.push(sent);
    return found;
  }
  if (Array.isArray(sent)) {
    for (const item of sent as unknown[]) secretsOf(item, found, isSecret);
    return found;
  }
  if (!isRecord(sent)) return found;
  for (const [key, value] of Object.entries(sent)) secretsOf(value, found, isSecret || SENSITIVE_KEY.test(key));
  return found;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
