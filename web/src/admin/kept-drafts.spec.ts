import { describe, expect, it } from '@jest/globals';

import { emptyValues } from './draft-values.ts';
import { KeptDrafts } from './kept-drafts.ts';
import { ofBrowser } from '../shared/storage.ts';

const changes = { base: emptyValues, mine: { ...emptyValues, titulo: 'Quem sai?', substitui: '3' } };

describe('unsaved changes of a draft', () => {
  it('are there again for the same login and draft, until they are forgotten', () => {
    const kept = new KeptDrafts('ana');
    kept.keep('7', changes);

    expect(kept.of('7')).toEqual(changes);
    expect([kept.of('8'), new KeptDrafts('rui').of('7')]).toEqual([null, null]);
    kept.forget('7');
    expect(kept.of('7')).toBeNull();
  });

  it.each(Object.keys(emptyValues))('that another version of the page kept without %s are none', (field) => {
    const { [field as keyof typeof emptyValues]: _missing, ...rest } = changes.mine;
    ofBrowser.save('paredao.rascunho.ana.9', JSON.stringify({ ...changes, mine: rest }));

    expect(new KeptDrafts('ana').of('9')).toBeNull();
  });
});
