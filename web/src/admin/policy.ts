import type { Poll } from '#contract';

/** When the public sees the shares. */
export type Policy = Poll['divulgacao'];

/** What each policy means, for whoever chooses one. After the closing all are alike. */
const MEANINGS: Record<Policy, string> = {
  'depois-do-voto': 'Quem votou vê a parcial ao vivo; os outros, só o convite para votar.',
  sempre: 'Todo mundo vê a parcial ao vivo, votando ou não.',
  'no-fim': 'Ninguém do público vê a parcial enquanto a votação está aberta.',
  'sob-comando': 'A parcial aparece e some quando a produção mandar, no painel.',
};
const AT_THE_END = 'Depois do encerramento, o resultado só sai quando for proclamado. O painel vê sempre.';

export const policyHelp = (policy: Policy): string => `${MEANINGS[policy]} ${AT_THE_END}`;

/** The same where it is only named. */
export const POLICY_NAMES: Record<Policy, string> = {
  sempre: 'para todos',
  'depois-do-voto': 'para quem votou',
  'no-fim': 'só depois do encerramento',
  'sob-comando': 'quando a produção mostrar',
};
