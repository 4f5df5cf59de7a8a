import { RUNNING } from './cases.ts';
import { contract } from './contract.ts';

contract('docker', ...RUNNING);
