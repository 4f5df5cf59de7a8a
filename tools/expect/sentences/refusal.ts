import { verdict } from '../rows.ts';
import { sentence } from '../sentence.ts';

export const failsWith = sentence({
  expression: 'fails with {string}',
  of: 'refusal',
  means: 'PostgreSQL refuses the statement, with this SQLSTATE or with this text in its message',
  example: 'fails with "23P01"',
  objection: (text: string) => (text.trim() === '' ? 'every message holds the empty text' : null),
  judge: ({ sqlstate, message }, text: string) =>
    verdict(
      sqlstate === text || message.includes(text),
      `fails with ${text}`,
      sqlstate ? `${sqlstate}: ${message}` : message,
    ),
});
