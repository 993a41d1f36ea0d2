import { afterEach, describe, expect, it } from 'vitest';
import { permissions } from '#api/auth/permissions.ts';
import { readConfiguration } from '#api/configuration/read.ts';
import { shownSettings } from '#api/configuration/shown.ts';
import { language } from './language.ts';
import { permissionSentence } from './permissions.ts';
import { settingDefault, settingMeaning } from './settings.ts';

afterEach(() => language.set('en'));

const hasChinese = /[\u4E00-\u9FFF]/;

describe('what the server says in English', () => {
  it('is said in Chinese of every setting, its default too', () => {
    language.set('zh');
    for (const { name, meaning, default: otherwise } of shownSettings(readConfiguration([], {})).items) {
      expect(settingMeaning(name, meaning), name).toMatch(hasChinese);
      const shown = settingDefault(otherwise);
      if (/[a-z] [a-z]/.test(otherwise)) expect(shown, name).toMatch(hasChinese);
      expect(shown, name).not.toMatch(/ in |undefined/);
    }
  });

  it('is said in Chinese of every permission', () => {
    for (const [name, sentence] of Object.entries(permissions)) {
      language.set('zh');
      expect(permissionSentence(name as never, sentence), name).toMatch(hasChinese);
      expect(permissionSentence(name as never, sentence), name).not.toContain('undefined');
      language.set('en');
      expect(permissionSentence(name as never, sentence)).toBe(sentence);
    }
  });
});
