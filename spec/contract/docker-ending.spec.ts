import { ENDING } from './cases.ts';
import { contract } from './contract.ts';

contract('docker', ...ENDING);
