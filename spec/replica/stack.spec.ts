import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ComposeError } from '../../tools/compose/index.ts';
import { ReplicaError } from '../../tools/replica/replica.ts';
import { readServiceNames, StackError, throwReplicaError } from '../../tools/replica/stack.ts';
import { temporaryDirectory } from '../support/tmp.ts';

it('a compose.yaml that cannot be read is told with its path, as an error of replicas', async () => {
  const stack = await temporaryDirectory();
  const refused = await readServiceNames(stack).catch((error) => error);
  expect(refused).toBeInstanceOf(StackError);
  expect(refused).toBeInstanceOf(ReplicaError);
  expect(refused.message).toMatch(`${join(stack, 'compose.yaml')}: there is no such file; `);
});

it('what compose cannot do becomes an error of replicas in the same words', () => {
  expect(() => throwReplicaError(new ComposeError('the port is taken'))).toThrow(
    new ReplicaError('the port is taken'),
  );
});

it('what nobody foresaw stays as it is', () => {
  const defect = new TypeError('undefined is not a function');
  expect(() => throwReplicaError(defect)).toThrow(defect);
});
