import type { DescriptionBody, ParticipantBody } from '#contract';
import type { WantedPerson, WantedPortrait } from '#domain';

type WantedPersonBody = NonNullable<DescriptionBody['participantes']>[number];

/** Participants as a request names them. */
export const peopleIn = (people: readonly WantedPersonBody[]): WantedPerson[] =>
  people.map(({ numero: number, nome: name, ...portrait }) => ({ number, name, ...portraitIn(portrait) }));

/** A photo by the path that it is served at, and its focus; null removes it. */
export const portraitIn = ({ foto, foco: focus }: Pick<ParticipantBody, 'foto' | 'foco'>): WantedPortrait => ({
  photo: typeof foto === 'string' ? foto.slice(foto.lastIndexOf('/') + 1) : foto,
  focus,
});
