import { BlockList, isIP } from 'node:net';

type Range = readonly [network: string, prefixLength: number];

/** IPv4 ranges that are no host on the public internet (IANA special-purpose registry), and known metadata services. */
const REFUSED_IPV4: readonly Range[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Parts of the global unicast block that tunnel to IPv4, or that are set apart for protocols and documentation. */
const REFUSED_IPV6: readonly Range[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

function blockList(ranges: readonly Range[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, prefixLength] of ranges) list.addSubnet(network, prefixLength, family);
  return list;
}

const refusedIpv4 = blockList(REFUSED_IPV4, 'ipv4');
const refusedIpv6 = blockList(REFUSED_IPV6, 'ipv6');
const globalUnicastIpv6 = blockList([['2000::', 3]], 'ipv6');

/**
 * True when an IP address, as resolved, is a host on the public internet. Anything else is refused: loopback, private,
 * shared (CGNAT), link-local and cloud metadata, multicast, documentation. Of IPv6 only global unicast passes, so mapped
 * (`::ffff:127.0.0.1`), compatible, NAT64, unique local and scoped addresses fail in every spelling, 6to4 and Teredo by name.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refusedIpv4.check(address, 'ipv4');
    case 6:
      // A scope id (%eth0) only makes sense on the local link, and the range check cannot read it.
      if (address.includes('%')) return false;
      return globalUnicastIpv6.check(address, 'ipv6') && !refusedIpv6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** The address inside a URL's host when that is an IP literal (WHATWG URLs normalise all numeric spellings), else nothing. */
export function literalAddress(url: URL): string | undefined {
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  return isIP(host) === 0 ? undefined : host;
}

/**
 * Why a URL may not be called from here, or nothing when it may. Names are not resolved by this function: the address
 * behind a name is checked when the connection is made.
 */
export function refuseUrl(url: URL, allowPrivate: boolean): string | undefined {
  if (url.username !== '' || url.password !== '') return 'the URL holds credentials';
  if (allowPrivate)
    return url.protocol === 'https:' || url.protocol === 'http:' ? undefined : 'the URL is not http or https';
  if (url.protocol !== 'https:') return 'the URL is not https';
  // The default port is an empty string in a parsed URL.
  if (url.port !== '') return 'the URL does not use port 443';
  const literal = literalAddress(url);
  if (literal !== undefined && !isPublicAddress(literal)) return 'the address is not on the public internet';
  return undefined;
}
