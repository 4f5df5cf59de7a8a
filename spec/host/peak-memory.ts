import { runSql } from '../../tools/host/sql.ts';
import { sqlBlockOf } from '../support/document.ts';
import { requestOf, socketOf } from '../support/sql.ts';

// Runs one statement in a process of its own, and prints what it cost: `peak-memory.ts SOCKET_DIRECTORY SQL`.
const [directory = '', text = ''] = process.argv.slice(2);
const { results } = await runSql(
  () => socketOf(directory),
  { service: 'postgres', user: 'crosshot', name: 'postgres' },
  requestOf(sqlBlockOf('```sql { name=one }', text, '```')),
);
const peakMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ unreadBytes: results[0]?.unreadBytes, peakMb }));
