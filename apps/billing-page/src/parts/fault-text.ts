import { useTranslation } from 'react-i18next';
import { faultsOf } from '../api/problem.js';
import type { Problem } from '../api/problem.js';

/** What is wrong with a field, in the language that is spoken; undefined when nothing is. Fields are named as the gateway names them. */
export function useFaultText(problem: Problem | undefined): (field: string) => string | undefined {
  const { t, i18n } = useTranslation();
  return (field) => {
    const fault = problem === undefined ? undefined : faultsOf(problem).find((one) => one.field === field);
    if (fault === undefined) return undefined;
    const keys = [`faults.${field.split('.').at(-1) ?? ''}`, `problems.${fault.code}`];
    const key = fault.code.startsWith('field_') ? keys.find((one) => i18n.exists(one)) : keys[1];
    return key !== undefined && i18n.exists(key) ? t(key as 'problems.other') : t('faults.any');
  };
}
