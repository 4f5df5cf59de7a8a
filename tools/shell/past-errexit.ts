import type { Code } from './code.ts';
import {
  canFail,
  endsBadly,
  endsWell,
  hasSubstitution,
  isQuestion,
  isTest,
  nameOf,
  onlyShows,
  toldBy,
} from './failing.ts';
import { saysOfNothing } from './given-nothing.ts';
import { switchedTo } from './switches.ts';
import type { Node, NodeOf } from './syntax.ts';
import type { HiddenWhy, Told } from './told.ts';

type List = readonly NodeOf<'Statement'>[];

/** Finds where a failure ends nothing although bash has `-e`: its manual names the places, and `$(…)` is one more. */
export class PastErrexit {
  private readonly code: Code;
  private readonly told: Told;

  constructor(code: Code, told: Told) {
    this.code = code;
    this.told = told;
  }

  /** Where `-e` holds. `decides`: the status of its last command ends whatever is around it. */
  list(statements: List, decides: boolean): void {
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
    const { text } = this.code.source;
    const isRead = next !== undefined && /\$\?|\$\{\?|PIPESTATUS/.test(text.slice(next.pos, next.end));
    if (!isRead && canFail(statement) && !leadsOut(statement) && !isGuard(statement))
      this.told.say(statement, { kind: 'switched-off' });
  }

  private node(node: Node, decides: boolean): void {
    switch (node.type) {
      case 'AndOr':
        this.andOr(node, decides);
        break;
      case 'Pipeline':
        if (isNegated(node)) {
          if (!decides) this.told.say(node, { kind: 'negation' });
          this.condition(node.commands, node);
          break;
        }
        for (const command of node.commands) this.node(command, true);
        break;
      case 'If':
        this.answers(node);
        this.ifTells(node);
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

  /** `if make; then …; else echo "it failed"; fi`, or `if ! make; then docker compose logs; fi`. */
  private ifTells({ clause, then, elif, else: otherwise }: NodeOf<'If'>): void {
    const [asked, ...more] = clause.commands;
    if (!asked || more.length > 0 || elif.length > 0) return;
    const { command } = asked;
    const negated = command.type === 'Pipeline' && isNegated(command) ? command : null;
    const tried = negated ? negated.commands.at(-1) : command;
    const failed = negated ? then : otherwise;
    const first = failed?.commands[0]?.command;
    if (!tried || !first || !isTried(tried) || !onlyShows(failed)) return;
    const words = failed.commands.map((one) => toldBy(one.command));
    const told = words.join(' ');
    if (words.includes(null) || TELLS_OF_FAILURE.test(told)) this.told.say(first, { kind: 'if-tells', told });
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
      const isDone = commands.slice(0, -1).some(isTried);
      if (operators.at(-1) === '||' && endsWell(last) && isDone) this.told.say(node, { kind: 'or-ends' });
      const saysSo = told !== null && (operators.includes('&&') || TELLS_OF_FAILURE.test(told));
      const shows = told === null && onlyShows(last) && isDone;
      // Told behind a `&&` alone is a claim; behind `||` it is what is told of a failure.
      if ((saysSo || shows) && operators.at(-1) === '||')
        this.told.say(node, { kind: 'or-tells', told: told ?? '' });
    } else if (!decides) {
      const before = commands.slice(0, -1);
      const deed = leaves(last) ? undefined : before.find((one) => canFail(one) && !isQuestion(one));
      const asserts = told === null && isTest(last) && before.every(isTest);
      if (deed || asserts) this.told.say(deed ?? node, { kind: 'and' });
      else if (told !== null && before.some(isTest)) this.told.say(node, { kind: 'claim', told });
    }
    this.condition(commands.slice(0, -1), node);
    this.node(last, decides);
  }

  private declaration(node: NodeOf<'Command'>): void {
    const name = nameOf(node) ?? '';
    if (!/^(export|local|declare|typeset|readonly)$/.test(name)) return;
    const hides = node.suffix.some((part) => part.type === 'Assignment' && hasSubstitution(part));
    if (hides) this.told.say(node, { kind: 'declaration', declares: name });
  }

  /** In a condition, `-e` holds nowhere: neither in a group, nor in a function that is called. */
  private condition(nodes: readonly Node[], of: Node): void {
    const why: HiddenWhy = { kind: 'condition', condition: this.told.at(of) };
    for (const node of nodes) {
      const called = node.type === 'Command' ? this.code.functions.get(nameOf(node) ?? '') : undefined;
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
  unseen(statements: List, why: HiddenWhy): void {
    if (this.startsWithErrexit(statements)) {
      this.list(statements, true);
      return;
    }
    const first = statements.slice(0, -1).find((one) => canFail(one) && !leadsOut(one) && !isGuard(one));
    if (first) {
      this.told.say(first, why);
      return;
    }
    const last = statements.at(-1);
    if (last && !last.background) this.unseenIn(last.command, why);
  }

  private unseenInLoop(statements: List, why: HiddenWhy): void {
    const first = statements.find((one) => canFail(one) && !leadsOut(one) && !isGuard(one));
    if (first && statements.length > 1) this.told.say(first, why);
  }

  private startsWithErrexit([first]: List): boolean {
    return first !== undefined && switchedTo(first, 'errexit') === true;
  }

  /** `isGood`: what the test must say for the block to go on, or to pass. */
  private test(node: Node, isGood: boolean): void {
    if (isTest(node) && saysOfNothing(node) === isGood) this.told.say(node, { kind: 'answer' });
  }

  /** Inside of `$(…)`, `-e` does not hold. */
  substitutions(): void {
    for (const node of this.code.nodes) {
      if (node.type !== 'CommandExpansion' || !node.script || node.script.source !== undefined) continue;
      const { commands } = node.script;
      const [only] = commands;
      const called =
        commands.length === 1 && only?.command.type === 'Command'
          ? this.code.functions.get(nameOf(only.command) ?? '')
          : undefined;
      if (called) this.unseenIn(called.body, { kind: 'substitution' });
      else this.unseen(commands, { kind: 'substitution' });
    }
  }

  /** What decides over all of the code is given away by its last words. */
  end(): void {
    const last = this.code.script.commands.at(-1)?.command;
    if (last?.type !== 'AndOr' || last.operators.at(-1) !== '||') return;
    if (/^(true|:)$/.test(nameOf(last.commands.at(-1) as Node) ?? '') && canFail(last.commands[0] as Node))
      this.told.say(last, { kind: 'or-true' });
  }
}

/** `! …`. */
const isNegated = ({ prefixes }: NodeOf<'Pipeline'>): boolean =>
  prefixes.some(({ type }) => type === 'Negation');

const TELLS_OF_FAILURE = /fail|error|abort/i;

/** What is to be done, and not asked or shown. */
const isTried = (node: Node): boolean => canFail(node) && !isQuestion(node) && !onlyShows(node);

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
