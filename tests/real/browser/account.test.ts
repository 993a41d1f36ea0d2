import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, type Page, signIn, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { allowTrouble } from '#tests/parts/browser-troubles.ts';
import { type BrowserWorld, invite, startBrowserWorld } from './world.ts';

describe('the own account', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  let page: Page;
  const password = 'green tea at four';
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld({ isEmpty: true }), openBrowser()]);
    const credentialsOf = await invite(world.stackwarden);
    page = await browser.newPerson(world.stackwarden.url);
    await enter(page, credentialsOf('operator'));
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  /** What a program is answered that comes with a token. */
  async function session(token: string) {
    const program = await browser.newPerson(world.stackwarden.url);
    return program.request.get('/api/v1/session', { headers: { authorization: `Bearer ${token}` } });
  }

  it('gives a token that may no more than was chosen, shows it once, and takes it back', async () => {
    await visit(page, '/account?tab=tokens');
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByLabel('What it is for').fill('reporting');
    await page.getByText('Only see').click();
    await page.locator('wa-dialog[open]').getByRole('button', { name: 'Make a token' }).click();
    const shown = page.locator('wa-dialog[label="Token reporting"]');
    const token = (await shown.locator('code').first().innerText()).trim();
    expect(await axe(page)).toEqual([]);
    const { permissions } = (await (await session(token)).json()) as { permissions: { permission: string }[] };
    expect(permissions.length).toBeGreaterThan(5);
    expect(permissions.filter(({ permission }) => !permission.endsWith('.read'))).toEqual([]);
    await shown.getByRole('button', { name: 'I have kept it' }).click();
    await shown.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(token);
    await page.getByRole('button', { name: 'Revoke reporting' }).click();
    await page.locator('sw-admin-confirm').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('You have no token.').waitFor();
    expect((await session(token)).status()).toBe(401);
  });

  it('ends the other sessions', async () => {
    const other = await browser.newPerson(world.stackwarden.url);
    await enter(other, { username: 'the-operator', password });
    await visit(page, '/account?tab=sessions');
    expect(await page.getByText('this one').count()).toBe(1);
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.locator('sw-admin-confirm').getByRole('button', { name: 'End all others' }).click();
    await page.getByText('1 session ended.').waitFor();
    expect((await other.request.get('/api/v1/session')).status()).toBe(401);
    await other.context().close();
  });

  it('sets up a second factor from what the page draws, gives recovery codes, and asks for a code from then on', async () => {
    await visit(page, '/account?tab=security');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByLabel('Your password, to be sure it is you').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
    const secret = (await page.locator('sw-second-factor code').innerText()).replaceAll(/\s/g, '');
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Code the app shows now').fill(new TOTP({ secret }).generate());
    await page.keyboard.press('Enter');
    const recovery = (await page.locator('pre').innerText()).trim().split('\n');
    expect(recovery).toHaveLength(10);
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('In use: signing in takes a code').waitFor();
    expect(await page.content()).not.toContain(recovery[0]);

    const next = await browser.newPerson(world.stackwarden.url);
    allowTrouble(next, /POST \/api\/v1\/session\/second-factor answered 401/);
    await next.goto('/sign-in?back=/account');
    await next.getByLabel('Username').fill('the-operator');
    await next.getByLabel('Password').fill(password);
    await next.keyboard.press('Enter');
    const asked = next.getByLabel('Code of your second factor');
    await asked.fill('000000');
    await next.keyboard.press('Enter');
    await next.getByRole('alert').filter({ hasText: /wrong/ }).waitFor();
    await asked.fill(recovery[0] ?? '');
    await next.keyboard.press('Enter');
    await next.getByRole('heading', { name: 'Account' }).waitFor();
    await next.context().close();
  });

  it('changes the password, and lets in with that only', async () => {
    const own = await browser.newPerson(world.stackwarden.url);
    await signIn(own, { username: 'the-viewer', password });
    await visit(own, '/account?tab=security');
    await own.getByLabel('Password now').fill(password);
    await own.getByLabel('New password', { exact: true }).fill('another cup of coffee');
    await own.getByLabel('New password once more').fill('another cup of tea');
    await own.keyboard.press('Enter');
    await own.getByText('The two passwords differ.').waitFor();
    await own.getByLabel('New password once more').fill('another cup of coffee');
    await own.keyboard.press('Enter');
    await own.getByText('Your password was changed').waitFor();
    await visit(own, '/account');
    const next = await browser.newPerson(world.stackwarden.url);
    await signIn(next, { username: 'the-viewer', password: 'another cup of coffee' });
    await next.context().close();
    await own.context().close();
  });

  it('is made by who was invited, whose token stands in no address any more', async () => {
    const { text } = await world.stackwarden.send('POST', '/api/v1/invitations', { bindings: [{ role: 'viewer' }] });
    const { token } = JSON.parse(text) as { token: string };
    const guest = await browser.newPerson(world.stackwarden.url);
    await guest.goto(`/invitation#${token}`);
    await guest.getByRole('heading', { name: 'Accept your invitation' }).waitFor();
    expect(guest.url()).not.toContain(token);
    await guest.getByLabel('Username').fill('zoe');
    await guest.getByLabel('New password').fill(password);
    await guest.getByLabel('Password once more').fill(password);
    await guest.keyboard.press('Enter');
    await guest.getByText('Your account is there.').waitFor();
    await guest.getByRole('link', { name: 'Back to sign-in' }).click();
    await signIn(guest, { username: 'zoe', password });
    await guest.getByRole('button', { name: 'Your menu: zoe' }).waitFor();
    await guest.context().close();
  });
});
