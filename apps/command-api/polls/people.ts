import type { DescriptionBody, PersonBody } from '#contract';
import type { Portrait, WantedPerson } from '#domain';

type WantedPersonBody = NonNullable<DescriptionBody['participantes']>[number];

/** Participants as a request names them. */
export const peopleIn = (people: readonly WantedPersonBody[]): WantedPerson[] =>
  people.map(({ numero: number, nome: name, ...portrait }) => ({ number, name, ...portraitIn(portrait) }));

/** A photo by the path that it is served at, and its focus. */
export const portraitIn = ({ foto, foco: focus }: Pick<PersonBody, 'foto' | 'foco'>): Partial<Portrait> => ({
  ...(foto !== undefined && { photo: foto.slice(foto.lastIndexOf('/') + 1) }),
  focus,
});
