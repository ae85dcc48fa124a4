/** What a request's cookies say under one name: nothing, one value, or several, of which nobody knows which is ours. */
export type CookieFound = 'none' | 'several' | { readonly value: string };

/** A cookie that holds the session of a page. Scripts cannot read it, and other sites send it along with plain links alone. */
export class PageCookie {
  readonly name: string;
  private readonly attributes: string;

  /**
   * @param name without a prefix; over https it gets the one that keeps other hosts of the same domain from setting it.
   * @param path which requests bring it; `/` for all.
   */
  constructor(name: string, { publicUrl, path }: { readonly publicUrl: string; readonly path: string }) {
    const isSecure = publicUrl.startsWith('https:');
    const prefix = path === '/' ? '__Host-' : '__Secure-';
    this.name = `${isSecure ? prefix : ''}${name}`;
    this.attributes = `Path=${path}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  /** The header that sets it for so many seconds. */
  toSet(value: string, maxAgeSeconds: number): string {
    return `${this.name}=${value}; Max-Age=${String(maxAgeSeconds)}; ${this.attributes}`;
  }

  /** The header that takes it away. */
  toClear(): string {
    return this.toSet('', 0);
  }

  /** What the `Cookie` header of a request says. Another host of the same domain may have set one of the same name: then none is believed. */
  find(header: string | undefined): CookieFound {
    const values = (header ?? '').split(';').flatMap((pair) => {
      const [name = '', ...rest] = pair.split('=');
      return name.trim() === this.name ? [rest.join('=').trim()] : [];
    });
    const [value] = values;
    if (value === undefined || value === '') return values.length > 1 ? 'several' : 'none';
    return values.length > 1 ? 'several' : { value };
  }
}
