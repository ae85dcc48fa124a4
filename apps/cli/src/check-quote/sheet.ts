/** One thing that is not as it must be; `what` is the path of the field, such as `lines[0].amountMinor`. */
export type Difference = { readonly what: string; readonly expected: string; readonly found: string };

/** The fields of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** A JSON object and where in the document it stands. */
export type Place = { readonly path: string; readonly fields: Fields };

/** Amounts are far smaller; a longer text is no amount, and reading it would only cost time. */
const AMOUNT = /^(0|-?[1-9]\d{0,29})$/;
const SHOWN_MAX = 60;

/** Whether a JSON value is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * JSON without white space, keys in the order of their UTF-16 code units, so that equal content has equal text
 * (docs/reference/quote-format.md).
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isFields(value)) return value === undefined ? 'null' : JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

/**
 * A sheet of paper for one document: notes every difference, and which amounts have been explained, so that those which
 * nobody asked for can be told in the end.
 */
export class Sheet {
  readonly differences: Difference[] = [];
  private readonly explained = new Set<string>();

  note(what: string, expected: string, found: unknown): void {
    this.differences.push({ what, expected, found: shown(found) });
  }

  /** Notes a difference unless both are the same; an undefined one was noted when it was read. */
  equal<Value extends bigint | string>(what: string, expected: Value | undefined, found: Value | undefined): void {
    if (expected === undefined || found === undefined || expected === found) return;
    this.note(what, String(expected), found);
  }

  object(at: Place, name: string): Place | undefined {
    const { value, path } = this.field(at, name);
    if (isFields(value)) return { path, fields: value };
    this.note(path, 'an object', value);
    return undefined;
  }

  objects(at: Place, name: string): readonly Place[] {
    const { value, path } = this.field(at, name);
    if (!Array.isArray(value)) {
      this.note(path, 'a list', value);
      return [];
    }
    return value.flatMap((item: unknown, index): Place[] => {
      const place = `${path}[${String(index)}]`;
      if (isFields(item)) return [{ path: place, fields: item }];
      this.note(place, 'an object', item);
      return [];
    });
  }

  text(at: Place, name: string): string | undefined {
    const { value, path } = this.field(at, name);
    if (typeof value === 'string' && value !== '') return value;
    this.note(path, 'a text', value);
    return undefined;
  }

  /** A number of things: a JSON number without decimals, from 0. */
  count(at: Place, name: string): bigint | undefined {
    const { value, path } = this.field(at, name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
    this.note(path, 'a whole number from 0', value);
    return undefined;
  }

  /** Minor units, or a large whole number: always a text, since JSON numbers lose digits. */
  amount(at: Place, name: string): bigint | undefined {
    const { value, path } = this.field(at, name);
    const read = typeof value === 'string' && AMOUNT.test(value) ? BigInt(value) : undefined;
    if (read === undefined) this.note(path, 'a whole number as text', value);
    return read;
  }

  /** Refuses fields that the format does not have where each one counts. */
  onlyFields(at: Place, names: readonly string[]): void {
    for (const name of Object.keys(at.fields)) {
      if (!names.includes(name)) this.note(`${at.path}.${name}`, 'no such field', at.fields[name]);
    }
  }

  /** Notes every field that is named as an amount and was never read: cents that nothing explains. */
  noteUnexplained(value: unknown, path = ''): void {
    if (Array.isArray(value)) {
      value.forEach((item: unknown, index) => {
        this.noteUnexplained(item, `${path}[${String(index)}]`);
      });
      return;
    }
    if (!isFields(value)) return;
    for (const [name, field] of Object.entries(value)) {
      const place = join(path, name);
      if (/minor$/i.test(name) && !this.explained.has(place)) this.note(place, 'no amount without derivation', field);
      else this.noteUnexplained(field, place);
    }
  }

  /** Says that an amount, or a list of amounts, has been explained by somebody who read it himself. */
  explain(path: string): void {
    this.explained.add(path);
  }

  private field(at: Place, name: string): { value: unknown; path: string } {
    const path = join(at.path, name);
    this.explained.add(path);
    return { value: Object.hasOwn(at.fields, name) ? at.fields[name] : undefined, path };
  }
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX - 1)}…` : text;
}
