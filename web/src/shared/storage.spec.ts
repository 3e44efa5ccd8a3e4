import { beforeEach, describe, expect, it } from '@jest/globals';

import { KeptTexts } from './storage.ts';

/** What a browser offers; `blocked`: every use of it throws. */
class Area {
  readonly texts = new Map<string, string>();
  blocked = false;

  getItem(key: string): string | null {
    this.check();
    return this.texts.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.check();
    this.texts.set(key, value);
  }
  removeItem(key: string): void {
    this.check();
    this.texts.delete(key);
  }
  private check(): void {
    if (this.blocked) throw new DOMException('blocked', 'SecurityError');
  }
}

describe('what a browser keeps', () => {
  let area: Area;
  let kept: KeptTexts;
  /** The same page, loaded again. */
  const reloaded = (): KeptTexts => new KeptTexts(() => area as unknown as Storage);

  beforeEach(() => {
    area = new Area();
    kept = reloaded();
  });

  it('outlasts the page until it is removed', () => {
    expect(kept.save('a', '1')).toBe(true);

    expect(reloaded().load('a')).toBe('1');
    kept.remove('a');
    expect([kept.load('a'), reloaded().load('a')]).toEqual([null, null]);
  });

  it('is what another tab has written since', () => {
    kept.save('a', '1');
    reloaded().save('a', '2');

    expect(kept.load('a')).toBe('2');
  });

  it('lasts as long as the page where nothing may be stored', () => {
    area.blocked = true;

    expect(kept.save('a', '1')).toBe(false);
    expect([kept.load('a'), reloaded().load('a')]).toEqual(['1', null]);
    kept.remove('a');
    expect(kept.load('a')).toBeNull();
  });
});
