/** Moves the focus to the first field that has a fault, in the order of the page. */
export function focusFirstFault(): void {
  document.querySelector<HTMLElement>('form [aria-invalid="true"], form [data-invalid="true"]')?.focus();
}
