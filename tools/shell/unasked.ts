import type { Code } from './code.ts';
import { answers, canFail, deedIn, hidesDeed, isFilter, mayFail, nameOf, wordsOf } from './failing.ts';
import { takenUnasked } from './given-nothing.ts';
import { belowPipefailOff } from './switches.ts';
import type { Node, NodeOf } from './syntax.ts';
import type { HiddenWhy, Told } from './told.ts';

/** Finds the commands of which nobody asks how they ended, whether the shell has `-e` or not. */
export class Unasked {
  private readonly code: Code;
  private readonly told: Told;

  constructor(code: Code, told: Told) {
    this.code = code;
    this.told = told;
  }

  /** One command in `$(…)`: of several, `substitutions` speaks. */
  said(): void {
    for (const node of this.code.nodes) {
      if (node.type !== 'Command' || !/^(echo|printf)$/.test(nameOf(node) ?? '')) continue;
      const found = node.suffix.find(hidesDeed);
      if (found && !this.told.isToldWithin(found))
        this.told.say(found, { kind: 'said', by: nameOf(node) ?? '' });
    }
  }

  /** Of one command alone, as `said` does. */
  taken(): void {
    for (const { node, by } of takenUnasked(this.code.nodes))
      if (!this.told.isToldWithin(node)) this.told.say(node, { kind: 'taken', by });
  }

  traps(): void {
    for (const node of this.code.nodes) {
      if (node.type !== 'Command' || nameOf(node) !== 'trap') continue;
      const [code = '', ...signals] = wordsOf(node).filter((word) => word !== '--');
      const body = this.code.functions.get(code)?.body;
      const done = body ? this.code.source.text.slice(body.pos, body.end) : code;
      const isOfEnd = signals.some((one) => /^(?:(?:SIG)?(?:ERR|EXIT)|0)$/i.test(one));
      if (isOfEnd && /(?:^|[\s;&|{])exit\s+0(?=$|[\s;}])/.test(done)) this.told.say(node, { kind: 'trap' });
    }
  }

  pipes(why: HiddenWhy, isHidden = (_: NodeOf<'Pipeline'>) => true): void {
    for (const node of this.code.nodes) {
      if (node.type !== 'Pipeline' || node.commands.length < 2 || !isHidden(node)) continue;
      const last = node.commands.at(-1) as Node;
      const first = node.commands.slice(0, -1).find((one) => canFail(one) && !isFilter(one));
      if (first && !failsOnNothing(last)) this.told.say(first, why);
    }
  }

  /** The pipes between a `set +o pipefail` and the next `set -o pipefail`, of which nobody asks how each command ended. */
  pipesBelow(): void {
    if (this.code.source.text.includes('PIPESTATUS')) return;
    this.pipes({ kind: 'pipefail-off' }, belowPipefailOff(this.code.nodes));
  }

  /** Nobody asks what a command in `<(…)` gave back, whatever is switched on. */
  processes(): void {
    for (const node of this.code.nodes) {
      if (node.type !== 'ProcessSubstitution' || !node.script) continue;
      if (deedIn(node.script)) this.told.say(node, { kind: 'process' });
    }
  }

  /** Where `find` is given `;`, it ends with 0 whatever becomes of what it calls; where that is a test, it is meant so. */
  finds(): void {
    for (const node of this.code.nodes) {
      if (node.type !== 'Command' || nameOf(node) !== 'find') continue;
      const words = wordsOf(node);
      const from = words.findIndex((word) => /^-(?:exec|ok)(?:dir)?$/.test(word));
      const called = words[from + 1]?.split('/').at(-1) ?? '';
      const matters = mayFail(called, words.slice(from + 2)) && !answers(called);
      if (from >= 0 && words.at(-1) === ';' && matters) this.told.say(node, { kind: 'find' });
    }
  }

  /** Of several children, `wait` gives what the last of its words ended with. */
  waits(): void {
    for (const node of this.code.nodes) {
      const command = node.type === 'Statement' ? node.command : undefined;
      if (command?.type !== 'Command' || nameOf(command) !== 'wait') continue;
      const words = wordsOf(command);
      if (words.length > 1 && !words[0]?.startsWith('-')) this.told.say(command, { kind: 'wait' });
    }
  }

  background(): void {
    const { script, nodes } = this.code;
    const started = nodes.flatMap((node): { pos: number; command: Node }[] => {
      if (node.type === 'Coproc') return [{ pos: node.pos, command: node.body }];
      return node.type === 'Statement' && node.background ? [node] : [];
    });
    if (started.length === 0) return;
    const commands = nodes.filter((node): node is NodeOf<'Command'> => node.type === 'Command');
    const ends = commands
      .filter((node) => endsChild(node))
      .reduce((last, { pos }) => Math.max(last, pos), -1);
    for (const node of started) {
      if (ends < node.pos && canFail(node.command) && script.end >= node.pos)
        this.told.say(node.command, { kind: 'background' });
    }
  }
}

/** It waits for a child by its number, or ends it. */
function endsChild(node: NodeOf<'Command'>): boolean {
  const name = nameOf(node) ?? '';
  const words = wordsOf(node);
  if (name === 'wait') return words.length > 0;
  if (name === 'trap') return words.some((word) => /\b(kill|wait)\b/.test(word));
  return ['kill', 'pkill', 'killall', 'fg'].includes(name);
}

/** Where what stands before it in the pipe fails and prints nothing, it fails, too. */
function failsOnNothing(node: Node): boolean {
  if (node.type !== 'Command') return false;
  const words = wordsOf(node);
  if (/^e?grep$/.test(nameOf(node) ?? '')) return !words.some((word) => /^-[a-zA-Z]*[vc]/.test(word));
  return nameOf(node) === 'jq' && words.some((word) => /^-\w*e/.test(word));
}
