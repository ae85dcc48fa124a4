import { z } from 'zod';
import { pathName, show, valueAt } from './catalogue-file-faults.js';
import { allocateCase, localDayCase, periodsCase } from './case-file-plain.js';
import { prorateCase } from './case-file-prorate.js';
import { quoteCase } from './case-file-quote.js';

/** A case of a case file, ready to be run: texts are read, amounts are minor units. */
export type VerifyCase = z.output<typeof anyCase>;

/** One thing that is wrong in a case file: where, what stands there, and what may stand there. */
export type CaseFault = {
  readonly name: string;
  readonly found: string;
  readonly wanted: string;
  /** The case that cannot be read, by its id where it has one; nothing when the fault is in the file around the cases. */
  readonly caseId?: string;
};

/** The cases of a file that can be read, and everything that is wrong with the others. */
export type CaseFile = { readonly cases: readonly VerifyCase[]; readonly faults: readonly CaseFault[] };

/** Longest file that is looked at. */
const MAX_CHARACTERS = 64_000_000;
const MAX_CASES = 100_000;

const anyCase = z.discriminatedUnion('kind', [prorateCase, periodsCase, allocateCase, quoteCase, localDayCase], {
  error: 'a case whose kind is one of prorate, periods, allocate, quote, localDay',
});

const fileShape = z.looseObject(
  { cases: z.array(z.unknown(), { error: 'a list of cases' }).min(1).max(MAX_CASES) },
  { error: 'an object with the field cases' },
);

/**
 * Reads a language-neutral case file (docs/reference/case-format.md) from JSON text. Every case is read by itself: faults
 * in one leave the others as they are, and all faults are told at once.
 */
export function parseCaseFile(jsonText: string): CaseFile {
  const read = readJson(jsonText);
  if ('fault' in read) return { cases: [], faults: [read.fault] };
  const file = fileShape.safeParse(read.value);
  if (!file.success) return { cases: [], faults: file.error.issues.map((issue) => faultOf(issue, read.value, [])) };
  const cases: VerifyCase[] = [];
  const faults: CaseFault[] = [];
  const seenIds = new Set<string>();
  for (const [index, raw] of file.data.cases.entries()) {
    const place = ['cases', index];
    const parsed = anyCase.safeParse(raw);
    if (!parsed.success) {
      const caseId = idOf(raw) ?? `cases[${String(index)}]`;
      faults.push(...parsed.error.issues.map((issue) => ({ ...faultOf(issue, raw, place), caseId })));
    } else if (seenIds.has(parsed.data.id)) {
      const { id } = parsed.data;
      faults.push({ name: pathName([...place, 'id']), found: show(id), wanted: 'an id of its own', caseId: id });
    } else {
      seenIds.add(parsed.data.id);
      cases.push(parsed.data);
    }
  }
  return { cases, faults };
}

function readJson(text: string): { readonly value: unknown } | { readonly fault: CaseFault } {
  if (text.length > MAX_CHARACTERS) {
    const found = `${String(text.length)} characters`;
    return { fault: { name: '(file)', found, wanted: `at most ${String(MAX_CHARACTERS)}` } };
  }
  try {
    return { value: JSON.parse(text) };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return { fault: { name: '(file)', found: cause.message, wanted: 'a JSON document' } };
  }
}

function idOf(raw: unknown): string | undefined {
  const id = valueAt(raw, ['id']);
  return typeof id === 'string' ? id : undefined;
}

function faultOf(issue: z.core.$ZodIssue, root: unknown, above: readonly (string | number)[]): CaseFault {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const name = pathName([...above, ...path]);
  if (issue.code === 'unrecognized_keys')
    return { name, found: issue.keys.join(', '), wanted: 'only documented fields' };
  return { name, found: show(valueAt(root, path)), wanted: issue.message };
}
