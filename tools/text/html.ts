/** HTML that something was taken out of. */
interface Stripped {
  text: string;
  /** Whether a comment begins that nothing ends. */
  endless: boolean;
}

/**
 * Takes comments, or comments and tags, out of HTML; the line ends in them stay, so that every line stays where it was.
 * What begins and is not ended stays, too. It takes time in proportion to the text.
 */
export function stripHtml(html: string, what: 'comments' | 'comments and tags'): Stripped {
  const parts: string[] = [];
  let endless = false;
  let [from, at] = [0, html.indexOf('<')];
  while (at >= 0) {
    const isComment = html.startsWith('<!--', at);
    let end = isComment && !endless ? after(html, '-->', at + 4) : -1;
    if (isComment && end < 0) endless = true;
    if (end < 0 && what !== 'comments') {
      end = after(html, '>', at);
      // Nor does any tag behind it.
      if (end < 0) break;
    }
    if (end >= 0) {
      parts.push(html.slice(from, at), html.slice(at, end).replaceAll(/[^\n]/g, ''));
      from = end;
    }
    at = html.indexOf('<', Math.max(end, at + 1));
  }
  return { text: parts.join('') + html.slice(from), endless };
}

function after(html: string, sign: string, from: number): number {
  const at = html.indexOf(sign, from);
  return at < 0 ? -1 : at + sign.length;
}
