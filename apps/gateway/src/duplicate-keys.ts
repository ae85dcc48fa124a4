/**
 * Finds a name that stands twice in one object of a JSON text. Parsers keep the last one and others the first, so whoever checked
 * such a text before us may have read another amount than we would.
 * @param text JSON that a parser has accepted: nothing else is checked here.
 */
export function findDuplicateKey(text: string): string | undefined {
  // One entry per open bracket: the names seen so far, or undefined inside a list.
  const open: (Set<string> | undefined)[] = [];
  let isName = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{') {
      open.push(new Set());
      isName = true;
    } else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === ',') isName = open.at(-1) !== undefined;
    else if (character === ':') isName = false;
    else if (character === '"') {
      const end = endOfString(text, at);
      if (isName) {
        const names = open.at(-1);
        const name = String(JSON.parse(text.slice(at, end + 1)));
        if (names?.has(name) === true) return name;
        names?.add(name);
      }
      at = end;
    }
  }
  return undefined;
}

/** Position of the quotation mark that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
