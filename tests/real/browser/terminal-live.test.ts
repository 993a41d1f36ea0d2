import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, type Page, screenshot, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { allowTrouble } from '#tests/parts/browser-troubles.ts';
import { type SshWorld, startSshWorld } from './ssh-access.ts';
import { line, linesOf, run, screenOf } from './terminal-in-page.ts';
import { invite, until } from './world.ts';

describe('terminals that others see', () => {
  let world: SshWorld;
  let browser: TestBrowser;
  let admin: Page;

  beforeAll(async () => {
    [world, browser] = await Promise.all([startSshWorld(), openBrowser()]);
    admin = await browser.newPerson(world.stackwarden.url);
    await enter(admin, world.admin);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  it('are watched by an admin, whom one sees, and ended with a reason that one is told', async () => {
    const credentials = (await invite(world.stackwarden))('operator');
    const operator = await browser.newPerson(world.stackwarden.url);
    await enter(operator, credentials);
    await visit(operator, `/terminals?cluster=main&server=${world.server}`);
    await operator.getByText('Serial console').click();
    await operator.getByRole('button', { name: 'Connect', exact: true }).click();
    await line(operator, /login: *$/);
    await operator.locator('.xterm-helper-textarea').focus();
    await run(operator, 'first words');
    await line(operator, /first words/);

    await visit(admin, '/admin/terminals');
    await admin.getByText('the-operator').first().waitFor();
    await admin.getByRole('button', { name: 'Watch', exact: true }).click();
    await admin.getByText('the-operator works here; you only watch').waitFor();
    await line(admin, /first words/);
    await operator.getByText('Watched by admin').waitFor();
    await run(operator, 'second words');
    await line(admin, /second words/);
    expect(await axe(admin)).toEqual([]);
    await screenshot(admin, 'terminal-watched');
    await screenshot(operator, 'terminal-is-watched');

    // Whoever watches types nothing.
    await admin.locator('.xterm-helper-textarea').focus();
    await admin.keyboard.type('words of the admin');
    await run(operator, 'third words');
    await line(admin, /third words/);
    expect((await linesOf(operator)).join('\n')).not.toContain('words of the admin');

    await admin.getByRole('button', { name: 'Stop watching' }).click();
    await operator.getByText('Watched by admin').waitFor({ state: 'detached' });
    await admin.getByRole('button', { name: 'Watch', exact: true }).click();
    await operator.getByText('Watched by admin').waitFor();

    allowTrouble(operator, /^answer: (?:GET|POST) \/api\/v1\/terminals\/.* answered 410$/);
    allowTrouble(admin, /^answer: (?:GET|POST) \/api\/v1\/terminals\/.* answered 410$/);
    await admin.getByRole('button', { name: 'End', exact: true }).click();
    await admin.getByRole('textbox', { name: 'Why' }).fill('the window of maintenance is over');
    await admin.locator('sw-admin-confirm').getByRole('button', { name: 'End', exact: true }).click();
    await admin.getByText('The terminal was ended.').waitFor();
    await operator.getByRole('heading', { name: 'Somebody ended it' }).waitFor();
    await operator.getByText(/the window of maintenance is over/).waitFor();
    await operator.getByText(/admin/).first().waitFor();
    await screenshot(operator, 'terminal-ended-by-admin');
    const { text } = await world.stackwarden.get('/api/v1/audit?limit=100');
    for (const type of ['TerminalWatched', 'TerminalLeft', 'TerminalEnded']) expect(text).toContain(type);
    expect(text).toContain('the window of maintenance is over');
    await operator.close();
  });

  it('are signed in to by a profile and a key that were made in the forms', async () => {
    await visit(admin, '/admin/terminals/profiles?tab=keys');
    await admin.getByRole('button', { name: 'New key' }).first().click();
    const form = admin.locator('sw-terminal-key-form, sw-terminal-profile-form');
    await form.getByRole('textbox', { name: 'Name' }).fill('door');
    await admin.getByRole('combobox', { name: 'Cloud' }).click();
    await admin.getByRole('option', { name: 'main', exact: true }).click();
    await admin.getByText('Give a private key').click();
    await form.getByRole('textbox', { name: 'Private key' }).fill(world.guest.encryptedKey);
    await form.getByRole('textbox', { name: 'Passphrase, if it has one' }).fill(world.guest.passphrase);
    await form.getByRole('button', { name: 'New key' }).click();
    await admin.getByText('Key door is kept.').waitFor();

    await visit(admin, '/admin/terminals/profiles');
    await admin.getByRole('button', { name: 'New profile' }).first().click();
    await form.getByRole('textbox', { name: 'Name' }).fill('as the guest');
    await admin.getByRole('combobox', { name: 'Cloud' }).click();
    await admin.getByRole('option', { name: 'main', exact: true }).click();
    await form.getByRole('textbox', { name: 'User' }).fill(world.guest.name);
    await form.getByRole('spinbutton', { name: 'Port' }).fill(String(world.sshd.port));
    await form.getByRole('textbox', { name: 'Id of the instance' }).fill(world.server);
    await admin.getByRole('combobox', { name: 'Key', exact: true }).click();
    await admin.getByRole('option', { name: 'door', exact: true }).click();
    await screenshot(admin, 'terminal-profile-form');
    expect(await axe(admin)).toEqual([]);
    await form.getByRole('button', { name: 'Save' }).click();
    await admin.getByText('The profile is saved.').waitFor();

    await visit(admin, `/terminals?cluster=main&server=${world.server}`);
    await admin.getByText('The profile has a key; the host asks for nothing.').waitFor();
    await admin.getByRole('button', { name: 'Connect', exact: true }).click();
    await admin.getByText(world.sshd.fingerprint).first().waitFor();
    await admin.getByText('I have compared the fingerprints').click();
    await admin.getByRole('button', { name: 'It is the same: accept and go on' }).click();
    await line(admin, /\$ *$/);
    await admin.locator('.xterm-helper-textarea').last().focus();
    await run(admin, 'echo I am $(whoami)');
    await line(admin, new RegExp(`^I am ${world.guest.name}$`));
  });

  it('are replayed to what they showed', async () => {
    await run(
      admin,
      `PS1='$ '; clear; for n in $(seq 1 300); do printf '\\033[3%dmline %d 中文\\033[0m\\n' $((n % 8)) $n; done; echo over $((40+2))`,
    );
    await line(admin, /^over 42$/);
    const middle = await screenOf(admin);
    await run(admin, 'printf "\\033[?1049h\\033[5;10Hanother screen"; sleep 1; printf "\\033[?1049l"; echo back again $((1+1))');
    await line(admin, /^back again 2$/);
    await run(admin, 'exit');
    await admin.getByRole('heading', { name: 'The shell has ended' }).waitFor();
    const shown = await screenOf(admin);
    expect(shown).toContain('back again 2');
    const { id, durationMs } = await until('the recording to be sealed', async () => {
      const { text } = await world.stackwarden.get('/api/v1/terminals?state=ended&purpose=ssh&recording=sealed');
      return (JSON.parse(text) as { items: { id: string; durationMs: number }[] }).items[0];
    });
    await visit(admin, `/recordings/${id}?t=${durationMs / 1000}`);
    await admin.locator('sw-player[data-at]').waitFor();
    const replayed = () => admin.locator('sw-player').evaluate((player) => (player as unknown as { screenText: string }).screenText);
    expect(await replayed()).toBe(shown);
    await admin.getByText(/Sealed, \d+ pieces? whole/).waitFor();
    await screenshot(admin, 'recording-of-a-shell');
    // Any moment between the two commands shows what stood there then.
    await admin.getByRole('searchbox', { name: 'Search what was shown' }).fill('over 42');
    await admin.getByRole('grid', { name: 'Search what was shown' }).getByText('over 42').last().click();
    await until('the screen after the first command', async () => (await replayed()) === middle || undefined);
  });
});
