import { defineSentence } from '../definition.ts';
import { verdict } from '../verdict.ts';
import { holdsWords } from '../words.ts';

export const failsWith = defineSentence({
  forms: { 'fails with {string}': 'fails with "23P01"' },
  of: 'refusal',
  means:
    'PostgreSQL refuses the statement, with this SQLSTATE or with this text, as whole words and numbers, in its message',
  objection: (text) => (text.trim() === '' ? 'every message holds the empty text' : null),
  compile:
    (text) =>
    ({ sqlstate, message }) =>
      verdict(
        sqlstate === text || holdsWords(message, text),
        `fails with ${text}`,
        sqlstate ? `${sqlstate}: ${message}` : message,
      ),
});
