import { randomUUID } from 'node:crypto';

/** A fresh id of the provider's own, such as `chk_…`. */
export const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll('-', '')}`;
