/** The words of a report that are not everybody's. */
export const GLOSSARY: readonly (readonly [word: string, meaning: string])[] = [
  ['Registro', 'tudo o que aconteceu, gravado na ordem em que aconteceu; nada nele é mudado nem apagado'],
  ['Evento', 'uma linha do registro: um voto, uma decisão da produção, o fechamento da urna'],
  ['Urna', 'os eventos de um paredão que são votos, mais o que a fecha'],
  ['Revisão', 'o lugar de um evento na sua urna: 0, 1, 2, sem falhas. A posição é o lugar no registro inteiro'],
  ['Corte', 'o evento que fecha a urna: o que vem depois não conta. O lacre é a decisão que o confirma'],
  ['Apuração', 'os números que o serviço guarda e mostra. Esta auditoria conta de novo, sem eles, e compara'],
  ['Forma canônica', 'a única sequência de bytes que diz o que um evento diz: assim nada pode ser mudado sem se notar'],
  ['Desafio', 'o que o serviço dá a quem vai votar; cada um vale para um só voto e por poucos minutos'],
  ['Digest', 'um número longo que resume muitos dados: dados diferentes têm outro'],
  ['Observado', 'incomum, mas com causa possível que não é fraude; não faz a auditoria falhar'],
];
