import { bookPlants } from './audit-plants-books.js';
import { closingPlants } from './audit-plants-closings.js';
import { documentPlants } from './audit-plants-documents.js';
import { eventPlants } from './audit-plants-events.js';
import { reconciliationPlants } from './audit-plants-reconciliation.js';
import { refundPlants } from './audit-plants-refunds.js';
import { termPlants } from './audit-plants-term.js';
import { timePlants } from './audit-plants-time.js';
import { usagePlants } from './audit-plants-usage.js';
import { writeOffPlants } from './audit-plants-write-offs.js';

/** The corruptions of areas that have a file of their own. */
export const areaPlants = {
  ...{ ...bookPlants, ...refundPlants, ...eventPlants, ...closingPlants, ...documentPlants },
  ...{ ...reconciliationPlants, ...usagePlants, ...termPlants, ...timePlants, ...writeOffPlants },
};
