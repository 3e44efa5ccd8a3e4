import { POLICIES } from '../poll/disclosure.ts';
import { PURPOSES } from '../poll/purpose.ts';
import { oneOf, optional, text } from './fields.ts';

/** What the vote is for, its rules, and who sees the shares: polls of earlier versions do not say. */
export const meaning = {
  purpose: optional(oneOf(PURPOSES)),
  rules: optional(text),
  policy: optional(oneOf(POLICIES)),
};
