import { z } from 'zod';
import { exampleFor, pathName, show } from './catalogue-file-faults.js';
import type { CatalogueFault, Path } from './catalogue-file-faults.js';

// What stands between entries has to be checked even while single entries are wrong, so that all faults come at once. So
// this reads the file a second time, through a shape that takes anything and leaves out what it does not understand.
const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);
const mapping = z.record(z.string(), z.unknown()).optional().catch(undefined);
const entries = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.array(z.object(shape).optional().catch(undefined)).catch([]);

/** Reads any file; what has another shape than wanted is left out. */
export const looseFile = z.object({
  seats: z.object({ min: number, max: number }).optional().catch(undefined),
  renewal: z
    .object({
      ...{ cardDays: number, reminderDays: number, chargeDays: number, graceDays: number, dataDays: number },
      dataWarningDays: z.array(number).catch([]),
      mailHours: z.object({ from: number, to: number }).optional().catch(undefined),
      dunning: z
        .object({ chargeHours: z.array(number).catch([]) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  usage: z
    .object({ thresholdsPercent: z.array(number).catch([]), creditLimit: text })
    .optional()
    .catch(undefined),
  periods: entries({ months: number, payMonths: number, percentOff: text }),
  limits: entries({ name: text, resets: text }),
  plans: entries({ id: text, sold: text, limits: mapping }),
  trial: z.object({ limits: mapping }).optional().catch(undefined),
  priceLists: entries({
    id: text,
    region: text,
    currency: text,
    validFrom: text,
    monthlyPriceBySeat: mapping,
    // Left out is the same as empty; null stands for what is no mapping.
    monthlyPriceByAddOn: z.record(z.string(), z.unknown()).default({}).nullable().catch(null),
    workspaceId: text,
    contract: z
      .object({
        workspaceId: text,
        plan: text,
        monthlyPrice: text,
        seatsMin: number,
        periodMonths: z.array(z.unknown()).optional().catch(undefined),
        limits: mapping,
      })
      .optional()
      .catch(undefined),
  }),
  sellers: entries({
    ...{ id: text, region: text, currency: text, numberPrefix: text },
    taxId: z.object({ kind: text, value: text }).optional().catch(undefined),
  }),
  installments: entries({ country: text, min: text }),
  taxes: entries({ id: text, regions: z.array(z.unknown()).catch([]), validFrom: text }),
  addOns: entries({ id: text, limit: text, termMonths: z.array(z.unknown()).catch([]), packagesMax: number }),
});

/** A catalogue file as far as it can be understood. */
export type LooseFile = z.output<typeof looseFile>;

/** One entry of `priceLists`, as far as it can be understood. */
export type LooseList = LooseFile['priceLists'][number];

/** The workspace that a list is private to, in small letters as the database writes it. */
export function ownerOf(list: LooseList): string | undefined {
  return (list?.contract?.workspaceId ?? list?.workspaceId)?.toLowerCase();
}

/** Whether a list is for one workspace only, even if its file fails to say for which. */
export function isPrivate(list: LooseList): boolean {
  return list?.workspaceId !== undefined || list?.contract !== undefined;
}

/** Tells of what stands at a place. */
export function fault(path: Path, found: unknown, wanted: string): CatalogueFault {
  return { name: pathName(path), found: show(found), wanted, example: exampleFor(path) };
}
