import { crc32, deflateSync } from 'node:zlib';
import qrcode from 'qrcode';

/** A picture that travels inside a mail; HTML shows it by `cid:` and its id. */
export type MailPicture = { readonly cid: string; readonly fileName: string; readonly png: Buffer };

/** Light modules around a code, as the norm wants them; readers need them on a dark page too. */
const QUIET_MODULES = 4;
const WIDTH_PX_MIN = 280;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Draws a text as a QR code, black on white, at least 280 pixels wide with whole pixels for each module. The same text always gives the same
 * bytes. The package that lays the code out only writes pictures as streams; one bit for each pixel needs no more than this.
 */
export function qrPicture(text: string): { readonly png: Buffer; readonly widthPx: number } {
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' });
  const side = modules.size + 2 * QUIET_MODULES;
  const scale = Math.ceil(WIDTH_PX_MIN / side);
  const widthPx = side * scale;
  const isDark = (x: number, y: number): boolean => {
    const [column, row] = [Math.floor(x / scale) - QUIET_MODULES, Math.floor(y / scale) - QUIET_MODULES];
    return row >= 0 && column >= 0 && row < modules.size && column < modules.size && modules.get(row, column) === 1;
  };
  const rowBytes = 1 + Math.ceil(widthPx / 8);
  const pixels = Buffer.alloc(rowBytes * widthPx);
  for (let y = 0; y < widthPx; y += 1)
    for (let x = 0; x < widthPx; x += 1)
      if (!isDark(x, y)) {
        const at = y * rowBytes + 1 + (x >> 3);
        pixels.writeUInt8(pixels.readUInt8(at) | (0x80 >> (x & 7)), at);
      }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(widthPx, 4);
  // One bit of grey for each pixel, not interlaced.
  header.writeUInt8(1, 8);
  return {
    png: Buffer.concat([
      SIGNATURE,
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(pixels)),
      chunk('IEND', Buffer.alloc(0)),
    ]),
    widthPx,
  };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
