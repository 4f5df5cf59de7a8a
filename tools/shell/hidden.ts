import {
  answers,
  canFail,
  deedIn,
  endsBadly,
  endsWell,
  hasSubstitution,
  hidesDeed,
  isFilter,
  isQuestion,
  isTest,
  mayFail,
  nameOf,
  toldBy,
  wordsOf,
} from './failing.ts';
import { saysOfNothing, takenUnasked } from './given-nothing.ts';
import { isShell } from './runners.ts';
import type { Script, Shell } from './script.ts';
import { belowPipefailOff, switchedTo } from './switches.ts';
import { everyNode, type Node, type NodeOf } from './syntax.ts';

/** Why nobody sees that something fails. */
export type HiddenWhy =
  | { kind: 'last-only'; shell: string }
  | { kind: 'pipe'; shell: string }
  | { kind: 'and' }
  | { kind: 'claim'; told: string }
  | { kind: 'or-tells'; told: string }
  /** `… || exit 0`. */
  | { kind: 'or-ends' }
  | { kind: 'negation' }
  /** `condition` is where the condition stands, an offset of the block’s text. */
  | { kind: 'condition'; condition: number }
  | { kind: 'substitution' }
  /** In `$(…)` of what `echo` or `printf` says, which succeeds whatever that gives. */
  | { kind: 'said'; by: string }
  /** In `$(…)` of what goes on with nothing where that fails: a loop, a `case`, a here-document. */
  | { kind: 'taken'; by: string }
  /** In `$(…)` of a test that takes nothing for a good answer. */
  | { kind: 'answer' }
  | { kind: 'declaration'; declares: string }
  | { kind: 'background' }
  /** Below `set +e`. */
  | { kind: 'switched-off' }
  /** In a pipe below `set +o pipefail`. */
  | { kind: 'pipefail-off' }
  /** What a trap does ends the block well. */
  | { kind: 'trap' }
  /** In `<(…)` or `>(…)`. */
  | { kind: 'process' }
  /** What `find … -exec … \;` calls. */
  | { kind: 'find' }
  /** The end of all the code: `… || true`. */
  | { kind: 'or-true' };

/** A command whose failure nobody sees, by where it begins in the block’s text. */
export type Hidden = HiddenWhy & { offset: number };

/**
 * The commands whose failure no exit status tells, in a block that runs with `set -euo pipefail`: as bash’s manual has it
 * of `-e`, in each shell that the block’s code starts.
 */
export function hiddenFailures(script: Script): Hidden[] {
  return script.shells.flatMap((shell) => new Seeker(shell).found());
}

type List = readonly NodeOf<'Statement'>[];

/** Finds what is hidden in one shell. */
class Seeker {
  private readonly hidden: Hidden[] = [];
  private readonly told = new Set<number>();
  private readonly functions: Map<string, NodeOf<'Function'>>;
  private readonly nodes: Node[];

  private readonly shell: Shell;

  constructor(shell: Shell) {
    this.shell = shell;
    this.nodes = everyNode(shell.script).filter((node) => node.type !== 'Script' || node === shell.script);
    this.functions = new Map(
      this.nodes.flatMap((node) => (node.type === 'Function' ? [[node.name.value, node] as const] : [])),
    );
  }

  found(): Hidden[] {
    const { script, by, errexit, pipefail } = this.shell;
    if (errexit) {
      this.list(script.commands, true);
      this.substitutions();
      this.said();
      this.taken();
      this.traps();
      if (!by) this.end(script);
    } else this.unseen(script.commands, { kind: 'last-only', shell: nameOfShell(by?.program) });
    if (pipefail) this.pipesBelow();
    else if (this.hidden.length === 0) this.pipes({ kind: 'pipe', shell: nameOfShell(by?.program) });
    this.processes();
    this.finds();
    this.background();
    return this.hidden;
  }

  private say(node: Node, why: HiddenWhy): void {
    const offset = this.shell.source.at(node.pos);
    if (this.told.has(offset)) return;
    this.told.add(offset);
    this.hidden.push({ ...why, offset });
  }

  /** Where `-e` holds. `decides`: the status of its last command ends whatever is around it. */
  private list(statements: List, decides: boolean): void {
    let on = true;
    for (const [i, statement] of statements.entries()) {
      on = switchedTo(statement, 'errexit') ?? on;
      const isLast = decides && i === statements.length - 1;
      if (statement.background) continue;
      if (on) this.node(statement.command, isLast);
      else if (!isLast) this.switchedOff(statement, statements[i + 1]);
    }
  }

