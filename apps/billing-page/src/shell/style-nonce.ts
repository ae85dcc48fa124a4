/** What the gateway lets rules of style be written with, which its content policy refuses otherwise; empty in development. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}
