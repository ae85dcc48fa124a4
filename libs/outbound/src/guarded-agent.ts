import { lookup as resolveName } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPublicAddress, refuseUrl } from './address-guard.js';

const SOCKETS_MAX = 32;

/** The part of `dns.lookup` that is used here. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Where may be called: with `allowPrivate` (development only) plain http, any port and private addresses as well. */
export type GuardOptions = { readonly allowPrivate: boolean; readonly resolve?: Resolve | undefined };

/**
 * Connections to one address of the host product. Unless `allowPrivate`, only https on port 443 to an address on the public internet is
 * called: the name is resolved once per connection, all its addresses are checked, and the connection goes to those.
 * @throws Error at once when the URL cannot be used: a fault of the configuration. `what` names it there.
 */
export function guardedAgent(
  what: string,
  url: URL,
  { allowPrivate, resolve }: GuardOptions,
): http.Agent | https.Agent {
  const refusal = refuseUrl(url, allowPrivate);
  if (refusal !== undefined) throw new Error(`${what} cannot be used: ${refusal}`);
  const lookup = allowPrivate ? undefined : guardedLookup(resolve ?? resolveName);
  const agentOptions = { keepAlive: true, maxSockets: SOCKETS_MAX, ...(lookup === undefined ? {} : { lookup }) };
  return url.protocol === 'https:' ? new https.Agent(agentOptions) : new http.Agent(agentOptions);
}

/** Resolves like `dns.lookup`, but fails when any of the addresses is not public, so that no rebinding can slip one in. */
function guardedLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        callback(new Error('the name leads to an address that is not on the public internet'), '');
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
