import { connect } from 'node:net';
import { join } from 'node:path';
import { runSql } from '../../tools/host/sql.ts';
import { sqlBlockOf } from '../support/document.ts';

// Runs one statement in a process of its own, and prints what it cost: `peak-memory.ts SOCKET_DIRECTORY SQL`.
const [directory = '', text = ''] = process.argv.slice(2);
const { results } = await runSql(
  () => connect(join(directory, '.s.PGSQL.5432')),
  { service: 'postgres', user: 'crosshot', name: 'postgres' },
  sqlBlockOf('```sql { name=one }', text, '```'),
  () => undefined,
  new AbortController().signal,
);
const peakMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ unreadBytes: results[0]?.unreadBytes, peakMb }));
