import { composeCases } from './compose.ts';
import { contract } from './contract.ts';
import { databaseCases } from './database.ts';
import { effectCases } from './effects.ts';
import { placeCases } from './places.ts';

contract('ssh', placeCases, composeCases, databaseCases, effectCases);
