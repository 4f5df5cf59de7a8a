import { beyondCases } from './beyond.ts';
import { contract } from './contract.ts';
import { endingCases } from './ending.ts';
import { goneCases } from './gone.ts';
import { lateCases } from './late.ts';

contract('embedded', endingCases, beyondCases, goneCases, lateCases);