  /** Whoever switches `-e` off to read the status right after a command has seen whether it failed. */
  private switchedOff(statement: NodeOf<'Statement'>, next: NodeOf<'Statement'> | undefined): void {
    const { text } = this.shell.source;
    const isRead = next !== undefined && /\$\?|\$\{\?|PIPESTATUS/.test(text.slice(next.pos, next.end));
    if (!isRead && canFail(statement) && !leadsOut(statement) && !isGuard(statement))
      this.say(statement, { kind: 'switched-off' });
  }

  /** Nobody asks what a command in `<(…)` gave back, whatever is switched on. */
  private processes(): void {
    for (const node of this.nodes) {
      if (node.type !== 'ProcessSubstitution' || !node.script) continue;
      if (deedIn(node.script)) this.say(node, { kind: 'process' });
    }
  }

  /** Where `find` is given `;`, it ends with 0 whatever becomes of what it calls; where that is a test, it is meant so. */
  private finds(): void {
    for (const node of this.nodes) {
      if (node.type !== 'Command' || nameOf(node) !== 'find') continue;
      const words = wordsOf(node);
      const from = words.findIndex((word) => /^-(?:exec|ok)(?:dir)?$/.test(word));
      const called = words[from + 1]?.split('/').at(-1) ?? '';
      const matters = mayFail(called, words.slice(from + 2)) && !answers(called);
      if (from >= 0 && words.at(-1) === ';' && matters) this.say(node, { kind: 'find' });
    }
  }

  /** What decides over all of the code is given away by its last words. */
  private end({ commands }: Shell['script']): void {
    const last = commands.at(-1)?.command;
    if (last?.type !== 'AndOr' || last.operators.at(-1) !== '||') return;
    if (/^(true|:)$/.test(nameOf(last.commands.at(-1) as Node) ?? '') && canFail(last.commands[0] as Node))
      this.say(last, { kind: 'or-true' });
  }

  private node(node: Node, decides: boolean): void {
    switch (node.type) {
      case 'AndOr':
        this.andOr(node, decides);
        break;
      case 'Pipeline':
        if (node.prefixes.some(({ type }) => type === 'Negation')) {
          if (!decides) this.say(node, { kind: 'negation' });
          this.condition(node.commands, node);
          break;
        }
        for (const command of node.commands) this.node(command, true);
        break;
      case 'If':
        this.answers(node);
        this.condition([node.clause, ...node.elif.map(({ clause }) => clause)], node);
        for (const list of [node.then, ...node.elif.map(({ then }) => then), node.else])
          if (list) this.list(list.commands, decides);
        break;
      case 'While':
        this.goesOn(node);
        this.condition([node.clause], node);
        this.list(node.body.commands, false);
        break;
      case 'For':
      case 'ArithmeticFor':
      case 'Select':
        this.list(node.body.commands, false);
        break;
      case 'BraceGroup':
        this.list(node.body.commands, decides);
        break;
      case 'Subshell':
        this.list(node.body.commands, true);
        break;
      case 'Case':
        for (const { body } of node.items) this.list(body.commands, decides);
        break;
      case 'Function':
        this.node(node.body, true);
        break;
      case 'Redirected':
        this.node(node.command, decides);
        break;
      case 'CompoundList':
        this.list(node.commands, decides);
        break;
      case 'Command':
        this.declaration(node);
        this.test(node, true);
        break;
      case 'TestCommand':
        this.test(node, true);
        break;
    }
  }

  /** `if [ -n "$(…)" ]; then exit 1; fi`, or `if [ -z "$(…)" ]; then echo "all is well"; fi`. */
  private answers({ clause, then }: NodeOf<'If'>): void {
    const [only, ...more] = clause.commands;
    if (!only || more.length > 0 || canFail(then)) return;
    this.asks(only.command, then.commands.at(-1)?.command as Node);
  }

  /** A test, and what is done or told last where it is so. */
  private asks(test: Node, then: Node): void {
    if (endsBadly(then)) this.test(test, false);
    else if (!leaves(then)) this.test(test, true);
  }

  /** `while [ -n "$(…)" ]; do sleep 1; done` is over at once where that fails. */
  private goesOn({ kind, clause }: NodeOf<'While'>): void {
    const [only, ...more] = clause.commands;
    if (only && more.length === 0) this.test(only.command, kind === 'until');
  }

  private andOr(node: NodeOf<'AndOr'>, decides: boolean): void {
    const { commands, operators } = node;
    const [first, last] = [commands[0] as Node, commands.at(-1) as Node];
    if (operators[0] === '||') this.test(first, true);
    else if (!canFail(last)) this.asks(first, last);
    const told = toldBy(last);
    if (operators.includes('||')) {
      const isDone = commands.slice(0, -1).some((one) => canFail(one) && !isQuestion(one));
      if (operators.at(-1) === '||' && endsWell(last) && isDone) this.say(node, { kind: 'or-ends' });
      const saysSo = told !== null && (operators.includes('&&') || /fail|error|abort/i.test(told));
      // Told behind a `&&` alone is a claim; behind `||` it is what is told of a failure.
      if (saysSo && operators.at(-1) === '||') this.say(node, { kind: 'or-tells', told: told ?? '' });
    } else if (!decides) {
      const before = commands.slice(0, -1);
      const deed = leaves(last) ? undefined : before.find((one) => canFail(one) && !isQuestion(one));
      const asserts = told === null && isTest(last) && before.every(isTest);
      if (deed || asserts) this.say(deed ?? node, { kind: 'and' });
      else if (told !== null && before.some(isTest)) this.say(node, { kind: 'claim', told });
    }
    this.condition(commands.slice(0, -1), node);
    this.node(last, decides);
  }

  private declaration(node: NodeOf<'Command'>): void {
    const name = nameOf(node) ?? '';
    if (!/^(export|local|declare|typeset|readonly)$/.test(name)) return;
    const hides = node.suffix.some((part) => part.type === 'Assignment' && hasSubstitution(part));
    if (hides) this.say(node, { kind: 'declaration', declares: name });
  }

  /** In a condition, `-e` holds nowhere: neither in a group, nor in a function that is called. */
  private condition(nodes: readonly Node[], of: Node): void {
    const why: HiddenWhy = { kind: 'condition', condition: this.shell.source.at(of.pos) };
    for (const node of nodes) {
      const called = node.type === 'Command' ? this.functions.get(nameOf(node) ?? '') : undefined;
      if (called) this.unseenIn(called.body, why);
      else if (node.type === 'CompoundList') {
        this.unseen(node.commands, why);
        this.condition(
          node.commands.map(({ command }) => command),
          of,
        );
      } else if (node.type === 'Pipeline') this.condition(node.commands, of);
      else if (node.type !== 'Command') this.unseenIn(node, why);
    }
  }

  private unseenIn(node: Node, why: HiddenWhy): void {
    if (node.type === 'BraceGroup' || node.type === 'Subshell') this.unseen(node.body.commands, why);
    else if (node.type === 'Redirected') this.unseenIn(node.command, why);
    else if (node.type === 'If')
      for (const list of [node.then, ...node.elif.map(({ then }) => then), node.else])
        if (list) this.unseen(list.commands, why);
    if (node.type === 'For' || node.type === 'ArithmeticFor') this.unseenInLoop(node.body.commands, why);
  }

  /** Where `-e` does not hold: only the last one’s failure is seen. The first that is hidden is told. */
  private unseen(statements: List, why: HiddenWhy): void {
    if (this.startsWithErrexit(statements)) {
      this.list(statements, true);
      return;
    }
    const first = statements.slice(0, -1).find((one) => canFail(one) && !leadsOut(one) && !isGuard(one));
    if (first) {
      this.say(first, why);
      return;
    }
    const last = statements.at(-1);
    if (last && !last.background) this.unseenIn(last.command, why);
  }

  private unseenInLoop(statements: List, why: HiddenWhy): void {
    const first = statements.find((one) => canFail(one) && !leadsOut(one) && !isGuard(one));
    if (first && statements.length > 1) this.say(first, why);
  }

  private startsWithErrexit([first]: List): boolean {
    return first !== undefined && switchedTo(first, 'errexit') === true;
  }

  private substitutions(): void {
    for (const node of this.nodes) {
      if (node.type !== 'CommandExpansion' || !node.script || node.script.source !== undefined) continue;
      const { commands } = node.script;
      const [only] = commands;
      const called =
        commands.length === 1 && only?.command.type === 'Command'
          ? this.functions.get(nameOf(only.command) ?? '')
          : undefined;
      if (called) this.unseenIn(called.body, { kind: 'substitution' });
      else this.unseen(commands, { kind: 'substitution' });
    }
  }

  /** One command in `$(…)`: of several, `substitutions` speaks. */
  private said(): void {
    for (const node of this.nodes) {
      if (node.type !== 'Command' || !/^(echo|printf)$/.test(nameOf(node) ?? '')) continue;
      const found = node.suffix.find(hidesDeed);
      if (found && !this.isToldWithin(found)) this.say(found, { kind: 'said', by: nameOf(node) ?? '' });
    }
  }

  private isToldWithin({ pos, end }: Node): boolean {
    const [from, to] = [this.shell.source.at(pos), this.shell.source.at(end)];
    return [...this.told].some((offset) => from <= offset && offset < to);
  }

  private pipes(why: HiddenWhy, isHidden = (_: NodeOf<'Pipeline'>) => true): void {
    for (const node of this.nodes) {
      if (node.type !== 'Pipeline' || node.commands.length < 2 || !isHidden(node)) continue;
      const last = node.commands.at(-1) as Node;
      const first = node.commands.slice(0, -1).find((one) => canFail(one) && !isFilter(one));
      if (first && !failsOnNothing(last)) this.say(first, why);
    }
  }

  /** The pipes between a `set +o pipefail` and the next `set -o pipefail`, of which nobody asks how each command ended. */
  private pipesBelow(): void {
    if (this.shell.source.text.includes('PIPESTATUS')) return;
    this.pipes({ kind: 'pipefail-off' }, belowPipefailOff(this.nodes));
  }

  /** Of one command alone, as `said` does. */
  private taken(): void {
    for (const { node, by } of takenUnasked(this.nodes))
      if (!this.isToldWithin(node)) this.say(node, { kind: 'taken', by });
  }

  /** `isGood`: what the test must say for the block to go on, or to pass. */
  private test(node: Node, isGood: boolean): void {
    if (isTest(node) && saysOfNothing(node) === isGood) this.say(node, { kind: 'answer' });
  }

  private traps(): void {
    for (const node of this.nodes) {
      if (node.type !== 'Command' || nameOf(node) !== 'trap') continue;
      const [code = '', ...signals] = wordsOf(node).filter((word) => word !== '--');
      const body = this.functions.get(code)?.body;
      const done = body ? this.shell.source.text.slice(body.pos, body.end) : code;
      const isOfEnd = signals.some((one) => /^(?:(?:SIG)?(?:ERR|EXIT)|0)$/i.test(one));
      if (isOfEnd && /(?:^|[\s;&|{])exit\s+0(?=$|[\s;}])/.test(done)) this.say(node, { kind: 'trap' });
    }
  }

  private background(): void {
    const { script } = this.shell;
    const started = this.nodes.flatMap((node): { pos: number; command: Node }[] => {
      if (node.type === 'Coproc') return [{ pos: node.pos, command: node.body }];
      return node.type === 'Statement' && node.background ? [node] : [];
    });
    if (started.length === 0) return;
    const commands = this.nodes.filter((node): node is NodeOf<'Command'> => node.type === 'Command');
    const ends = commands
      .filter((node) => endsChild(node))
      .reduce((last, { pos }) => Math.max(last, pos), -1);
    for (const node of started) {
      if (ends < node.pos && canFail(node.command) && script.end >= node.pos)
        this.say(node.command, { kind: 'background' });
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

/** What stands before it behind `&&` is an `if`. */
const leaves = (node: Node): boolean => /^(?:break|continue|return|exit)$/.test(nameOf(node) ?? '');

/** `… || exit 1`. */
const leadsOut = ({ command }: NodeOf<'Statement'>): boolean =>
  command.type === 'AndOr' && ['exit', 'return'].includes(nameOf(command.commands.at(-1) as Node) ?? '');

/** `[ -f x ] && rm x`, `if …`: what is done only where something is so. */
const isGuard = ({ command }: NodeOf<'Statement'>): boolean =>
  command.type === 'AndOr' &&
  command.operators.every((one) => one === '&&') &&
  command.commands.slice(0, -1).every(isQuestion) &&
  !canFail(command.commands.at(-1) as Node);

/** Where what stands before it in the pipe fails and prints nothing, it fails, too. */
function failsOnNothing(node: Node): boolean {
  if (node.type !== 'Command') return false;
  const words = wordsOf(node);
  if (/^e?grep$/.test(nameOf(node) ?? '')) return !words.some((word) => /^-[a-zA-Z]*[vc]/.test(word));
  return nameOf(node) === 'jq' && words.some((word) => /^-\w*e/.test(word));
}

const nameOfShell = (program: string | null | undefined): string =>
  isShell(program ?? null)
    ? `\`${program}\``
    : program === 'su'
      ? 'the other user’s shell'
      : 'the shell at the other side';
