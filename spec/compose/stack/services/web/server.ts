import { createServer } from 'node:http';

const { PORT, HOST, GREETING }: NodeJS.ProcessEnv = process.env;
const server = createServer((_request, response) => void response.end(`${GREETING}\n`));
server.listen(Number(PORT), HOST, () => {
  console.log(`listens on ${PORT}`);
  console.error('a line on standard error');
});
process.on('SIGTERM', () => server.close(() => process.exit(0)));
