import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  forgetReceipt,
  forgetReceipts,
  hasReceipts,
  keepReceipt,
  keptReceipt,
  keptReceipts,
  keyIn,
} from './kept-receipts.ts';

/** A browser's storage with room for so many letters. */
class Area {
  readonly texts = new Map<string, string>();
  room = Infinity;

  get length(): number {
    return this.texts.size;
  }
  key(at: number): string | null {
    return [...this.texts.keys()][at] ?? null;
  }
  getItem(key: string): string | null {
    if (this.room === 0) throw new DOMException('blocked', 'SecurityError');
    return this.texts.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    const used = [...this.texts].reduce((sum, [name, text]) => sum + (name === key ? 0 : name.length + text.length), 0);
    if (used + key.length + value.length > this.room) throw new DOMException('full', 'QuotaExceededError');
    this.texts.set(key, value);
  }
  removeItem(key: string): void {
    this.texts.delete(key);
  }
}

const before = Object.getOwnPropertyDescriptors(globalThis);
let area: Area;
const place = { search: '' };
const given: Record<string, unknown> = { location: place };

const keep = (recibo: string): string => keepReceipt({ recibo, titulo: 'Quem sai?', whatFor: 'para eliminar Ana' });
const kept = (): string[] => keptReceipts().map(({ recibo }) => recibo);

beforeEach(() => {
  // what the module remembers of a page that had no storage ends with that page
  forgetReceipts();
  area = new Area();
  place.search = '';
  Object.assign(given, { localStorage: area });
  for (const name of Object.keys(given))
    Object.defineProperty(globalThis, name, { configurable: true, get: () => given[name] });
  forgetReceipts();
});

afterAll(() => {
  for (const name of Object.keys(given)) {
    const descriptor = before[name as keyof typeof before];
    if (descriptor === undefined) Reflect.deleteProperty(globalThis, name);
    else Object.defineProperty(globalThis, name, descriptor);
  }
});

describe('receipts that a browser keeps', () => {
  it('come back, the newest first, with what their votes were for', () => {
    const path = keep('first');
    keep('second');

    expect(kept()).toEqual(['second', 'first']);
    expect(keptReceipt(keyIn(path.split('#')[1]!)!)).toMatchObject({
      ...{ recibo: 'first', titulo: 'Quem sai?', whatFor: 'para eliminar Ana' },
    });
  });

  it('are the last 200', () => {
    for (let vote = 1; vote <= 203; vote++) keep(`vote-${String(vote)}`);

    expect(kept()).toHaveLength(200);
    expect([kept()[0], kept().at(-1)]).toEqual(['vote-203', 'vote-4']);
  });

  it('go one by one, or all of them', () => {
    const [first = ''] = [keep('first'), keep('second'), keep('third')].map((path) => keyIn(path.split('#')[1]!)!);
    forgetReceipt(first);
    expect(kept()).toEqual(['third', 'second']);

    area.setItem('other', 'stays');
    area.setItem('paredao.recibo.damaged', '{');
    forgetReceipts();
    expect([[...area.texts.keys()], hasReceipts()]).toEqual([['other'], false]);
  });

  it('make room for the newest one where there is little', () => {
    area.room = 1000;
    for (let vote = 1; vote <= 20; vote++) keep(`vote-${String(vote)}`);

    expect(kept()[0]).toBe('vote-20');
    expect(kept().length).toBeGreaterThan(3);
    expect(area.texts.size).toBe(kept().length);
  });

  it.each([
    ['no text that was kept whole', '{"recibo":"abc'],
    ['nothing', 'null'],
    ['another form', '{"recibo":7,"titulo":"","whatFor":""}'],
    ['no receipt', '{"recibo":"<a href=x>","titulo":"","whatFor":""}'],
    ['no title', '{"recibo":"abc","whatFor":""}'],
  ])('are passed over where there is %s', (_what, text) => {
    keep('good');
    area.setItem('paredao.recibo.000000009-abc', text);

    expect(kept()).toEqual(['good']);
    keep('later');
    expect(kept()).toEqual(['later', 'good']);
  });

  it('of a tab that wrote at the same time are not lost', () => {
    keep('first');
    const other = JSON.stringify({ recibo: 'other', titulo: '', whatFor: '' });
    area.setItem('paredao.recibo.000000002-zzzzzz', other);
    area.setItem('paredao.recibo.000000002-000000', other.replace('other', 'another'));
    keep('last');

    expect(kept()).toEqual(['last', 'other', 'another', 'first']);
  });

  it('have the key of a rehearsal with them', () => {
    place.search = '?paredao=9&chave=abc';
    keep('rehearsed');

    expect(keptReceipts()).toMatchObject([{ recibo: 'rehearsed', chave: 'abc' }]);
  });
});

describe('a browser that keeps nothing', () => {
  it('shows a receipt by the address itself', () => {
    area.room = 0;
    expect(keep('abc')).toBe('/recibo.html#abc');

    place.search = '?chave=xyz';
    expect(keep('def')).toBe('/recibo.html?chave=xyz#def');
    expect(area.texts.size).toBe(0);
  });
});
