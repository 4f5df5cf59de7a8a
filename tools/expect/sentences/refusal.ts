import { defineSentence } from '../definition.ts';
import { verdict } from '../verdict.ts';

export const failsWith = defineSentence({
  expression: 'fails with {string}',
  of: 'refusal',
  means: 'PostgreSQL refuses the statement, with this SQLSTATE or with this text in its message',
  example: 'fails with "23P01"',
  objection: (text) => (text.trim() === '' ? 'every message holds the empty text' : null),
  compile:
    (text) =>
    ({ sqlstate, message }) =>
      verdict(
        sqlstate === text || message.includes(text),
        `fails with ${text}`,
        sqlstate ? `${sqlstate}: ${message}` : message,
      ),
});
