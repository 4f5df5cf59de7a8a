import type { Document } from '../document/document.ts';
import type { HostAddress } from '../document/host-address.ts';
import { problems } from '../document/problems.ts';
import { suggestion } from '../text/nearest.ts';
import { CommandError, EXIT } from './exit.ts';
import { problemLines } from './page.ts';

/** The address of a host by its name in the front matter. Throws CommandError where there is none of this name. */
export function requireHost({ path, frontMatter: { hosts } }: Document, name: string): HostAddress {
  const address = Object.hasOwn(hosts, name) ? hosts[name] : undefined;
  if (address) return address;
  const names = Object.keys(hosts);
  const at = { line: 1, column: 1 };
  const problem =
    names.length > 0 ? problems.noSuchHost(at, name, suggestion(name, names)) : problems.noHost(at, name);
  throw new CommandError(EXIT.refused, problemLines(path, [problem]).join('\n'));
}
