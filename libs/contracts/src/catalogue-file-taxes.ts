import { civilDate, isCivilDate, parsePercent } from '@billfleet/domain';
import type { TaxRule } from '@billfleet/domain';
import { z } from 'zod';
import type { CatalogueFault } from './catalogue-file-faults.js';
import { fault } from './catalogue-file-loose.js';
import type { LooseFile } from './catalogue-file-loose.js';
import { choice, fields, listOf, textLike } from './catalogue-file-shapes.js';

const PERCENT_WANTED = 'a percentage in quotes, more than 0 and less than 100, with at most 6 decimal places';

const name = textLike(/^\S(.{0,38}\S)?$/u, 'a text of 1 to 40 characters');
const rule = {
  id: textLike(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, a letter first, at most 40'),
  regions: listOf(
    textLike(/^([A-Z]{2}|\*)$/, "a country code of two capital letters, or '*' for every other country"),
    1,
  ),
  validFrom: z.string({ error: 'a day as YYYY-MM-DD' }).refine(isCivilDate, { error: 'a day as YYYY-MM-DD' }),
};
const rate = {
  percent: z
    .string({ error: PERCENT_WANTED })
    .refine((text) => parsePercent(text) !== undefined, { error: PERCENT_WANTED }),
  name: fields({ en: name, es: name, 'pt-BR': name }),
};

/** The rules of tax of a catalogue file. */
export const taxShapes = listOf(
  z.discriminatedUnion(
    'kind',
    [
      fields({ ...rule, kind: z.literal('none') }),
      fields({ ...rule, ...rate, kind: z.literal('inclusive') }),
      fields({ ...rule, ...rate, kind: z.literal('exclusive') }),
      fields({
        ...rule,
        ...rate,
        kind: z.literal('reverse-charge'),
        otherwise: choice(['inclusive', 'exclusive']),
      }),
    ],
    { error: 'one of none, inclusive, exclusive, reverse-charge' },
  ),
  0,
);

/** Finds ids that two rules have, and regions for which two rules would begin on the same day. */
export function checkTaxes(file: LooseFile): readonly CatalogueFault[] {
  const ids = file.taxes.map((tax) => tax?.id);
  const doubles = ids.flatMap((id, index) =>
    id === undefined || ids.indexOf(id) === index
      ? []
      : [fault(['taxes', index, 'id'], id, 'one that no other entry has')],
  );
  const begun = new Set<string>();
  const clashes = file.taxes.flatMap((tax, index) =>
    (tax?.regions ?? []).flatMap((region, nth) => {
      if (typeof region !== 'string' || tax?.validFrom === undefined) return [];
      const beginning = `${region} ${tax.validFrom}`;
      if (begun.has(beginning)) {
        const wanted = `a region for which no other rule begins on ${tax.validFrom}`;
        return [fault(['taxes', index, 'regions', nth], region, wanted)];
      }
      begun.add(beginning);
      return [];
    }),
  );
  return [...doubles, ...clashes];
}

/** The rules as they are applied. */
export function buildTaxes(taxes: z.output<typeof taxShapes>): readonly TaxRule[] {
  return taxes.map((tax) => ({ ...tax, validFrom: civilDate(tax.validFrom) }));
}
