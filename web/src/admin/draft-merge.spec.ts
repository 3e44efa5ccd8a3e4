import { describe, expect, it } from '@jest/globals';

import { matched, merge } from './draft-merge.ts';
import { type DraftPerson, type DraftValues, differences, emptyValues } from './draft-values.ts';

const person = (numero: number | null, nome: string) => ({ numero, nome, foto: null, foco: null });
const base: DraftValues = {
  ...emptyValues,
  titulo: 'Quem sai?',
  participantes: [person(1, 'Ana'), person(2, 'Bento'), person(3, 'Caio')],
};

describe('a draft that two people change', () => {
  it('takes what only the other one has changed, and keeps what only this one has', () => {
    const merged = merge(base, { ...base, titulo: 'Meu' }, { ...base, regulamento: 'Deles' });
    expect(merged.conflicts).toEqual([]);
    expect(merged.mine).toEqual({ ...base, titulo: 'Meu', regulamento: 'Deles' });
    expect(differences(merged.base, merged.mine)).toEqual(['título']);
  });

  it('is contested where both have changed the same to something else', () => {
    const merged = merge(base, { ...base, titulo: 'Meu' }, { ...base, titulo: 'Deles' });
    expect(merged).toEqual({ base, mine: { ...base, titulo: 'Meu' }, conflicts: ['titulo'] });
    const same = { ...base, titulo: 'O mesmo' };
    expect(merge(base, same, same)).toEqual({ base: same, mine: same, conflicts: [] });
  });

  it('finds the own participants among those that are there now, by their names', () => {
    const mine = [person(1, 'Ana'), person(2, 'Beto'), person(3, 'Caio')];
    expect(matched(mine, [person(1, 'Ana'), person(2, 'Caio')])).toEqual([
      person(1, 'Ana'),
      person(2, 'Caio'),
      person(null, 'Beto'),
    ]);
    expect(matched(mine, base.participantes)).toEqual(mine);
  });

  const foto = `/fotos/${'a'.repeat(64)}`;
  const withPeople = (...participantes: DraftValues['participantes']): DraftValues => ({ ...base, participantes });
  const [ana, bento, caio] = base.participantes as [DraftPerson, DraftPerson, DraftPerson];

  it('keeps the work of both on different participants, also where one is added here', () => {
    const dora = person(null, 'Dora');
    const mine = withPeople(ana, { ...bento, nome: 'Beto' }, caio, dora);
    const theirs = withPeople({ ...ana, foto, foco: { x: 1, y: 2 } }, bento, { ...caio, nome: 'Cael' });
    const merged = merge(base, mine, theirs);
    expect(merged.conflicts).toEqual([]);
    expect(merged.mine.participantes).toEqual([
      ...[theirs.participantes[0], { ...bento, nome: 'Beto' }, { ...caio, nome: 'Cael' }],
      dora,
    ]);
    expect(differences(merged.base, merged.mine)).toEqual(['nome do participante 2', 'participante 4, novo']);
  });

  it('gives nobody the photo from here and the name from there', () => {
    const mine = withPeople(ana, { ...bento, foto }, caio);
    const theirs = withPeople(ana, { ...bento, nome: 'Zeca' }, { ...caio, nome: 'Cael' });
    const { mine: merged, conflicts } = merge(base, mine, theirs);
    expect(conflicts).toEqual([2]);
    expect(merged.participantes).toEqual([ana, { ...bento, foto }, { ...caio, nome: 'Cael' }]);
  });

  it('is contested as a whole where somebody else joined or left: the numbers are others then', () => {
    const mine = withPeople(ana, { ...bento, nome: 'Beto' }, caio);
    expect(merge(base, mine, withPeople({ ...bento, numero: 1 }, { ...caio, numero: 2 })).conflicts).toEqual([
      'participantes',
    ]);
    const theirs = withPeople(...base.participantes, person(4, 'Dora'));
    expect(merge(base, { ...base, titulo: 'Meu' }, theirs).mine.participantes).toEqual(theirs.participantes);
  });
});
