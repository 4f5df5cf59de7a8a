import type { Document } from '../document/document.ts';
import type { HostAddress } from '../document/host-address.ts';
import { NEVER } from '../host/interruption.ts';
import { openHost } from '../host-kinds.ts';
import { showIdentity } from '../outcome/identity.ts';
import { CannotRun } from '../outcome/output.ts';

/** What answers at an address, in a line; why that is not known, where nothing does: a plan can be made all the same. */
export async function boundTo({ frontMatter }: Document, address: HostAddress): Promise<string> {
  try {
    const host = await openHost(address, NEVER);
    try {
      return `bound to ${showIdentity(await host.identity(frontMatter.database ?? null))}`;
    } finally {
      await host.close();
    }
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    return `what would answer there is not known: ${error.message}`;
  }
}
