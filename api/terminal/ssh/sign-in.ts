import type { AnyAuthMethod, AuthenticationType, ParsedKey, Prompt } from 'ssh2';
import type { OpenFailed } from '../ports.ts';
import { forgetKey } from './keys.ts';
import type { Ask } from './patience.ts';
import { refused } from './refusal.ts';

/** Something to sign in with, and what it is called in front of people. */
export interface NamedKey {
  readonly name: string;
  readonly key: ParsedKey;
}

export interface SignInOptions {
  readonly user: string;
  /** What is signed in to, for people: `web-1 (10.0.0.5:22)`. */
  readonly host: string;
  /** Tried in turn. */
  readonly keys: readonly NamedKey[];
  readonly password?: string;
  readonly ask: Ask;
  /** Told why it cannot go on while the host waits for answers. */
  readonly giveUp: (error: unknown) => void;
}

export interface SignIn {
  /** What to try next, by what the host offers; false once there is nothing left. Throws OpenFailed when the person cancels. */
  next(offered: readonly AuthenticationType[] | null): Promise<AnyAuthMethod | false>;
  /** Why it came to nothing. */
  failure(): OpenFailed;
  /** Wipes what was given. */
  forget(): void;
}

/** How often somebody is asked for a password or a code. */
const mostRounds = 3;
/** How often the host may ask within one round; PAM does so two or three times. */
const mostQuestions = 20;
const cancelled = 'Signing in was cancelled.';

/**
 * Keys, then the password that was given, then questions: what the host asks (keyboard-interactive) before a plain password. No agent, no
 * host-based sign-in.
 */
export function createSignIn(options: SignInOptions): SignIn {
  const { user, host, ask } = options;
  const keysLeft = [...options.keys];
  const tried: string[] = [];
  const secrets: Buffer[] = [];
  let given = options.password;
  let rounds = 0;
  let offeredLast: readonly AuthenticationType[] = [];

  const takeGiven = (): string | undefined => {
    const text = given;
    given = undefined;
    if (text !== undefined) tried.push('the password');
    return text;
  };
  const withPassword = (text: string): AnyAuthMethod => {
    // As bytes, which can be wiped: ssh2 takes them, though its types say texts alone.
    const bytes = Buffer.from(text);
    secrets.push(bytes);
    return { type: 'password', username: user, password: bytes as unknown as string };
  };
  const askPassword = async (): Promise<AnyAuthMethod> => {
    const instructions = tried.includes('the password') ? 'That password was refused.' : '';
    const answers = await ask({ title: `Password of ${user}`, instructions, prompts: [{ text: 'Password:', isSecret: true }] });
    if (answers?.[0] === undefined) throw refused('sign-in-failed', cancelled);
    tried.push('the password');
    return withPassword(answers[0]);
  };
  const answersTo = async (title: string, instructions: string, prompts: readonly Prompt[], isFirst: boolean): Promise<string[]> => {
    // What was given as a password answers the one masked question that PAM asks for it.
    const password = isFirst && prompts.length === 1 && prompts[0]?.echo !== true ? takeGiven() : undefined;
    if (password !== undefined) return [password];
    const asked = prompts.map(({ prompt, echo }) => ({ text: prompt, isSecret: echo !== true }));
    const answers = await ask({ title: title.trim() || `Sign in as ${user}`, instructions, prompts: asked });
    if (!answers) throw refused('sign-in-failed', cancelled);
    tried.push('the answers');
    return prompts.map((_, at) => answers[at] ?? '');
  };
  const interactive = (): AnyAuthMethod => {
    let questions = 0;
    return {
      type: 'keyboard-interactive',
      username: user,
      prompt(title, instructions, _language, prompts, finish) {
        questions += 1;
        if (questions > mostQuestions) return options.giveUp(refused('sign-in-failed', `${host} asks questions without end.`));
        answersTo(title, instructions, prompts, questions === 1).then(finish, options.giveUp);
      },
    };
  };

  return {
    async next(offered) {
      // Tells what the host offers; few take it.
      if (!offered) return { type: 'none', username: user };
      offeredLast = offered;
      const key = offered.includes('publickey') ? keysLeft.shift() : undefined;
      if (key) {
        tried.push(key.name);
        return { type: 'publickey', username: user, key: key.key };
      }
      const password = offered.includes('password') ? takeGiven() : undefined;
      if (password !== undefined) return withPassword(password);
      rounds += 1;
      if (rounds > mostRounds) return false;
      if (offered.includes('keyboard-interactive')) return interactive();
      return offered.includes('password') ? await askPassword() : false;
    },
    failure: () => refused('sign-in-failed', whyRefused({ user, host, offered: offeredLast, tried })),
    forget() {
      for (const secret of secrets) secret.fill(0);
      for (const { key } of options.keys) forgetKey(key);
      given = undefined;
    },
  };
}

interface Refused {
  readonly user: string;
  readonly host: string;
  readonly offered: readonly string[];
  readonly tried: readonly string[];
}

function whyRefused({ user, host, offered, tried }: Refused): string {
  const takes = offered.length === 0 ? '' : ` It takes ${offered.join(', ')}.`;
  if (tried.length > 0)
    return `${host} does not let ${user} in with ${[...new Set(tried)].join(', ')}.${takes} Check the user name, and that the public key is in its authorized_keys.`;
  if (offered.every((method) => method === 'publickey'))
    return `${host} takes keys alone, and none was given. Give a private key, or choose a profile that has one.`;
  return `${host} does not let ${user} in.${takes} None of these is known here.`;
}
